import assert from "node:assert/strict";
import { afterEach, describe, it } from "vitest";
import type { VirtualClock } from "../../../src/base/virtual-clock.ts";
import {
  type ClusterFacts,
  type ClusterSeedInput,
  describeReach,
  type JsonObject,
  nodesOf,
  type Packet,
  seedCluster,
} from "../../../src/simulator/index.ts";
import { type BalancerSpec, balancer, standardAddress, startSlowWire, startWire, type Wire } from "./wire.ts";

let wire: Wire;
let lb: string;
let pip: string;
let facts: ClusterFacts;
afterEach(() => wire.arm.close());

/** A cluster with a balancer `lb` on the address `p`, port 80 open to the internet. */
function prepare(started: Wire, seed: ClusterSeedInput = { vmss: { name: "nodes", nodes: [{}, {}, {}] } }): void {
  wire = started;
  lb = `${wire.network}/loadBalancers/lb`;
  pip = `${wire.network}/publicIPAddresses/p`;
  const open = { name: "web", priority: 500, protocol: "Tcp", source: "Internet", ports: "80" } as const;
  facts = seedCluster(wire.arm, { resourceGroup: "rg", securityGroup: { rules: [open] }, ...seed });
  wire.arm.put(pip, standardAddress);
}

const WEB: BalancerSpec = { probes: ["probe"], rules: [{ name: "web", probe: "probe", floating: true }] };

function body(spec: BalancerSpec, members: readonly number[]): JsonObject {
  const made = JSON.parse(JSON.stringify(balancer(lb, { frontends: { fe: pip }, ...spec })));
  made.properties.backendAddressPools = [{ name: "pool", properties: poolOf(members) }];
  return made;
}

function poolOf(members: readonly number[]): JsonObject {
  return {
    virtualNetwork: { id: `${wire.network}/virtualNetworks/${facts.virtualNetwork}` },
    loadBalancerBackendAddresses: members.map((i) => ({
      name: `m${i}`,
      properties: { ipAddress: facts.nodes[i]?.internalIP ?? "" },
    })),
  };
}

const addressOf = (id: string): string => JSON.parse(JSON.stringify(wire.arm.resources.get(id))).properties.ipAddress;
const address = (): string => addressOf(pip);
const web = (): Packet => ({ source: "Internet", destination: address(), port: 80 });
const nodes = (...numbers: readonly number[]): readonly string[] => numbers.map((i) => facts.nodes[i]?.name ?? "");
const reached = (packet = web()): readonly string[] => nodesOf(wire.arm.reach(packet));
const stop = (packet = web()): string | undefined => wire.arm.reach(packet).stop?.reason;

