import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type KubernetesSimulator, startKubernetesSimulator } from "../../src/simulator/kubernetes/index.ts";

/** The machine's own kubectl; another one can be named for a try. */
const KUBECTL = process.env["KUBECTL"] ?? "/usr/bin/kubectl";

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let simulator: KubernetesSimulator;
let folder: string;

beforeAll(async () => {
  const { code, err } = await run(["version", "--client"], {}).catch((error: unknown) => ({
    code: 1,
    err: String(error),
  }));
  if (code !== 0) throw new Error(`these tests drive the real kubectl, and ${KUBECTL} does not run: ${err}`);
  folder = await mkdtemp(join(tmpdir(), "kubectl-api-"));
});

afterAll(() => (folder === undefined ? undefined : rm(folder, { recursive: true, force: true })));

beforeEach(async () => {
  simulator = await startKubernetesSimulator({ tls: true });
  await writeFile(join(folder, "kubeconfig"), simulator.kubeconfig());
});

afterEach(() => simulator.close());

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(KUBECTL, args, { env: { ...process.env, ...env }, timeout: 60_000 }, (error, out, err) => {
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** kubectl against the simulator. Its discovery cache lies in the test's folder. */
function kubectl(args: string, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const ours = { KUBECONFIG: join(folder, "kubeconfig"), KUBECACHEDIR: join(folder, "cache") };
  return run(args.split(" "), { ...ours, ...env });
}

async function succeeds(args: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, out, err } = await kubectl(args, env);
  expect(code, err).toBe(0);
  return out;
}

async function manifest(text: string): Promise<string> {
  const path = join(folder, "manifest.yaml");
  await writeFile(path, text);
  return path;
}

const web = (port: number, extra = ""): string => `
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{name: http, port: ${port}, targetPort: 8080}]
${extra}`;

const setAddress = (ip: string) =>
  simulator.patchStatus(
    { kind: "Service", namespace: "default", name: "web" },
    { status: { loadBalancer: { ingress: [{ ip }] } } },
  );

const specOf = (name: string) => simulator.get("Service", "default", name)?.["spec"];

/** The table that kubectl printed, without the columns that time changes. */
const table = (out: string): readonly (readonly string[])[] =>
  out
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));

describe("kubectl get", () => {
  it("prints Services as for a real cluster", async () => {
    await succeeds(`create -f ${await manifest(web(80))}`);
    const [header, , row] = table(await succeeds("get services"));
    expect(header).toEqual(["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"]);
    expect(row?.slice(0, 5)).toEqual(["web", "LoadBalancer", "10.0.0.2", "<pending>", "80:30000/TCP"]);
    expect(row?.[5]).toMatch(/^\d+s$/);
    setAddress("20.0.0.1");
    expect(table(await succeeds("get svc web -o wide"))[1]).toEqual(expect.arrayContaining(["20.0.0.1", "app=web"]));
  });

  it("prints nodes, namespaces, leases, slices and events", async () => {
    simulator.create({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n1" },
      status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1.33.0" } },
    });
    simulator.create({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "l" },
      spec: { holderIdentity: "me" },
    });
    simulator.create({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "s" },
      addressType: "IPv4",
    });
    simulator.create({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "e" },
      involvedObject: { kind: "Service", namespace: "default", name: "web" },
      type: "Normal",
      reason: "Tried",
      message: "said",
      lastTimestamp: new Date().toISOString(),
    });
    expect(table(await succeeds("get nodes"))[1]?.slice(0, 3)).toEqual(["n1", "Ready", "<none>"]);
    expect(table(await succeeds("get ns default"))[1]?.slice(0, 2)).toEqual(["default", "Active"]);
    expect(table(await succeeds("get leases"))[1]?.slice(0, 2)).toEqual(["l", "me"]);
    expect(table(await succeeds("get endpointslices"))[1]?.slice(0, 4)).toEqual(["s", "IPv4", "<unset>", "<unset>"]);
    expect(table(await succeeds("get events"))[1]?.slice(1)).toEqual(["Normal", "Tried", "service/web", "said"]);
    expect(await succeeds("get svc,no -A")).toContain("node/n1");
  });

  it("follows changes with -w", async () => {
    await succeeds(`create -f ${await manifest(web(80))}`);
    const env = { ...process.env, KUBECONFIG: join(folder, "kubeconfig"), KUBECACHEDIR: join(folder, "cache") };
    const child = spawn(KUBECTL, ["get", "svc", "web", "-w"], { env });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const prints = (text: string) => expect.poll(() => printed, { timeout: 20_000 }).toContain(text);
    try {
      await prints("<pending>");
      setAddress("20.0.0.1");
      await prints("20.0.0.1");
      simulator.patch({ kind: "Service", namespace: "default", name: "web" }, { spec: { type: "ClusterIP" } });
      await prints("ClusterIP");
    } finally {
      child.kill();
      await once(child, "close");
    }
    expect(printed.match(/^NAME /gm)).toHaveLength(1);
  });
});

