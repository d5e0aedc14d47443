import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that knows nothing but lists, in pages made beforehand, so that what is measured is the client. */
export interface PageServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): void;
}

const PAGE = 500;

/** Serves collections by path; watches stay open and silent. */
export async function servePages(collections: Readonly<Record<string, readonly object[]>>): Promise<PageServer> {
  const pages = new Map(Object.entries(collections).map(([path, objects]) => [path, pagesOf(objects)]));
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    response.setHeader("content-type", "application/json");
    if (searchParams.has("watch")) response.flushHeaders();
    else response.end(pages.get(pathname)?.[Number(searchParams.get("continue") ?? 0)]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function pagesOf(objects: readonly object[]): readonly Buffer[] {
  const count = Math.ceil(objects.length / PAGE);
  return Array.from({ length: count }, (_, page) => {
    const next = page + 1 < count ? { continue: String(page + 1) } : {};
    const items = objects.slice(page * PAGE, (page + 1) * PAGE);
    return Buffer.from(JSON.stringify({ metadata: { resourceVersion: "1", ...next }, items }));
  });
}

/** A Service as a real API server stores it, with what tools leave on it: about 2.5 kB. */
export function storedService(n: number): object {
  const spec = { type: "LoadBalancer", clusterIP: "10.0.0.1", selector: { app: `web-${n}` } };
  const port = { name: "http", protocol: "TCP", port: 80, targetPort: 8080, nodePort: 30_000 };
  return {
    metadata: {
      ...metadataOf(`web-${n}`, n),
      namespace: `team-${n % 100}`,
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ ...spec, padding: "x".repeat(600) }),
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
      },
    },
    spec: { ...spec, ports: [port], sessionAffinity: "None", ipFamilies: ["IPv4"], externalTrafficPolicy: "Cluster" },
    status: { loadBalancer: { ingress: [{ ip: `10.240.${n >> 8}.${n & 255}` }] } },
  };
}

/** A Node with the images that it has pulled: about 11 kB. */
export function storedNode(n: number): object {
  const image = { names: [`registry.example/${"i".repeat(90)}`, `registry.example/${"j".repeat(40)}`], sizeBytes: 1e8 };
  return {
    metadata: { ...metadataOf(`node-${n}`, n), labels: { "kubernetes.io/hostname": `node-${n}` } },
    spec: {
      providerID: `azure:///subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm-${n}`,
    },
    status: {
      addresses: [{ type: "InternalIP", address: `10.241.${n >> 8}.${n & 255}` }],
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is ready" }],
      images: Array.from({ length: 50 }, () => image),
    },
  };
}

function metadataOf(name: string, n: number): object {
  const managed = { manager: "kubectl", operation: "Update", fieldsV1: { "f:spec": { "f:ports": "y".repeat(400) } } };
  const uid = `${n.toString(16).padStart(8, "0")}-7d52-4f0a-9c6e-2b8d1f3a5e70`;
  return {
    name,
    uid,
    resourceVersion: "1",
    creationTimestamp: "2026-01-01T00:00:00Z",
    managedFields: [managed, managed],
  };
}
