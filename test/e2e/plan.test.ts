import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlanDocument } from "../../src/cli/plan/document.ts";
import type { SimulateFacts } from "../../src/cli/simulate/facts.ts";
import {
  type JournalEntry,
  type KubernetesObject,
  type KubernetesSimulator,
  startKubernetesSimulator,
} from "../../src/simulator/index.ts";
import { type Ended, Spawned } from "../fixtures/spawned.ts";

const CLUSTER = `
resourceGroup: shop
vmss: { nodes: [{}, {}, {}] }
`;
const WEB = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] },
};
const API = { ...WEB, metadata: { name: "api", namespace: "shop" } };

let folder: string;
let simulator: Spawned;
let facts: SimulateFacts;
let kubernetes: KubernetesSimulator;
let args: readonly string[];
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "azure-ccm-plan-"));
  simulator = new Spawned(["simulate", "--json", "--cluster", await file("cluster.yaml", CLUSTER)]);
  facts = await simulator.until(({ out }) => (out.includes("\n") ? (JSON.parse(out) as SimulateFacts) : undefined));
  kubernetes = await startKubernetesSimulator({});
  for (const { name, providerId, internalIP } of facts.cluster?.nodes ?? []) {
    kubernetes.create(nodeObject(name, providerId, internalIP));
  }
  const kubeconfig = await file("kubeconfig", kubernetes.kubeconfig());
  args = ["--cloud-config", await file("azure.json", JSON.stringify(azureJson())), "--kubeconfig", kubeconfig];
  env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: facts.endpoint };
}, 60_000);