describe("kubectl apply", () => {
  it("creates, then changes nothing, then changes what the manifest changed", async () => {
    expect(await succeeds(`apply -f ${await manifest(web(80))}`)).toBe("service/web created\n");
    setAddress("20.0.0.1");
    expect(await succeeds(`apply -f ${await manifest(web(80))}`)).toBe("service/web unchanged\n");
    expect(await succeeds(`apply -f ${await manifest(web(81, "  externalTrafficPolicy: Local"))}`)).toBe(
      "service/web configured\n",
    );
    expect(specOf("web")).toMatchObject({
      clusterIP: "10.0.0.2",
      externalTrafficPolicy: "Local",
      healthCheckNodePort: 30001,
      ports: [{ name: "http", port: 81, targetPort: 8080, nodePort: 30000, protocol: "TCP" }],
    });
    expect(await succeeds("get svc web")).toContain("20.0.0.1");
  });

  it("takes a list, and a namespace with what belongs in it", async () => {
    const path = await manifest(`
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: team}}
- {apiVersion: v1, kind: Service, metadata: {name: a, namespace: team}, spec: {ports: [{port: 80}]}}
`);
    expect(await succeeds(`apply -f ${path}`)).toBe("namespace/team created\nservice/a created\n");
    expect(await succeeds("delete ns team --timeout=20s")).toContain('namespace "team" deleted');
    expect(simulator.list("Service", "team")).toEqual([]);
  });

  const wrong: readonly { name: string; text: string; says: string }[] = [
    {
      name: "an unknown field",
      text: web(80, "  typo: 1"),
      says: 'Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.typo"',
    },
    {
      name: "a port out of range",
      text: web(70000),
      says: 'The Service "web" is invalid: spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
    },
    {
      name: "text for a number",
      text: web(80).replace("port: 80", "port: http"),
      says: "cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32",
    },
    {
      name: "an unknown kind",
      text: web(80).replace("kind: Service", "kind: Servise"),
      says: 'no matches for kind "Servise" in version "v1"',
    },
    {
      name: "a namespace that is not there",
      text: web(80).replace("name: web", "name: web, namespace: nope"),
      says: 'namespaces "nope" not found',
    },
  ];
  for (const { name, text, says } of wrong) {
    it(`refuses ${name}`, async () => {
      const { code, err } = await kubectl(`apply -f ${await manifest(text)}`);
      expect(code).toBe(1);
      expect(err).toContain(says);
      expect(specOf("web")).toBeUndefined();
    });
  }

  it("refuses an unknown field in a change too", async () => {
    await succeeds(`apply -f ${await manifest(web(80))}`);
    const { code, err } = await kubectl(`apply -f ${await manifest(web(80, "  typo: 1"))}`);
    expect(code).toBe(1);
    expect(err).toContain('strict decoding error: unknown field "spec.typo"');
  });
});

