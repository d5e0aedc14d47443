import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type { Exchange, Interceptor, JsonObject } from "../../src/simulator/index.ts";
import { ClusterRig, type ClusterRigOptions, withCluster } from "../fixtures/cluster-rig.ts";

/** What somebody else owns in the resource group: it must come out of every history as it went in. */
const FOREIGN_RULE = {
  name: "ops-ssh",
  priority: 200,
  access: "Allow",
  protocol: "Tcp",
  source: "192.0.2.0/24",
  ports: "22",
} as const;

const SEED = { vmss: { name: "nodes", nodes: [{}, {}] }, securityGroup: { rules: [FOREIGN_RULE] } };

const SETUPS: readonly { readonly name: string; readonly options: ClusterRigOptions }[] = [
  { name: "external, IP-based pool", options: { seed: SEED } },
  {
    name: "external, NIC-based pool",
    options: { seed: SEED, azureJson: { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" } },
  },
];

const SERVICE = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", uid: "4c3a9b1e-7d52-4f0a-9c6e-2b8d1f3a5e70" },
  spec: {
    type: "LoadBalancer",
    ports: [{ name: "http", port: 80 }],
    loadBalancerSourceRanges: ["198.51.100.0/24"],
  },
} as const;

/** One moment in the life of one write: before it is sent, when its effect is in, when its answer has arrived. */
interface Point {
  readonly number: number;
  readonly what: string;
}

/** Lets a history run and notes every point of it; at point `dieAt` the controllers are killed. */
class Reaper {
  readonly points: Point[] = [];
  readonly #rig: ClusterRig;
  readonly #dieAt: number | undefined;
  dead = false;

  constructor(rig: ClusterRig, dieAt?: number) {
    this.#rig = rig;
    this.#dieAt = dieAt;
    rig.arm.intercept(this.#intercept);
    rig.kubernetes.intercept(this.#intercept);
  }

  readonly #intercept: Interceptor = ({ stage, request }: Exchange) => {
    if (request.method === "GET" || this.dead || this.#dieAt === 0) return undefined;
    this.points.push({ number: this.points.length + 1, what: `${stage} ${request.method} ${request.url.pathname}` });
    if (this.points.length !== this.#dieAt) return undefined;
    this.dead = true;
    this.#rig.kill();
    return stage === "answered" ? undefined : "reset";
  };
}

async function created(rig: ClusterRig): Promise<void> {
  rig.kubernetes.create(SERVICE);
  await rig.eventually(() => rig.addressesOf("web").length > 0);
}

/** Everything in ARM but etags and guids, which tell how often something was written. */
function stateOf(rig: ClusterRig): unknown {
  const types = ["loadBalancers", "publicIPAddresses", "networkSecurityGroups", "networkInterfaces"];
  const network = types.flatMap((type) => rig.arm.resources.list(`Microsoft.Network/${type}`));
  const compute = rig.arm.resources.list("Microsoft.Compute/virtualMachineScaleSets/virtualMachines");
  return JSON.parse(JSON.stringify([...network, ...compute], withoutVersions)) as unknown;
}

function withoutVersions(key: string, value: unknown): unknown {
  return ["etag", "resourceGuid"].includes(key) ? undefined : value;
}

function foreignRule(rig: ClusterRig): JsonObject | undefined {
  const [group] = rig.arm.resources.list("Microsoft.Network/networkSecurityGroups");
  const properties = group?.["properties"] as unknown as { securityRules: readonly JsonObject[] } | undefined;
  return properties?.securityRules.find(({ name }) => name === FOREIGN_RULE.name);
}

/** A history from start to a state that no crash may spoil. */
interface History {
  readonly name: string;
  /** Brings a rig with running controllers to where the history begins. */
  readonly before: (rig: ClusterRig) => Promise<void>;
  readonly act: (rig: ClusterRig) => void;
  readonly isOver: (rig: ClusterRig) => boolean;
}

const HISTORIES: readonly History[] = [
  {
    name: "create",
    before: () => Promise.resolve(),
    act: (rig) => void rig.kubernetes.create(SERVICE),
    isOver: (rig) => rig.addressesOf("web").length > 0,
  },
  {
    name: "delete",
    before: created,
    act: (rig) => void rig.kubernetes.delete("Service", "default", "web"),
    isOver: (rig) => rig.kubernetes.get("Service", "default", "web") === undefined,
  },
];

/** The points of a fault-free run, and the state it ends in. */
async function faultFree(options: ClusterRigOptions, history: History) {
  const rig = await ClusterRig.open(options);
  try {
    await rig.start();
    await history.before(rig);
    const foreign = foreignRule(rig);
    const reaper = new Reaper(rig);
    history.act(rig);
    await rig.eventually(() => history.isOver(rig));
    await rig.stop();
    return { points: reaper.points, state: stateOf(rig), foreign };
  } finally {
    await rig.close();
  }
}

for (const { name: setup, options } of SETUPS) {
  for (const history of HISTORIES) {
    describe(`a process killed during ${history.name} (${setup})`, async () => {
      const { points, state, foreign } = await faultFree(options, history);
      it("has points to die at", () => assert.ok(points.length >= 12, JSON.stringify(points)));
      for (const { number, what } of points) {
        it(`converges after its death at point ${number}: ${what}`, () =>
          withCluster(options, async (rig) => {
            await rig.start();
            await history.before(rig);
            const reaper = new Reaper(rig, number);
            history.act(rig);
            await rig.eventually(() => reaper.dead || history.isOver(rig));
            rig.kill();
            await rig.start();
            await rig.eventually(
              () => history.isOver(rig),
              () => stateOf(rig),
            );
            await rig.stop();
            assert.deepEqual(stateOf(rig), state);
            assert.deepEqual(withoutEtag(foreignRule(rig)), withoutEtag(foreign));
          }));
      }
    });
  }
}

function withoutEtag(rule: JsonObject | undefined): unknown {
  return JSON.parse(JSON.stringify(rule, withoutVersions));
}