afterAll(async () => {
  await Promise.all([simulator.stop("SIGKILL"), kubernetes.close()]);
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

function nodeObject(name: string, providerID: string, address: string): KubernetesObject {
  const status = { addresses: [{ type: "InternalIP", address }], conditions: [{ type: "Ready", status: "True" }] };
  return { apiVersion: "v1", kind: "Node", metadata: { name }, spec: { providerID }, status };
}

function azureJson(): object {
  const { subscriptionId, tenantId, resourceGroup, location, virtualNetwork, subnet, securityGroup } = facts.cluster!;
  return {
    subscriptionId,
    tenantId,
    resourceGroup,
    location,
    vnetName: virtualNetwork,
    subnetName: subnet,
    securityGroupName: securityGroup,
    resourceManagerEndpoint: facts.endpoint,
    useManagedIdentityExtension: true,
    loadBalancerSku: "standard",
    loadBalancerBackendPoolConfigurationType: "nodeIP",
  };
}

function plan(...more: readonly string[]): Promise<Ended> {
  return new Spawned(["plan", ...more], { env }).ended();
}

async function writes(): Promise<number> {
  const answer = await fetch(`${facts.control}/journal`);
  const text = await answer.text();
  const entries = text
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JournalEntry);
  const all = entries.flat();
  expect(all.length).toBeGreaterThan(0);
  return all.filter(({ method }) => method !== "GET" && method !== "POST").length;
}

describe("azure-ccm plan", () => {
  it("ends with 0 when nothing would change", async () => {
    expect(await plan(...args)).toMatchObject({ code: 0, out: "Nothing would change.\n", err: "" });
  });

  it("ends with 2 when something would, tells what, and writes nothing anywhere", async () => {
    kubernetes.create(WEB);
    const version = kubernetes.get("Service", "default", "web")?.metadata?.["resourceVersion"];
    const { code, out, err } = await plan(...args);
    expect([code, err]).toEqual([2, ""]);
    expect(out).toMatch(/^Service default\/web\n/);
    expect(out).toContain("+ load balancer kubernetes is created");
    expect(out).toContain("ARM resources: 2 to create, 1 to change, 0 to remove. Nothing was written.");
    expect(out).not.toContain("\u001b");
    expect(await writes()).toBe(0);
    expect(kubernetes.get("Service", "default", "web")?.metadata?.["resourceVersion"]).toBe(version);
    expect(kubernetes.list("Event")).toEqual([]);
  });

  it("prints one JSON document and nothing else with --json", async () => {
    const { code, out, err } = await plan(...args, "--json");
    const document = JSON.parse(out) as PlanDocument;
    expect([code, err, document.version, document.summary.creates]).toEqual([2, "", 1, 2]);
    expect(document.resources.map(({ verb, name }) => `${verb} ${name}`)[0]).toBe("create kubernetes");
    expect(document.services).toMatchObject([{ service: "default/web", action: "ensure", error: null }]);
  });

  it("plans for manifests as if they were applied, and for them alone", async () => {
    const { code, out } = await plan(...args, "-f", await file("api.json", JSON.stringify(API)), "--json");
    const document = JSON.parse(out) as PlanDocument;
    expect([code, document.services.map(({ service }) => service)]).toEqual([2, ["shop/api"]]);
    expect(out).toContain("a<uid of api in shop>");
    expect(out).toContain("(known after apply: node port of 80 of shop/api)");
  });

  it("plans for a namespace", async () => {
    expect(await plan(...args, "--namespace", "nowhere")).toMatchObject({ code: 0, out: "Nothing would change.\n" });
  });

  it("needs no cluster when manifests bring the nodes along", async () => {
    const nodes = (facts.cluster?.nodes ?? []).map((each) => nodeObject(each.name, each.providerId, each.internalIP));
    const list = { apiVersion: "v1", kind: "List", items: [...nodes, API] };
    const [, config = ""] = args;
    const { code, out } = await plan("--cloud-config", config, "-f", await file("all.json", JSON.stringify(list)));
    expect(code).toBe(2);
    expect(out).toContain("loadBalancerBackendAddresses[");
  });

  const mistakes: readonly { name: string; args: () => Promise<readonly string[]>; says: RegExp }[] = [
    {
      name: "a Service that asks for something impossible",
      args: async () => {
        const annotations = { "service.beta.kubernetes.io/azure-load-balancer-ipv4": "10.0.0.1" };
        const bad = { ...API, metadata: { ...API.metadata, annotations } };
        return [...args, "-f", await file("bad.json", JSON.stringify(bad))];
      },
      says: /error: .*azure-load-balancer-ipv4.*10\.0\.0\.1/,
    },
    {
      name: "a manifest that is no YAML",
      args: async () => [...args, "-f", await file("broken.yaml", "a: [1")],
      says: /azure-ccm: .*broken\.yaml:\d+: broken YAML/,
    },
    {
      name: "a manifest that is not there",
      args: () => Promise.resolve([...args, "-f", "nowhere.yaml"]),
      says: /azure-ccm: nowhere\.yaml: no such file or directory/,
    },
    {
      name: "an azure.json that is not there",
      args: () => Promise.resolve([...args.slice(2), "--cloud-config", "nowhere.json"]),
      says: /azure-ccm: .*nowhere\.json/,
    },
    {
      name: "no azure.json at all",
      args: () => Promise.resolve([]),
      says: /required option '--cloud-config <file>' not specified/,
    },
    {
      name: "an API server that cannot be reached",
      args: async () => {
        const dead = (await startKubernetesSimulator({})) as KubernetesSimulator;
        const kubeconfig = await file("dead", dead.kubeconfig());
        await dead.close();
        return [...args.slice(0, 2), "--kubeconfig", kubeconfig];
      },
      says: /azure-ccm: .*(ECONNREFUSED|127\.0\.0\.1)/,
    },
  ];
  for (const { name, args: wrong, says } of mistakes) {
    it(`ends with 1 and a sentence for ${name}`, async () => {
      const { code, out, err } = await plan(...(await wrong()));
      expect(code).toBe(1);
      expect(`${out}${err}`).toMatch(says);
    }, 40_000);
  }
});
