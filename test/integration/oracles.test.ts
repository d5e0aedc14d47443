import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type { Node, Service } from "../../src/cloudprovider/index.ts";
import { keyOf } from "../../src/cloudprovider/objects.ts";
import {
  type Ask,
  describeReach,
  type GapName,
  type JsonObject,
  type Latency,
  nodesOf,
  type PacketProtocol,
} from "../../src/simulator/index.ts";
import { type AzureRig, type RigOptions, withRig } from "../fixtures/azure-rig.ts";
import { service, uidOf } from "../fixtures/service.ts";

/** Whom a Service with source ranges lets in, and whom not. */
const FRIEND = "198.51.100.7";
const STRANGER = "203.0.113.9";
const RANGES = ["198.51.100.0/24"];
const INTERNAL = { annotations: { "azure-load-balancer-internal": "true" } };
/** An address in the network of the nodes that is no node's. */
const NEIGHBOUR = "10.240.9.9";

/** Answers at once; operations take their time, so that what is shown and what is in effect differ. */
const SLOW: Latency = { answerMs: () => 0, operationMs: () => 5_000, retryAfterSeconds: () => undefined };

/** How long nobody writes after a process has died: the lease must run out first. */
const LEASE_MS = 15_000;

/** What somebody else owns in the cluster's resource group. */
const SEED = {
  vmss: { nodes: [{}, {}, {}] },
  securityGroup: { rules: [{ name: "ops", priority: 200, ports: "22", source: "192.0.2.0/24" }] },
};