describe("kubectl", () => {
  it("creates Services and namespaces from words", async () => {
    expect(await succeeds("create service loadbalancer lb --tcp=80:8080")).toBe("service/lb created\n");
    expect(specOf("lb")).toMatchObject({
      type: "LoadBalancer",
      ports: [{ name: "80-8080", port: 80, targetPort: 8080 }],
    });
    expect(await succeeds("create namespace team")).toBe("namespace/team created\n");
    expect(await succeeds("expose service lb --port=9000 --name=more")).toBe("service/more exposed\n");
  });

  it("edits", async () => {
    await succeeds(`apply -f ${await manifest(web(80))}`);
    expect(await succeeds("edit service web", { KUBE_EDITOR: "sed -i s/8080/9090/" })).toBe("service/web edited\n");
    expect(specOf("web")).toMatchObject({ ports: [{ targetPort: 9090, nodePort: 30000 }] });
  });

  it("annotates, labels and patches", async () => {
    await succeeds(`create -f ${await manifest(web(80))}`);
    await succeeds("annotate service web service.beta.kubernetes.io/azure-load-balancer-internal=true");
    await succeeds("label service web tier=front");
    await succeeds("label service web tier-");
    await succeeds("annotate service web a=b");
    await succeeds("annotate service web a-");
    const annotations = { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" };
    expect(simulator.get("Service", "default", "web")?.metadata.annotations).toEqual(annotations);
    expect(simulator.get("Service", "default", "web")?.metadata.labels).toBeUndefined();
    await succeeds('patch service web -p {"spec":{"type":"ClusterIP"}}');
    await succeeds('patch service web --type=json -p [{"op":"replace","path":"/spec/ports/0/port","value":81}]');
    expect(specOf("web")).toMatchObject({ type: "ClusterIP", ports: [{ port: 81 }] });
  });

  it("describes a Service with its events, and a node", async () => {
    await succeeds(`create -f ${await manifest(web(80))}`);
    const uid = simulator.get("Service", "default", "web")?.metadata.uid;
    simulator.create({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "e" },
      involvedObject: { kind: "Service", namespace: "default", name: "web", uid },
      type: "Normal",
      reason: "EnsuringLoadBalancer",
      message: "Ensuring load balancer",
      source: { component: "service-controller" },
    });
    setAddress("20.0.0.1");
    const service = await succeeds("describe service web");
    expect(service).toMatch(/LoadBalancer Ingress: +20\.0\.0\.1/);
    expect(service).toMatch(/Normal +EnsuringLoadBalancer .* service-controller +Ensuring load balancer/);
    simulator.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n1" }, spec: { providerID: "azure:///n1" } });
    expect(await succeeds("describe node n1")).toMatch(/ProviderID: +azure:\/\/\/n1/);
  });

  it("deletes, and waits for finalizers", async () => {
    await succeeds(`create -f ${await manifest(web(80))}`);
    const reference = { kind: "Service", namespace: "default", name: "web" };
    simulator.patch(reference, { metadata: { finalizers: ["service.kubernetes.io/load-balancer-cleanup"] } });
    const deleting = succeeds("delete service web --timeout=30s");
    await expect.poll(() => simulator.watchCount(), { timeout: 20_000 }).toBe(1);
    expect(simulator.get("Service", "default", "web")?.metadata.deletionTimestamp).toBeDefined();
    simulator.patchStatus(reference, { metadata: { finalizers: null } });
    expect(await deleting).toContain('service "web" deleted');
    const { code, err } = await kubectl("get service web");
    expect([code, err]).toEqual([1, 'Error from server (NotFound): services "web" not found\n']);
  });

  it("cordons, taints and deletes a node", async () => {
    simulator.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n1" } });
    await succeeds("cordon n1");
    await succeeds("taint node n1 a=b:NoSchedule");
    expect(await succeeds("get node n1")).toContain("SchedulingDisabled");
    expect(await succeeds("delete node n1")).toContain('node "n1" deleted');
  });

  it("is told clearly that server-side apply is not served", async () => {
    const { code, err } = await kubectl(`apply --server-side -f ${await manifest(web(80))}`);
    expect(code).toBe(1);
    expect(err).toContain("Server-side apply not available on the server");
  });
});