describe("reachability over what is in effect", () => {
  it("the internet reaches port 80 of a Service through nodes 2 and 3", async () => {
    prepare(await startWire());
    await wire.put(lb, body(WEB, [1, 2]));
    assert.deepEqual(reached(), nodes(1, 2));
    const silent = nodes(1);
    const reach = wire.arm.reach(web(), ({ node, port }) => port === 30_000 && !silent.includes(node));
    assert.deepEqual(nodesOf(reach), nodes(2));
    assert.match(reach.idle[0]?.stop.message ?? "", /does not answer the probe of port 30000/);
    assert.equal(reach.backends[0]?.machine, facts.nodes[2]?.providerId.replace("azure://", ""));
  });

  describe("while operations run", () => {
    let clock: VirtualClock;
    const slow = async (): Promise<void> => {
      const started = await startSlowWire();
      clock = started.clock;
      prepare(started);
    };

    it("a balancer works when its operation has ended, and until its deletion has", async () => {
      await slow();
      await wire.put(lb, body(WEB, [0]));
      assert.equal(stop(), "no-such-address");
      await clock.advance(10_000);
      assert.deepEqual(reached(), nodes(0));
      await wire.delete(lb);
      assert.deepEqual(reached(), nodes(0));
      await clock.advance(10_000);
      assert.equal(stop(), "no-such-address");
    });

    it("a failed update leaves the traffic as it was", async () => {
      await slow();
      wire.arm.put(lb, body(WEB, [0]));
      wire.arm.faults.failOperation({ method: "PUT", path: lb, status: "Failed", code: "X" });
      await wire.put(lb, body({}, []));
      await clock.advance(10_000);
      assert.deepEqual(reached(), nodes(0));
    });

    it("a pool of its own changes the traffic when its operation has ended", async () => {
      await slow();
      wire.arm.put(lb, body(WEB, [0]));
      await wire.put(`${lb}/backendAddressPools/pool`, { properties: poolOf([1, 2]) });
      assert.deepEqual(reached(), nodes(0));
      await clock.advance(10_000);
      assert.deepEqual(reached(), nodes(1, 2));
    });

    it("a security rule denies when its operation has ended", async () => {
      await slow();
      wire.arm.put(lb, body(WEB, [0]));
      const nsg = `${wire.network}/networkSecurityGroups/${facts.securityGroup}`;
      await wire.put(`${nsg}/securityRules/shut`, {
        properties: {
          priority: 100,
          direction: "Inbound",
          access: "Deny",
          protocol: "*",
          sourceAddressPrefix: "*",
          sourcePortRange: "*",
          destinationAddressPrefix: address(),
          destinationPortRange: "*",
        },
      });
      assert.deepEqual(reached(), nodes(0));
      await clock.advance(10_000);
      assert.equal(stop(), "security-rule");
      assert.equal(wire.arm.reach(web()).stop?.resource, `${nsg}/securityRules/shut`);
    });

    it("an instance of a scale set joins when its operation has ended", async () => {
      await slow();
      wire.arm.put(lb, balancer(lb, { frontends: { fe: pip }, ...WEB }));
      const instance = facts.nodes[1]?.providerId.replace("azure://", "") ?? "";
      const made = JSON.parse(JSON.stringify((await wire.get(instance)).body));
      const [config] = made.properties.networkProfileConfiguration.networkInterfaceConfigurations;
      const [configuration] = config.properties.ipConfigurations;
      configuration.properties.loadBalancerBackendAddressPools = [{ id: `${lb}/backendAddressPools/pool` }];
      await wire.put(instance, { location: made.location, properties: made.properties });
      assert.equal(stop(), "empty-pool");
      await clock.advance(10_000);
      assert.deepEqual(reached(), nodes(1));
    });
  });

  it("standalone machines are reached through their interfaces, by private address too", async () => {
    prepare(await startWire(), { vms: [{ name: "vm-a" }, { name: "vm-b" }] });
    wire.arm.put(lb, balancer(lb, { frontends: { fe: pip }, ...WEB }));
    const nic = `${wire.network}/networkInterfaces/vm-b-nic`;
    const made = JSON.parse(JSON.stringify((await wire.get(nic)).body));
    made.properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools = [
      { id: `${lb}/backendAddressPools/pool` },
    ];
    await wire.put(nic, made);
    assert.deepEqual(reached(), ["vm-b"]);
    const direct = { source: "10.240.7.7", destination: facts.nodes[0]?.internalIP ?? "", port: 10_250 };
    assert.deepEqual(reached(direct), ["vm-a"]);
  });

  it("an internal frontend is for its network only", async () => {
    prepare(await startWire());
    const subnet = `${wire.network}/virtualNetworks/${facts.virtualNetwork}/subnets/${facts.subnet}`;
    await wire.put(lb, body({ ...WEB, frontends: { fe: subnet } }, [0]));
    const destination = wire.arm.resources.addressOf(`${lb}/frontendIPConfigurations/fe`) ?? "";
    assert.equal(stop({ source: "Internet", destination, port: 80 }), "not-routable");
    assert.deepEqual(reached({ source: "VirtualNetwork", destination, port: 80 }), nodes(0));
  });

  it("a dynamic Basic address is reached while something uses it", async () => {
    prepare(await startWire());
    const basic = `${wire.network}/publicIPAddresses/basic`;
    wire.arm.put(basic, { location: "westeurope", properties: {} });
    const spec = { ...WEB, sku: "Basic", frontends: { fe: basic } };
    await wire.put(lb, balancer(lb, spec));
    const destination = addressOf(basic);
    assert.equal(stop({ source: "Internet", destination, port: 80 }), "empty-pool");
    await wire.delete(lb);
    assert.equal(stop({ source: "Internet", destination, port: 80 }), "no-such-address");
  });

  it("says in one line what happens", async () => {
    prepare(await startWire());
    await wire.put(lb, body(WEB, [0]));
    assert.equal(describeReach(wire.arm.reach(web())), `reaches ${nodes(0).join("")} as ${address()}:80`);
    assert.equal(
      describeReach(wire.arm.reach({ ...web(), port: 81 })),
      `no-rule: frontend ${lb}/frontendIPConfigurations/fe has no rule for Tcp port 81`,
    );
  });
});

describe("POST /simulator/reach", () => {
  const ask = (asked: JsonObject | string): ReturnType<Wire["send"]> =>
    wire.send("POST", "/simulator/reach", { body: asked, version: null, headers: { authorization: "" } });

  it("answers without token and api-version", async () => {
    prepare(await startWire());
    await wire.put(lb, body(WEB, [1, 2]));
    const answer = await ask({ ...web(), protocol: "tcp" });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body.nodes, nodes(1, 2));
    assert.equal(answer.body.rule, `${lb}/loadBalancingRules/web`);
    assert.match(answer.body.summary, /^reaches /);
    const unanswered = [{ node: nodes(1)[0] ?? "", port: 30_000 }];
    assert.deepEqual((await ask({ ...web(), unanswered })).body.nodes, nodes(2));
    const nobody = await ask({ ...web(), unanswered: [{ port: 30_000 }] });
    assert.equal(nobody.body.stop.reason, "no-probe-answering");
  });

  for (const { name, asked, says } of [
    { name: "no JSON", asked: "{", says: /must be a JSON object/ },
    { name: "nothing", asked: {}, says: /source is missing.*destination is missing.*port is missing/ },
    {
      name: "a name for a destination",
      asked: { source: "*", destination: "example.org", port: 80 },
      says: /source: got "\*".*destination: got "example.org", want an address/,
    },
    {
      name: "a port that is none, and a protocol that is none",
      asked: { source: "Internet", destination: "20.0.0.1", port: 65_536, protocol: "Sctp" },
      says: /port: got "65536".*protocol: got "Sctp", want Tcp, Udp, Icmp/,
    },
    {
      name: "an empty exception",
      asked: { source: "Internet", destination: "20.0.0.1", port: 80, unanswered: [{}] },
      says: /unanswered\[0\]/,
    },
  ]) {
    it(`refuses ${name}`, async () => {
      prepare(await startWire());
      const answer = await ask(asked);
      assert.equal(answer.status, 400);
      assert.match(answer.body.error.message, says);
    });
  }

  it("says what it serves when it is asked for something else", async () => {
    prepare(await startWire());
    const answer = await wire.get("/simulator/nothing", { version: null });
    assert.equal(answer.status, 404);
    assert.match(answer.body.error.message, /POST \/simulator\/reach/);
  });
});
