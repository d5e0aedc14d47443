import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import type { VirtualClock } from "../../../src/base/virtual-clock.ts";
import {
  type ClusterFacts,
  type JsonObject,
  type OracleName,
  type OracleOptions,
  seedCluster,
} from "../../../src/simulator/index.ts";
import { type BalancerSpec, balancer, standardAddress, startSlowWire, type Wire } from "./wire.ts";

let wire: Wire;
let clock: VirtualClock;
let lb: string;
let nsg: string;
let pip: string;
let facts: ClusterFacts;

const TYPES = [
  "networkSecurityGroups",
  "publicIPAddresses",
  "virtualMachineScaleSets",
  "virtualMachines",
  "virtualNetworks",
];
const OPEN = { name: "web", priority: 500, protocol: "Tcp", source: "Internet", ports: "80" } as const;
const WEB: BalancerSpec = { rules: [{ name: "web", floating: true }] };

beforeEach(async () => {
  const started = await startSlowWire({ behaviour: { unknownProperties: "keep" } });
  wire = started;
  clock = started.clock;
  lb = `${wire.network}/loadBalancers/lb`;
  nsg = `${wire.network}/networkSecurityGroups/kubernetes-nsg`;
  pip = `${wire.network}/publicIPAddresses/p`;
  facts = seedCluster(wire.arm, {
    resourceGroup: "rg",
    securityGroup: { rules: [OPEN] },
    vmss: { name: "nodes", nodes: [{}, {}] },
  });
  wire.arm.put(pip, standardAddress);
});
afterEach(() => wire.arm.close());

const done = (): Promise<void> => clock.advance(10_000);
const addressOf = (id: string): string => JSON.parse(JSON.stringify(wire.arm.resources.get(id))).properties.ipAddress;
const address = (): string => addressOf(pip);

function body(spec: BalancerSpec, extra: JsonObject = {}): JsonObject {
  const made = JSON.parse(JSON.stringify(balancer(lb, { frontends: { fe: pip }, ...spec })));
  made.properties.backendAddressPools = [
    {
      name: "pool",
      properties: {
        virtualNetwork: { id: `${wire.network}/virtualNetworks/${facts.virtualNetwork}` },
        loadBalancerBackendAddresses: facts.nodes.map(({ name, internalIP }) => ({
          name,
          properties: { ipAddress: internalIP },
        })),
      },
    },
  ];
  return { ...made, properties: { ...made.properties, ...extra } };
}

/** The document of a resource, to be changed and written back. */
function copy(id: string): { tags?: Record<string, string>; properties: Record<string, JsonObject[]> } {
  return JSON.parse(JSON.stringify(wire.arm.resources.get(id)));
}

function arm(options: OracleOptions = {}): void {
  wire.arm.oracles.arm(options);
}

/** `oracle: message` of all violations. */
function said(): readonly string[] {
  return wire.arm.oracles.violations.map(({ oracle, message }) => `${oracle}: ${message}`);
}

function assertSays(oracle: OracleName, pattern: RegExp): void {
  const found = said().filter((line) => line.startsWith(`${oracle}: `) && pattern.test(line));
  assert.equal(found.length, 1, `${pattern} in ${JSON.stringify(said())}`);
}

async function silently(work: () => Promise<unknown>): Promise<void> {
  await work();
  await done();
  assert.deepEqual(said(), []);
}

