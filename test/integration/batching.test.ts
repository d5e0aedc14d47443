import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { profile } from "../../src/simulator/index.ts";
import { type ClusterRig, withCluster } from "../fixtures/cluster-rig.ts";

const NAMES = Array.from({ length: 20 }, (_, index) => `web-${index}`);

function createService(rig: ClusterRig, name: string): void {
  const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
  rig.kubernetes.create({ apiVersion: "v1", kind: "Service", metadata: { name }, spec });
}

function createAll(rig: ClusterRig): void {
  for (const name of NAMES) createService(rig, name);
}

function writes(rig: ClusterRig, type: string): number {
  return rig.arm.journal.writes(new RegExp(`/${type}/`, "i")).length;
}

describe("twenty Services applied at once", () => {
  it("cost at most 3 writes of the balancer and 3 of the security group, and each has its own address", () =>
    withCluster({ arm: { latency: "second" } }, async (rig) => {
      await rig.start();
      createAll(rig);
      await rig.eventually(() => NAMES.every((name) => rig.addressesOf(name).length > 0));
      const addresses = NAMES.flatMap((name) => rig.addressesOf(name));
      assert.equal(new Set(addresses).size, NAMES.length);
      assert.ok(writes(rig, "loadBalancers") <= 3, `${writes(rig, "loadBalancers")} writes of the balancer`);
      assert.ok(writes(rig, "networkSecurityGroups") <= 3, `${writes(rig, "networkSecurityGroups")} of the group`);
      assert.equal(writes(rig, "publicIPAddresses"), NAMES.length);
    }));

  it("go again with at most 3 writes of each", () =>
    withCluster({ arm: { latency: "second" } }, async (rig) => {
      await rig.start();
      createAll(rig);
      await rig.eventually(() => NAMES.every((name) => rig.addressesOf(name).length > 0));
      const before = { balancer: writes(rig, "loadBalancers"), group: writes(rig, "networkSecurityGroups") };
      for (const name of NAMES) rig.kubernetes.delete("Service", "default", name);
      await rig.eventually(() => NAMES.every((name) => rig.kubernetes.get("Service", "default", name) === undefined));
      assert.ok(writes(rig, "loadBalancers") - before.balancer <= 3);
      assert.ok(writes(rig, "networkSecurityGroups") - before.group <= 3);
      assert.deepEqual(rig.arm.resources.list("Microsoft.Network/loadBalancers"), []);
      assert.deepEqual(rig.arm.resources.list("Microsoft.Network/publicIPAddresses"), []);
    }));

  it("and a pass over all of them after a restart writes nothing and reads a handful of lists", () =>
    withCluster({}, async (rig) => {
      const ensured = (): number =>
        rig.kubernetes.list("Event").filter(({ reason }) => reason === "EnsuredLoadBalancer").length;
      await rig.start();
      createAll(rig);
      await rig.eventually(() => ensured() === NAMES.length, ensured);
      await rig.stop();
      await rig.clock.advance(1000); // two processes name their events by the time
      const before = { all: rig.arm.journal.count(), writes: writes(rig, "") };
      await rig.start();
      await rig.eventually(() => ensured() === 2 * NAMES.length, ensured);
      assert.equal(writes(rig, "") - before.writes, 0);
      assert.ok(rig.arm.journal.count() - before.all <= 8, `${rig.arm.journal.count() - before.all} requests`);
    }));
});

describe("Services applied at once while a request takes 0.1 s, an address 1 s, a balancer and a security group 2 s", () => {
  for (const { count, seconds, requests } of [
    { count: 1, seconds: 4, requests: 25 },
    { count: 20, seconds: 8, requests: 60 },
    { count: 100, seconds: 10, requests: 160 },
  ]) {
    it(`${count} are ready within ${seconds} s and cost at most ${requests} requests, polls and pages included`, () =>
      withCluster({ arm: profile("P1") }, async (rig) => {
        await rig.start();
        const names = Array.from({ length: count }, (_, index) => `web-${index}`);
        const before = rig.arm.journal.count();
        const startedMs = rig.clock.now();
        const ready = new Map<string, number>();
        // Asked whenever the API server has finished a request: time may jump on in the next turn
        const end = rig.kubernetes.journal.follow(() => {
          for (const name of names) {
            if (rig.addressesOf(name).length > 0 && !ready.has(name)) ready.set(name, rig.clock.now());
          }
        });
        for (const name of names) createService(rig, name);
        await rig.eventually(() => ready.size === count);
        end();
        const lastMs = Math.max(...ready.values()) - startedMs;
        const cost = rig.arm.journal.entries().slice(before);
        assert.ok(lastMs <= seconds * 1000, `${lastMs} ms`);
        assert.ok(cost.length <= requests, `${cost.length} requests`);
        assert.equal(
          cost.filter(({ method, path }) => method === "PUT" && /publicIPAddresses/i.test(path)).length,
          count,
        );
      }));
  }
});
