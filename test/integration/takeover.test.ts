import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Service } from "../../src/cloudprovider/index.ts";
import type { SimulatorState } from "../../src/simulator/index.ts";
import { type AzureRig, withRig } from "../fixtures/azure-rig.ts";

interface BuiltByGo {
  readonly services: readonly Service[];
  readonly state: SimulatorState;
}

function builtByGo(name: string): BuiltByGo {
  const path = fileURLToPath(new URL(`../fixtures/built-by-go/${name}.json`, import.meta.url));
  return JSON.parse(readFileSync(path, "utf8")) as BuiltByGo;
}

/** The Go controller's cluster, in the middle of its life: nobody has told this process anything. */
async function inherit(rig: AzureRig, { services, state }: BuiltByGo): Promise<void> {
  rig.arm.load(state);
  for (const service of services) rig.services.set(`default/${service.metadata.name}`, service);
  await rig.restart();
}

/** The address that a Service names, as its user has made it. */
const KEPT = { location: "westeurope", sku: { name: "Standard" }, properties: { publicIPAllocationMethod: "Static" } };

function byAge(a: Service, b: Service): number {
  return (a.metadata.creationTimestamp ?? "").localeCompare(b.metadata.creationTimestamp ?? "");
}

const TYPES = ["loadBalancers", "publicIPAddresses", "networkSecurityGroups"];

/** What traffic and users see of the network, with what ARM assigns by chance left out. */
function documentsOf(rig: AzureRig): unknown {
  return TYPES.flatMap((type) => rig.arm.resources.list(`Microsoft.Network/${type}`)).map(comparable);
}

/** Lists by name; without etags, guids, priorities and the addresses that follow from the order of creation. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(comparable).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  const { privateIPAllocationMethod } = value as { readonly privateIPAllocationMethod?: string };
  const byChance = privateIPAllocationMethod === "Dynamic" ? [...BY_CHANCE, "privateIPAddress"] : BY_CHANCE;
  const kept = Object.entries(value).filter(([name]) => !byChance.includes(name));
  return Object.fromEntries(
    kept.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, comparable(inner)]),
  );
}

const BY_CHANCE: readonly string[] = ["etag", "resourceGuid", "priority"];

describe.each([
  { pools: "ip-pools", type: "nodeIP" },
  { pools: "interface-pools", type: "nodeIPConfiguration" },
])("a cluster that the Go controller has built, $pools", ({ pools, type }) => {
  const built = builtByGo(pools);
  const options = { azureJson: { loadBalancerBackendPoolConfigurationType: type } };

  it("is taken over without a write, every address stays", async () => {
    await withRig(options, async (rig) => {
      await inherit(rig, built);
      const before = rig.writes();
      const addresses = await Promise.all(built.services.map((service) => rig.ensure(service)));
      await rig.idle();
      expect(rig.writes() - before).toBe(0);
      const recorded = built.services.map(({ status }) => status?.loadBalancer?.ingress?.map(({ ip }) => ip));
      expect(addresses).toEqual(recorded);
    });
  });

  it("is cleaned up to the last resource when its Services go, but for the address that a user named", async () => {
    await withRig(options, async (rig) => {
      await inherit(rig, built);
      await Promise.all(built.services.map((service) => rig.delete(service)));
      await rig.idle();
      expect(rig.names("loadBalancers")).toEqual([]);
      expect(rig.names("publicIPAddresses")).toEqual(["kept"]);
      expect(rig.children("networkSecurityGroups", rig.facts.securityGroup, "securityRules")).toEqual([]);
    });
  });

  it("is what we would have built", async () => {
    let theirs: unknown;
    await withRig(options, async (rig) => {
      await inherit(rig, built);
      theirs = documentsOf(rig);
    });
    await withRig(options, async (rig) => {
      rig.arm.put(rig.id("publicIPAddresses", "kept"), KEPT);
      for (const service of built.services.toSorted(byAge)) {
        await rig.ensure({ ...service, status: { loadBalancer: { ingress: [] } } });
      }
      await rig.idle();
      expect(documentsOf(rig)).toEqual(theirs);
    });
  });
});