describe("nothing foreign changes", () => {
  it("hears nobody who adds a rule of their own", async () => {
    arm();
    const group = copy(nsg);
    const [rule] = group.properties["securityRules"] ?? [];
    group.properties["securityRules"]?.push({
      ...rule,
      name: "mine",
      properties: { ...(rule?.["properties"] as JsonObject), priority: 501 },
    });
    await silently(() => wire.put(nsg, group as unknown as JsonObject));
    group.properties["securityRules"]?.pop();
    await silently(() => wire.put(nsg, group as unknown as JsonObject));
  });

  it("hears a foreign rule that vanishes, when the write is accepted", async () => {
    arm();
    const group = copy(nsg);
    group.properties["securityRules"] = [];
    await wire.put(nsg, group as unknown as JsonObject);
    assertSays("foreign", /is gone/);
    const [violation] = wire.arm.oracles.violations;
    assert.equal(violation?.resource, `${nsg}/securityRules/web`);
    assert.equal(violation?.moment, "accepted");
    assert.equal(violation?.cause, `PUT ${nsg}`);
    await done();
    assert.equal(said().length, 1, "once is enough");
  });

  it("hears a member of a foreign rule that changes", async () => {
    arm();
    const group = copy(nsg);
    const [rule] = group.properties["securityRules"] ?? [];
    group.properties["securityRules"] = [
      { ...rule, properties: { ...(rule?.["properties"] as JsonObject), sourceAddressPrefix: "*" } },
    ];
    await wire.put(nsg, group as unknown as JsonObject);
    assertSays("foreign", /sourceAddressPrefix "Internet" became "\*"/);
  });

  it("hears tags that come and go on a foreign address", async () => {
    wire.arm.put(pip, { ...standardAddress, tags: { team: "net" } });
    arm();
    await wire.send("PATCH", pip, { body: { tags: { owner: "us" } } });
    assertSays("foreign", /lost tags.team "net"/);
    assertSays("foreign", /got tags.owner "us"/);
  });

  it("hears a foreign resource that is to be deleted, once, even when that fails", async () => {
    arm();
    wire.arm.faults.failOperation({ method: "DELETE", path: pip, status: "Failed", code: "X" });
    await wire.delete(pip);
    assertSays("foreign", /is to be deleted/);
    await done();
    await wire.delete(pip);
    await done();
    assert.equal(wire.arm.resources.get(pip), undefined);
    assert.equal(said().filter((line) => line.includes("is gone")).length, 0);
  });

  it("hears a pool that loses a foreign interface, and not one that gains ours", async () => {
    wire.arm.put(lb, balancer(lb, { frontends: { fe: pip } }));
    const subnet = { id: `${wire.network}/virtualNetworks/${facts.virtualNetwork}/subnets/${facts.subnet}` };
    const nic = `${wire.network}/networkInterfaces/n`;
    const put = (direct: boolean, ...pools: readonly string[]): Promise<unknown> | JsonObject => {
      const properties = {
        subnet,
        ...(pools.length > 0 && {
          loadBalancerBackendAddressPools: pools.map((name) => ({ id: `${lb}/backendAddressPools/${name}` })),
        }),
      };
      const made = { location: "westeurope", properties: { ipConfigurations: [{ name: "c", properties }] } };
      return direct ? wire.arm.put(nic, made) : wire.put(nic, made);
    };
    wire.arm.put(lb, balancer(lb, { frontends: { fe: pip }, pools: ["pool", "two"] }));
    await put(true, "pool");
    arm();
    await put(false, "pool", "two");
    await put(false, "pool");
    assert.deepEqual(said(), []);
    await put(false);
    assertSays("foreign", /is gone/);
  });

  it("takes what is written past the sockets for right, and for foreign from then on", async () => {
    arm();
    wire.arm.put(pip, { ...standardAddress, tags: { team: "net" } });
    assert.deepEqual(said(), []);
    await wire.send("PATCH", pip, { body: { tags: {} } });
    assertSays("foreign", /lost tags.team/);
  });

  it("goes by the rule of ownership that it is given", async () => {
    arm({ owned: [pip] });
    await wire.send("PATCH", pip, { body: { tags: { a: "b" } } });
    assert.deepEqual(said(), []);
    await wire.send("PATCH", nsg, { body: { tags: { a: "b" } } });
    assertSays("foreign", /got tags.a "b"/);
  });

  it("hears what a deleted resource group takes with it", async () => {
    arm();
    await wire.send("DELETE", wire.group, { version: "2021-04-01" });
    assert.deepEqual(said(), []);
    await done();
    const types = new Set(wire.arm.oracles.violations.map(({ resource }) => resource.split("/").at(-2)));
    assert.deepEqual(
      TYPES.filter((type) => !types.has(type)),
      [],
    );
    assert.ok(said().every((line) => line.endsWith("is gone")));
  });
});

describe("unknown members survive", () => {
  it("hears one that a PUT has stripped from a rule of our own", async () => {
    arm();
    await wire.put(lb, body(WEB));
    await done();
    const made = copy(lb);
    const [rule] = made.properties["loadBalancingRules"] ?? [];
    made.properties["loadBalancingRules"] = [
      { ...rule, properties: { ...(rule?.["properties"] as JsonObject), newerThanUs: { a: 1 } } },
    ];
    wire.arm.put(lb, made as unknown as JsonObject);
    await silently(() => wire.put(lb, { ...copy(lb), tags: { a: "b" } } as unknown as JsonObject));
    await wire.put(lb, body(WEB));
    assertSays("unknown", /newerThanUs.*\{"a":1\} and is gone/);
  });

  it("does not mind that it goes with the rule that had it", async () => {
    arm();
    await wire.put(lb, body(WEB));
    const made = copy(lb);
    const [rule] = made.properties["loadBalancingRules"] ?? [];
    made.properties["loadBalancingRules"] = [
      { ...rule, properties: { ...(rule?.["properties"] as JsonObject), newerThanUs: true } },
    ];
    wire.arm.put(lb, made as unknown as JsonObject);
    await silently(() => wire.put(lb, body({ rules: [] })));
  });
});

