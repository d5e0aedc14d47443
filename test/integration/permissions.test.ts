import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { rbacRules } from "../../scripts/docs/permissions.ts";
import { type Occasion, PERMISSIONS } from "../../src/azure/arm/permissions.ts";
import type { SimulatedRequest } from "../../src/simulator/http/exchange.ts";
import type { JournalEntry } from "../../src/simulator/http/journal.ts";
import type { ClusterSeedInput, LatencyProfile } from "../../src/simulator/index.ts";
import { type AzureRig, type RigOptions, withRig } from "../fixtures/azure-rig.ts";
import { withCluster } from "../fixtures/cluster-rig.ts";
import { service } from "../fixtures/service.ts";

const STANDALONE: ClusterSeedInput = { vms: [{ name: "vm-0" }, { name: "vm-1" }, { name: "vm-2" }] };
const UNIFORM: ClusterSeedInput = { vmss: { nodes: [{}, {}, {}] } };
const BY_INTERFACE = { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" };

/** Every write is an operation that has to be followed. */
const OPERATIONS: LatencyProfile = { answerMs: () => 0, operationMs: () => 1000, retryAfterSeconds: () => undefined };

/** The actions that ARM checks for a request: on the resource itself, and on what its body refers to. */
function actionsOf({ method, path, body = "" }: JournalEntry): readonly string[] {
  const verb = method === "GET" ? "read" : method === "DELETE" ? "delete" : "write";
  const own = `${typeOf(path)}/${verb}`;
  if (method !== "PUT" && method !== "PATCH") return [own];
  const linked = idsIn(JSON.parse(body))
    .filter((id) => !id.toLowerCase().startsWith(path.toLowerCase()))
    .map((id) => joinAction(typeOf(id)));
  return [own, ...linked];
}

/** A balancer joins a network with an action of its own; everything else is joined with `join`. */
function joinAction(type: string): string {
  return type === "Microsoft.Network/virtualNetworks" ? `${type}/joinLoadBalancer/action` : `${type}/join/action`;
}

/** `Microsoft.Network/virtualNetworks/subnets` for the path of a subnet, and for that of all subnets of a network. */
function typeOf(path: string): string {
  const [, provider, rest = ""] = /\/providers\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (provider === undefined) return `Microsoft.Resources/subscriptions/${path.split("/").slice(3).join("/")}`;
  const types = rest.split("/").filter((_, index) => index % 2 === 0);
  return [provider, ...types].join("/");
}

/** Every `id` in a body, at any depth. */
function idsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === "id" && typeof child === "string" ? [child] : idsIn(child),
  );
}

/** Everything a Service can go through: both kinds of address, a change of each, and the end; after a restart too. */
async function live(rig: AzureRig): Promise<void> {
  const web = service();
  const internal = service({ annotations: { "azure-load-balancer-internal": "true" } });
  await rig.ensure(web);
  await rig.restart();
  await rig.ensure(service({ ports: ["80/30080", "UDP 53/30053"], loadBalancerSourceRanges: ["10.1.0.0/16"] }));
  await rig.ensure(web, rig.nodes.slice(1));
  await rig.ensure(internal);
  await rig.ensure(web);
  await rig.restart();
  await rig.delete(web);
}

interface Life {
  readonly name: string;
  readonly options: RigOptions;
  /** What the table may say about the actions that it needs. */
  readonly occasions: readonly Occasion[];
}

const LIVES: readonly Life[] = [
  { name: "a scale set, members by address", options: { seed: UNIFORM }, occasions: ["by address"] },
  { name: "standalone machines, members by address", options: { seed: STANDALONE }, occasions: ["by address"] },
  {
    name: "a scale set, members by interface",
    options: { seed: UNIFORM, azureJson: BY_INTERFACE },
    occasions: ["by interface", "scale set"],
  },
  {
    name: "standalone machines, members by interface",
    options: { seed: STANDALONE, azureJson: BY_INTERFACE },
    occasions: ["by interface", "standalone"],
  },
];

async function actionsUsed(options: RigOptions): Promise<readonly string[]> {
  const used = new Set<string>();
  await withRig({ ...options, arm: { latency: OPERATIONS } }, async (rig) => {
    await live(rig);
    for (const entry of rig.arm.journal.entries()) for (const action of actionsOf(entry)) used.add(action);
  });
  return [...used].toSorted();
}

describe("the table of permissions lists every action, and no more, for", () => {
  for (const { name, options, occasions } of LIVES) {
    it(name, async () => {
      const listed = PERMISSIONS.filter(
        ({ when }) => when === "always" || when === "internal" || occasions.includes(when),
      );
      assert.deepEqual(await actionsUsed(options), listed.map(({ action }) => action).toSorted());
    });
  }
});

describe("the table of permissions", () => {
  it("names no action twice", () => {
    const actions = PERMISSIONS.map(({ action }) => action);
    assert.deepEqual(actions, [...new Set(actions)]);
  });
});

/** `patch services/status` for a request to the API server. */
function verbAndResource({ method, url: { pathname, searchParams } }: SimulatedRequest): string {
  const [, resource, name, part] = OBJECT_PATH.exec(pathname) ?? [];
  const read = searchParams.has("watch") ? "watch" : name === undefined ? "list" : "get";
  const verb = { GET: read, POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" }[method];
  return `${verb} ${part === undefined ? resource : `${resource}/${part}`}`;
}

/** Resource, name and subresource below `/api/v1`. */
const OBJECT_PATH = /^\/api\/v1\/(?:namespaces\/[^/]+\/)?(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/;

it("deploy/rbac.yaml allows what the controllers ask the API server for, and little else", () =>
  withCluster({}, async (rig) => {
    const asked = new Set<string>();
    rig.kubernetes.intercept(({ request }) => {
      asked.add(verbAndResource(request));
      return undefined;
    });
    const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
    await rig.start();
    rig.kubernetes.create({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec });
    await rig.eventually(() => rig.addressesOf("web").length > 0);
    rig.kubernetes.delete("Service", "default", "web");
    await rig.eventually(() => rig.kubernetes.get("Service", "default", "web") === undefined);
    const allowed = rbacRules().flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
    assert.deepEqual(
      [...asked].filter((each) => !allowed.includes(each)),
      [],
    );
    // an event that repeats is patched, and people expect get beside list
    const spare = ["get nodes", "get services", "patch events"];
    assert.deepEqual(allowed.filter((each) => !asked.has(each)).toSorted(), spare);
  }));