const BY_INTERFACE = { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" };

const SETUPS: readonly { readonly name: string; readonly options: RigOptions }[] = [
  { name: "pools by address", options: { seed: SEED, arm: { latency: SLOW } } },
  { name: "pools by interface", options: { seed: SEED, arm: { latency: SLOW }, azureJson: BY_INTERFACE } },
  {
    name: "pools by interface, machines of their own, everything at once",
    options: {
      seed: { vms: [{ name: "a" }, { name: "b" }, { name: "c" }], securityGroup: SEED.securityGroup },
      azureJson: BY_INTERFACE,
    },
  },
];

/** What a Service asks for, as the oracles want to hear it. */
function askOf(wanted: Service): Ask {
  const isInternal =
    wanted.metadata.annotations?.["service.beta.kubernetes.io/azure-load-balancer-internal"] === "true";
  const ranges = wanted.spec.loadBalancerSourceRanges ?? [];
  const sources = ranges.length === 0 ? [FRIEND, STRANGER, "Internet"] : [FRIEND, STRANGER].filter(isIn(ranges));
  return {
    name: keyOf(wanted),
    ports: wanted.spec.ports.map(({ port, protocol }) => ({ port, protocol: protocol === "UDP" ? "Udp" : "Tcp" })),
    from: isInternal ? [NEIGHBOUR] : sources,
    notFrom: isInternal ? ["Internet"] : [FRIEND, STRANGER, "Internet"].filter((source) => !sources.includes(source)),
  };
}

/** Whether an address is in one of some /24 blocks. */
function isIn(ranges: readonly string[]): (address: string) => boolean {
  return (address) => ranges.some((range) => range === address.replace(/\.\d+$/, ".0/24"));
}

/** A cluster whose every move the oracles watch. */
class Watched {
  readonly rig: AzureRig;

  constructor(rig: AzureRig, gaps: readonly GapName[]) {
    this.rig = rig;
    rig.arm.oracles.arm({ gaps });
  }

  /** Ensures a Service and publishes its status. Returns its addresses. */
  async ensure(wanted: Service, nodes: readonly Node[] = this.rig.nodes): Promise<readonly string[]> {
    const { oracles } = this.rig.arm;
    oracles.ask(askOf(wanted));
    const addresses = await this.rig.ensure(wanted, nodes);
    oracles.published(keyOf(wanted), addresses);
    return addresses;
  }

  async delete(gone: Service): Promise<void> {
    this.rig.arm.oracles.release(keyOf(gone));
    await this.rig.delete(gone);
  }

  /** Names of the nodes that get a packet, or what stops it. */
  reach(source: string, destination: string, port: number, protocol: PacketProtocol = "Tcp"): string {
    const reach = this.rig.arm.reach({ source, destination, port, protocol });
    return reach.stop === undefined ? nodesOf(reach).join(" ") : (describeReach(reach).split(":")[0] ?? "");
  }

  get nodes(): readonly string[] {
    return this.rig.nodes.map(({ metadata }) => metadata.name).toSorted();
  }
}

const web = service();
const limited = service({ loadBalancerSourceRanges: RANGES });
const api = service({ name: "api", uid: uidOf(2), ports: ["443/30443"] });

/** What a history takes besides its name and its work. */
interface HistoryOptions {
  readonly gaps?: readonly GapName[];
  /** How many of the setups, from the first. */
  readonly setups?: number;
}

/** One test for each setup: `work` runs with the oracles armed, and leaves them silent. */
function history(name: string, work: (watched: Watched) => Promise<void>, options: HistoryOptions = {}): void {
  for (const { name: setup, options: rigOptions } of SETUPS.slice(0, options.setups)) {
    it(`${name} (${setup})`, () =>
      withRig(rigOptions, async (rig) => {
        const watched = new Watched(rig, options.gaps ?? []);
        await work(watched);
        rig.arm.oracles.assertSilent();
      }));
  }
}

describe("with every oracle armed", () => {
  const one: HistoryOptions = { setups: 1 };

  history("a Service comes and goes", async (watched) => {
    const [address = ""] = await watched.ensure(web);
    assert.equal(watched.reach("Internet", address, 80), watched.nodes.join(" "));
    assert.equal(watched.reach("Internet", address, 81), "no-rule");
    assert.equal(watched.reach("Internet", address, 80, "Udp"), "protocol-mismatch");
    await watched.delete(web);
    assert.equal(watched.reach("Internet", address, 80), "no-such-address");
  });

  history(
    "source ranges let in whom they name and nobody else",
    async (watched) => {
      const [address = ""] = await watched.ensure(limited);
      assert.equal(watched.reach(FRIEND, address, 80), watched.nodes.join(" "));
      assert.equal(watched.reach(STRANGER, address, 80), "security-rule");
      assert.equal(watched.reach("Internet", address, 80), "security-rule");
      await watched.delete(limited);
    },
    one,
  );

  history("source ranges come and go on a Service that runs", async (watched) => {
    const [address = ""] = await watched.ensure(web);
    await watched.ensure(limited);
    assert.equal(watched.reach(STRANGER, address, 80), "security-rule");
    assert.equal(watched.reach(FRIEND, address, 80), watched.nodes.join(" "));
    await watched.ensure(service({ loadBalancerSourceRanges: [...RANGES, "203.0.113.0/24"] }));
    assert.equal(watched.reach(STRANGER, address, 80), watched.nodes.join(" "));
    assert.equal(watched.reach("Internet", address, 80), "security-rule");
    await watched.ensure(web);
    assert.equal(watched.reach("Internet", address, 80), watched.nodes.join(" "));
  });

  history("ports come and go while the others work on", async (watched) => {
    const [address = ""] = await watched.ensure(web);
    await watched.ensure(service({ ports: ["80/30080", "443/30443", "UDP 53/30053"] }));
    assert.equal(watched.reach("Internet", address, 443), watched.nodes.join(" "));
    assert.equal(watched.reach("Internet", address, 53, "Udp"), watched.nodes.join(" "));
    await watched.ensure(service({ ports: ["443/30443"] }));
    assert.equal(watched.reach("Internet", address, 80), "no-rule");
    assert.equal(watched.reach("Internet", address, 443), watched.nodes.join(" "));
  });

  history("from external to internal and back, the shown address works all the time", async (watched) => {
    const [outside = ""] = await watched.ensure(web);
    const [inside = ""] = await watched.ensure(service(INTERNAL));
    assert.equal(watched.reach(NEIGHBOUR, inside, 80), watched.nodes.join(" "));
    assert.equal(watched.reach("Internet", inside, 80), "not-routable");
    await watched.rig.eventually(() => watched.rig.names("publicIPAddresses").length === 0);
    assert.equal(watched.reach("Internet", outside, 80), "no-such-address");
    const [again = ""] = await watched.ensure(web);
    assert.equal(watched.reach("Internet", again, 80), watched.nodes.join(" "));
    await watched.rig.eventually(() => watched.rig.names("loadBalancers").join() === "kubernetes");
    assert.equal(watched.reach(NEIGHBOUR, inside, 80), "no-such-address");
  });

  history("nodes leave and join", async (watched) => {
    const { nodes } = watched.rig;
    const [address = ""] = await watched.ensure(web, nodes.slice(0, 2));
    assert.equal(watched.reach("Internet", address, 80), watched.nodes.slice(0, 2).join(" "));
    await watched.ensure(web, nodes.slice(1));
    assert.equal(watched.reach("Internet", address, 80), watched.nodes.slice(1).join(" "));
    await watched.ensure(web);
    assert.equal(watched.reach("Internet", address, 80), watched.nodes.join(" "));
  });

  history(
    "one of two Services goes, the other works on",
    async (watched) => {
      const [[first = ""], [second = ""]] = await Promise.all([watched.ensure(limited), watched.ensure(api)]);
      await watched.delete(limited);
      assert.equal(watched.reach(FRIEND, first, 80), "no-such-address");
      assert.equal(watched.reach("Internet", second, 443), watched.nodes.join(" "));
      await watched.delete(api);
      assert.equal(watched.reach("Internet", second, 443), "no-such-address");
    },
    one,
  );

  history("twelve Services come at once and half of them go at once", async (watched) => {
    const all = Array.from({ length: 12 }, (_, i) =>
      service({
        name: `web-${i}`,
        uid: uidOf(100 + i),
        ports: [`80/${31_000 + i}`],
        ...(i % 3 === 0 && { loadBalancerSourceRanges: RANGES }),
      }),
    );
    const addresses = await Promise.all(all.map((one) => watched.ensure(one)));
    const going = all.filter((_, i) => i % 2 === 0);
    await Promise.all(going.map((one) => watched.delete(one)));
    for (const [i, [address = ""]] of addresses.entries()) {
      assert.equal(watched.reach(FRIEND, address, 80), i % 2 === 0 ? "no-such-address" : watched.nodes.join(" "));
    }
  });

  history(
    "a Service without floating IP opens node ports and nothing else",
    async (watched) => {
      const plain = service({ annotations: { "azure-disable-load-balancer-floating-ip": "true" } });
      const [address = ""] = await watched.ensure(plain);
      const reach = watched.rig.arm.reach({ source: "Internet", destination: address, port: 80 });
      assert.deepEqual(new Set(reach.backends.map(({ port }) => port)), new Set([30_080]));
      assert.ok(reach.backends.every(({ address: own, destination }) => own === destination));
      await watched.delete(plain);
    },
    one,
  );

  history(
    "a Service changes how packets arrive, and none is lost on the way",
    async (watched) => {
      const plain = { annotations: { "azure-disable-load-balancer-floating-ip": "true" } };
      await watched.ensure(web);
      await watched.ensure(service(plain));
      await watched.ensure(service({ ...plain, ports: ["80/31999"] }));
      await watched.ensure(web);
    },
    { setups: 2 },
  );

  history(
    "a new process takes over without moving anything",
    async (watched) => {
      await watched.ensure(web);
      await watched.ensure(api);
      await watched.rig.restart();
      await watched.ensure(web);
      await watched.ensure(api);
    },
    one,
  );

  history(
    "a write whose operation fails is made good, and nothing that works breaks",
    async (watched) => {
      await watched.ensure(web);
      const { faults } = watched.rig.arm;
      const failed = { method: "PUT", status: "Failed", code: "InternalServerError" } as const;
      faults.failOperation({ ...failed, path: /loadBalancers\/kubernetes$/ });
      faults.failOperation({ ...failed, path: /networkSecurityGroups\/kubernetes-nsg$/ });
      const wider = service({ ports: ["80/30080", "443/30443"] });
      await watched.ensure(wider).catch(() => watched.ensure(wider));
    },
    one,
  );

  history(
    "an address that two Services share outlives the first",
    async (watched) => {
      const [address = ""] = await watched.ensure(web);
      const sharing = service({
        name: "api",
        uid: uidOf(2),
        ports: ["443/30443"],
        annotations: { "azure-load-balancer-ipv4": address },
      });
      await watched.ensure(sharing);
      await watched.delete(web);
      assert.equal(watched.reach("Internet", address, 80), "no-rule");
      assert.equal(watched.reach("Internet", address, 443), watched.nodes.join(" "));
      await watched.delete(sharing);
      assert.equal(watched.reach("Internet", address, 443), "no-such-address");
    },
    one,
  );

  history(
    "an internal Service with source ranges and deny-all shuts its neighbours out",
    async (watched) => {
      const shut = service({
        annotations: { ...INTERNAL.annotations, "azure-deny-all-except-load-balancer-source-ranges": "true" },
        loadBalancerSourceRanges: ["10.240.9.0/24"],
      });
      const [address = ""] = await watched.ensure(shut);
      assert.equal(watched.reach(NEIGHBOUR, address, 80), watched.nodes.join(" "));
      assert.equal(watched.reach("10.240.8.8", address, 80), "security-rule");
      await watched.ensure(service(INTERNAL));
      assert.equal(watched.reach("10.240.8.8", address, 80), watched.nodes.join(" "));
      await watched.delete(service(INTERNAL));
    },
    one,
  );

  // The frontend's name follows from the Service, so its address is exchanged in place: the old one ends with the write.
  const moves: HistoryOptions = { gaps: ["address-moves"], setups: 1 };
  history(
    "a Service moves to an address that a user made, and back",
    async (watched) => {
      const { rig } = watched;
      const [first = ""] = await watched.ensure(web);
      const { location } = rig.facts;
      const properties = { publicIPAllocationMethod: "Static" };
      rig.arm.put(rig.id("publicIPAddresses", "byo"), { location, sku: { name: "Standard" }, properties });
      const [second = ""] = await watched.ensure(service({ annotations: { "azure-pip-name": "byo" } }));
      assert.notEqual(first, second);
      assert.equal(watched.reach("Internet", second, 80), watched.nodes.join(" "));
      await watched.ensure(web);
      await rig.eventually(() => watched.reach("Internet", second, 80) !== watched.nodes.join(" "));
    },
    moves,
  );

  history(
    "a human who writes between our read and our PUT loses nothing",
    async (watched) => {
      const { rig } = watched;
      const group = rig.id("networkSecurityGroups", "kubernetes-nsg");
      let edits = 0;
      rig.arm.intercept(({ stage, request }) => {
        if (stage !== "received" || request.method !== "PUT" || edits > 1) return undefined;
        if (!request.url.pathname.endsWith("/kubernetes-nsg")) return undefined;
        const document = JSON.parse(JSON.stringify(rig.arm.resources.get(group))) as JsonObject & {
          properties: { securityRules: JsonObject[] };
        };
        const [rule] = document.properties.securityRules;
        const hand = { ...(rule?.["properties"] as JsonObject), priority: 300 + edits, destinationPortRange: "2222" };
        document.properties.securityRules.push({ name: `by-hand-${edits++}`, properties: hand });
        rig.arm.put(group, document);
        return undefined;
      });
      await watched.ensure(limited);
      await watched.delete(limited);
      assert.deepEqual(rig.children("networkSecurityGroups", "kubernetes-nsg", "securityRules"), [
        "by-hand-0",
        "by-hand-1",
        "ops",
      ]);
    },
    one,
  );

  history(
    "a Service that is deleted and made again at once",
    async (watched) => {
      await watched.ensure(web);
      const deleting = watched.delete(web);
      await Promise.all([deleting, watched.ensure(api)]);
      const [address = ""] = await watched.ensure(web);
      assert.equal(watched.reach("Internet", address, 80), watched.nodes.join(" "));
    },
    one,
  );

  history(
    "a process dies in the middle of an update; the next one, a lease later, finishes it",
    async (watched) => {
      const { rig } = watched;
      await watched.ensure(web);
      const wider = service({ ports: ["80/30080", "443/30443"], loadBalancerSourceRanges: RANGES });
      const ensuring = watched.ensure(wider).catch(() => undefined);
      await rig.eventually(() => rig.writes("networkSecurityGroups") > 1);
      await rig.restart();
      await ensuring;
      await rig.clock.sleep(LEASE_MS);
      await watched.ensure(wider);
    },
    one,
  );

  history(
    "HA ports come and go on an internal Service",
    async (watched) => {
      const key = "azure-load-balancer-enable-high-availability-ports";
      const all = service({ annotations: { ...INTERNAL.annotations, [key]: "true" } });
      const [address = ""] = await watched.ensure(all);
      assert.equal(watched.reach(NEIGHBOUR, address, 7_777, "Udp"), watched.nodes.join(" "));
      await watched.ensure(service(INTERNAL));
      assert.equal(watched.reach(NEIGHBOUR, address, 7_777, "Udp"), "no-rule");
      await watched.delete(service(INTERNAL));
    },
    one,
  );

  history(
    "with local traffic policy only nodes that answer its probe get anything",
    async (watched) => {
      const [address = ""] = await watched.ensure(
        service({ externalTrafficPolicy: "Local", healthCheckNodePort: 32_000 }),
      );
      const [home] = watched.nodes;
      const packet = { source: "Internet", destination: address, port: 80 };
      const reach = watched.rig.arm.reach(packet, ({ node, port }) => port === 32_000 && node === home);
      assert.deepEqual(nodesOf(reach), [home]);
      await watched.ensure(web);
    },
    one,
  );

  history(
    "two Services with other sources share an address",
    async (watched) => {
      const [address = ""] = await watched.ensure(limited);
      const annotations = { "azure-load-balancer-ipv4": address };
      const words = { name: "api", uid: uidOf(2), ports: ["443/30443"], annotations };
      await watched.ensure(service(words));
      await watched.ensure(service({ ...words, loadBalancerSourceRanges: ["203.0.113.0/24"] }));
      assert.equal(watched.reach(FRIEND, address, 443), "security-rule");
      assert.equal(watched.reach(STRANGER, address, 80), "security-rule");
      await watched.delete(limited);
      assert.equal(watched.reach(STRANGER, address, 443), watched.nodes.join(" "));
    },
    one,
  );

  for (const type of ["loadBalancers", "networkSecurityGroups", "publicIPAddresses"]) {
    const path = new RegExp(`/${type}/[^/]+$`);
    const stubbornly = async (work: () => Promise<unknown>): Promise<void> => {
      for (let tries = 0; tries < 10; tries++) {
        const done = await work().then(
          () => true,
          () => false,
        );
        if (done) return;
      }
      await work();
    };
    const life = async (watched: Watched): Promise<void> => {
      await stubbornly(() => watched.ensure(web));
      await stubbornly(() => watched.ensure(limited));
      await stubbornly(() => watched.ensure(service({ ports: ["80/30080", "443/30443"] })));
      await stubbornly(() => watched.delete(web));
    };

    history(
      `writes of ${type} fail now and then`,
      async (watched) => {
        const { faults } = watched.rig.arm;
        const failed = { path, status: "Failed", code: "InternalServerError" } as const;
        for (const nth of [1, 3, 4]) faults.failOperation({ ...failed, method: "PUT", nth });
        faults.failOperation({ ...failed, method: "DELETE" });
        await life(watched);
      },
      one,
    );

    history(
      `answers to writes of ${type} are lost now and then`,
      async (watched) => {
        const { faults } = watched.rig.arm;
        for (const nth of [1, 3, 4]) faults.script({ method: "PUT", path, nth, at: "committed", with: "reset" });
        faults.script({ method: "DELETE", path, at: "committed", with: "reset" });
        await life(watched);
      },
      one,
    );
  }
});