describe("what is reachable stays reachable", () => {
  const asks = { name: "shop/web", ports: [{ port: 80 }] };

  async function published(options: OracleOptions = {}): Promise<void> {
    arm(options);
    wire.arm.oracles.ask(asks);
    await wire.put(lb, body(WEB));
    await done();
    wire.arm.oracles.published("shop/web", [address()]);
    assert.deepEqual(said(), []);
  }

  it("hears a port that goes, when it goes in effect", async () => {
    await published();
    await wire.put(lb, body({ rules: [{ name: "web", frontendPort: 81, floating: true }] }));
    assert.deepEqual(said(), []);
    await done();
    assertSays("reachable", /shop\/web, from Internet.*was reachable, and no-rule/);
    assert.equal(wire.arm.oracles.violations[0]?.moment, "completed");
    assert.throws(() => wire.arm.oracles.assertSilent(), /1 violation\n\S+ reachable: shop\/web/);
  });

  it("does not mind a port that nobody asks for any more", async () => {
    await published();
    wire.arm.oracles.ask({ name: "shop/web", ports: [{ port: 443 }] });
    await silently(() => wire.put(lb, body({ rules: [{ name: "x", frontendPort: 443, floating: true }] })));
  });

  it("hears connections that are lost at one of the nodes", async () => {
    await published();
    const properties = {
      virtualNetwork: { id: `${wire.network}/virtualNetworks/${facts.virtualNetwork}` },
      loadBalancerBackendAddresses: [
        { name: "good", properties: { ipAddress: facts.nodes[0]?.internalIP ?? "" } },
        { name: "bad", properties: { ipAddress: "10.240.77.7" } },
      ],
    };
    await wire.put(`${lb}/backendAddressPools/pool`, { properties });
    await done();
    assertSays("reachable", /lost at 10\.240\.77\.7: no interface has the address/);
  });

  it("does not blame the program for what somebody else breaks", async () => {
    await published();
    wire.arm.put(lb, body({ rules: [] }));
    assert.deepEqual(said(), []);
  });

  it("forgives a gap on the list that closes again, and no other", async () => {
    const other = `${wire.network}/loadBalancers/other`;
    const moved = JSON.parse(JSON.stringify(body(WEB)).replaceAll(lb, other)) as JsonObject;
    await published({ gaps: ["address-moves"] });
    await silently(() => wire.put(lb, body({ frontends: {}, rules: [] })));
    assert.throws(() => wire.arm.oracles.assertSilent(), /was interrupted and has not come back/);
    arm({ gaps: ["address-moves"] });
    wire.arm.oracles.ask(asks);
    await silently(() => wire.put(other, moved));
    wire.arm.oracles.published("shop/web", [address()]);
    wire.arm.oracles.assertSilent();
    arm({ gaps: ["pool-type-changes"] });
    wire.arm.oracles.ask(asks);
    wire.arm.oracles.published("shop/web", [address()]);
    await wire.delete(other);
    await done();
    assertSays("reachable", /no-such-address/);
  });

  it("hears a status that is published too early", async () => {
    arm();
    wire.arm.oracles.ask(asks);
    await wire.put(lb, body(WEB));
    wire.arm.oracles.published("shop/web", [address()]);
    assertSays("published", /was published, and no-such-address/);
    assert.match(wire.arm.oracles.violations[0]?.cause ?? "", /^status of shop\/web: \d/);
  });

  it("hears in the end that a Service has gone and its address works on", async () => {
    await published();
    wire.arm.oracles.release("shop/web");
    assert.throws(() => wire.arm.oracles.assertSilent(), /nobody asks for it any more, and it works/);
  });

  it("is content when another Service asks for the same port of the same address", async () => {
    await published();
    wire.arm.oracles.release("shop/web");
    wire.arm.oracles.ask({ name: "shop/twin", ports: [{ port: 80 }] });
    wire.arm.oracles.published("shop/twin", [address()]);
    wire.arm.oracles.assertSilent();
  });
});

describe("what shall be kept out stays out", () => {
  const limited = { name: "shop/web", ports: [{ port: 80 }], from: [], notFrom: ["203.0.113.9"] };

  it("hears a stranger who gets in before anything was published", async () => {
    arm();
    wire.arm.oracles.ask(limited);
    await wire.put(lb, body(WEB));
    assert.deepEqual(said(), []);
    await done();
    assertSays("denied", /shop\/web, from 203\.0\.113\.9 .*shall be kept out, and reaches/);
  });

  it("gives what is open when it is asked to be shut until the next publication", async () => {
    arm();
    wire.arm.oracles.ask({ ...limited, notFrom: [] });
    await wire.put(lb, body(WEB));
    await done();
    wire.arm.oracles.published("shop/web", [address()]);
    wire.arm.oracles.ask(limited);
    await silently(() => wire.send("PATCH", lb, { body: { tags: { a: "b" } } }));
    wire.arm.oracles.published("shop/web", [address()]);
    assertSays("denied", /203\.0\.113\.9/);
  });

  it("does not mind other people's frontends that were there before", async () => {
    wire.arm.put(lb, body(WEB));
    arm();
    wire.arm.oracles.ask(limited);
    await wire.put(
      lb,
      body({
        rules: [
          { name: "web", floating: true },
          { name: "more", frontendPort: 81, floating: true },
        ],
      }),
    );
    await done();
    assert.deepEqual(
      said().filter((line) => line.startsWith("denied")),
      [],
    );
  });

  it("hears a stranger who got in later, once", async () => {
    wire.arm.put(`${nsg}/securityRules/shut`, ruleBody("shut", 100));
    arm();
    wire.arm.oracles.ask(limited);
    await silently(() => wire.put(lb, body(WEB)));
    wire.arm.oracles.published("shop/web", [address()]);
    await wire.delete(`${nsg}/securityRules/shut`);
    await done();
    assertSays("denied", /203\.0\.113\.9/);
    await wire.send("PATCH", lb, { body: { tags: { a: "b" } } });
    assertSays("denied", /203\.0\.113\.9/);
  });
});

describe("frontends do not clash", () => {
  it("hears two frontends in effect at one address, as after a failed move", async () => {
    wire.arm.put(lb, body(WEB));
    arm();
    wire.arm.faults.failOperation({ method: "PUT", path: lb, status: "Failed", code: "X" });
    await wire.put(lb, body({ frontends: {}, rules: [] }));
    await done();
    const other = `${wire.network}/loadBalancers/other`;
    await wire.put(other, balancer(other, { frontends: { fe: pip } }));
    await done();
    assertSays("clash", /have the same address/);
  });
});

describe("limits hold", () => {
  const cases: readonly { readonly name: string; readonly limits: OracleOptions["limits"]; readonly says: RegExp }[] = [
    { name: "frontends of a balancer", limits: { frontendsPerBalancer: 0 }, says: /frontendsPerBalancer: 1 of 0/ },
    { name: "rules of a balancer", limits: { rulesPerBalancer: 0 }, says: /rulesPerBalancer: 1 of 0/ },
    { name: "members of a pool", limits: { membersPerPool: 1 }, says: /membersPerPool: 2 of 1/ },
  ];
  for (const { name, limits, says } of cases) {
    it(`hears too many ${name}`, async () => {
      arm({ limits: limits ?? {} });
      await wire.put(lb, body(WEB));
      assertSays("limit", says);
    });
  }

  it("hears too many rules in a security group", async () => {
    arm({ limits: { rulesPerSecurityGroup: 1, sourcesPerSecurityGroup: 1, destinationsPerSecurityGroup: 1 } });
    await wire.put(`${nsg}/securityRules/more`, ruleBody("more", 200));
    assert.equal(said().length, 3);
  });
});

describe("the watch", () => {
  it("hears only the oracles that are asked for", async () => {
    arm({ only: ["limit"] });
    await wire.send("PATCH", nsg, { body: { tags: { a: "b" } } });
    wire.arm.oracles.assertSilent();
  });

  it("hears nothing before it is armed and after it was disarmed", async () => {
    assert.throws(() => wire.arm.oracles.ask({ name: "x", ports: [] }), /not armed/);
    arm();
    wire.arm.oracles.disarm();
    await wire.send("PATCH", nsg, { body: { tags: { a: "b" } } });
    assert.deepEqual(said(), []);
  });

  it("starts afresh when it is armed again", async () => {
    arm();
    await wire.send("PATCH", nsg, { body: { tags: { a: "b" } } });
    assert.equal(said().length, 1);
    arm();
    wire.arm.oracles.assertSilent();
  });
});

function ruleBody(name: string, priority: number): JsonObject {
  return {
    name,
    properties: {
      priority,
      direction: "Inbound",
      access: "Deny",
      protocol: "*",
      sourceAddressPrefix: "*",
      sourcePortRange: "*",
      destinationAddressPrefix: "*",
      destinationPortRange: "*",
    },
  };
}
