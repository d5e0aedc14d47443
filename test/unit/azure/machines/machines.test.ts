import assert from "node:assert/strict";
import { describe, it } from "vitest";
import {
  type ClusterNode,
  Machines,
  type MachinesOptions,
  nodeKinds,
  type Pool,
  type PoolReport,
} from "../../../../src/azure/machines/index.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";
import {
  instance,
  instanceId,
  interfaceId,
  machine,
  machineIdOf,
  nic,
  node,
  nodeName,
  poolId,
  scaleSet,
  scaleSetId,
} from "./cluster.ts";
import { MemoryArm } from "./memory-arm.ts";

const { signal } = new AbortController();
const pool: Pool = { id: poolId("kubernetes"), family: "IPv4" };
const [a0, a1, a2] = [0, 1, 2].map((id) => node(nodeName("a", id), instanceId("a", id))) as [
  ClusterNode,
  ClusterNode,
  ClusterNode,
];
const vm = node("vm1", machineIdOf("vm1"));

/** Two scale sets, `a` with three instances and `b` with one, and a machine of its own. */
function world(options: Partial<MachinesOptions> = {}): { readonly arm: MemoryArm; readonly machines: Machines } {
  const arm = new MemoryArm();
  const place = { subscriptionId: "sub", resourceGroup: "rg", uniform: true, single: true };
  const machines = new Machines({ arm, clock: new VirtualClock(), ...place, ...options });
  for (const set of ["a", "b"]) arm.put("virtualMachineScaleSets", scaleSet(set));
  for (const id of [0, 1, 2]) arm.put("virtualMachineScaleSetVMs", instance("a", id));
  arm.put("virtualMachineScaleSetVMs", instance("b", 0));
  arm.put("virtualMachines", machine("vm1"));
  arm.put("networkInterfaces", nic("vm1"));
  return { arm, machines };
}

/** A report in short: reasons and messages by node, models and orphans by the last part of their id. */
function short(report: PoolReport): object {
  const name = (each: { node: string | undefined; resourceId: string }): string =>
    each.node ?? each.resourceId.slice(each.resourceId.lastIndexOf("/") + 1);
  return {
    done: report.done,
    skipped: Object.fromEntries(report.skipped.map((each) => [name(each), each.reason])),
    failed: Object.fromEntries(report.failed.map((each) => [name(each), (each.error as Error).message])),
  };
}

describe("joining a pool", () => {
  it("writes each machine and each model of the nodes' scale sets once, models first", async () => {
    const { arm, machines } = world();
    const report = await machines.joinPool({ pool, nodes: [a1, a0, vm] }, signal);
    assert.deepEqual(short(report), { done: ["a000000", "a000001", "vm1"], skipped: {}, failed: {} });
    assert.equal(arm.writes[0], scaleSetId("a"));
    assert.deepEqual(arm.writes.slice(1).toSorted(), [instanceId("a", 0), instanceId("a", 1), interfaceId("vm1-nic")]);
  });

  it("again writes nothing and reports the same", async () => {
    const { arm, machines } = world();
    const first = await machines.joinPool({ pool, nodes: [a0, vm] }, signal);
    const writes = arm.writes.length;
    assert.deepEqual(await machines.joinPool({ pool, nodes: [a0, vm] }, signal), first);
    assert.equal(arm.writes.length, writes);
  });

  it("reads lists only: scale sets, instances, machines, interfaces", async () => {
    const { arm, machines } = world();
    await machines.joinPool({ pool, nodes: [a0, a1, a2, vm] }, signal);
    const types = arm.lists.map((list) => list.slice(0, list.indexOf(" "))).toSorted();
    assert.deepEqual(types, [
      "networkInterfaces",
      "virtualMachineScaleSetVMs",
      "virtualMachineScaleSets",
      "virtualMachines",
    ]);
  });

  it("leaves out by name who cannot join, and the others join", async () => {
    const { arm, machines } = world();
    arm.put("virtualMachineScaleSetVMs", instance("a", 1, { provisioningState: "Deleting" }));
    arm.put("virtualMachines", machine("vm1", { provisioningState: "Deleting" }));
    arm.put("virtualMachines", machine("bare", { networkProfile: {} }));
    const nodes = [a0, a1, vm, node("bare", machineIdOf("bare")), node("lost", instanceId("a", 7))];
    const report = await machines.joinPool({ pool, nodes }, signal);
    assert.deepEqual(short(report), {
      done: ["a000000"],
      skipped: {
        a000001: "machine is being deleted",
        bare: "machine has no network interface",
        lost: "machine not found",
        vm1: "machine is being deleted",
      },
      failed: {},
    });
  });

  it("LB 83 a model of another balancer is left alone, and only that one", async () => {
    const { arm, machines } = world();
    arm.put("virtualMachineScaleSets", scaleSet("a", { pools: [poolId("foreign")] }));
    const nodes = [a0, node("b000000", instanceId("b", 0))];
    const report = await machines.joinPool({ pool, nodes }, signal);
    assert.deepEqual(short(report), {
      done: ["a000000", "b000000"],
      skipped: { a: "member of another load balancer" },
      failed: {},
    });
    assert.ok(arm.writes.includes(scaleSetId("b")));
  });

  it("one that is refused stops no other and is reported", async () => {
    const { arm, machines } = world();
    arm.failures.set(instanceId("a", 1), new CloudError("Locked", "the scope is locked"));
    const report = await machines.joinPool({ pool, nodes: [a0, a1, a2] }, signal);
    assert.deepEqual(short(report), {
      done: ["a000000", "a000002"],
      skipped: {},
      failed: { a000001: "the scope is locked" },
    });
  });

  it("an IPv6 pool without an IPv6 configuration is a failure of that machine", async () => {
    const { machines } = world();
    const report = await machines.joinPool({ pool: { ...pool, family: "IPv6" }, nodes: [a0] }, signal);
    const message = "failed to find a primary IP configuration (IPv6=true)";
    assert.deepEqual(short(report), { done: [], skipped: {}, failed: { a: message, a000000: message } });
  });

  it("judges by what ARM confirms: a machine that vanished meanwhile is not a member", async () => {
    const { arm, machines } = world();
    arm.beforeWrite = async (id) => arm.delete("virtualMachineScaleSetVMs", id);
    const report = await machines.joinPool({ pool, nodes: [a0] }, signal);
    assert.deepEqual(short(report), { done: [], skipped: { a000000: "machine not found" }, failed: {} });
  });

  it("decides again when the edit is applied: one that is stopped meanwhile does not join", async () => {
    const { arm, machines } = world();
    const stopped = instance("a", 0, { instanceView: { statuses: [{ code: "PowerState/stopped" }] } });
    arm.beforeWrite = async (id) => {
      if (id === stopped.id) arm.put("virtualMachineScaleSetVMs", stopped);
    };
    const report = await machines.joinPool({ pool, nodes: [a0] }, signal);
    assert.deepEqual(short(report), { done: [], skipped: { a000000: "machine is not running" }, failed: {} });
  });

  it("writes no more machines at once than allowed", async () => {
    const { arm, machines } = world({ writesAtOnce: 2 });
    let [running, most] = [0, 0];
    arm.beforeWrite = async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
    };
    await machines.joinPool({ pool, nodes: [a0, a1, a2] }, signal);
    assert.equal(most, 2);
  });

  it("an abort ends it, and what was not sent is not sent", async () => {
    const { arm, machines } = world({ writesAtOnce: 1 });
    const abort = new AbortController();
    arm.beforeWrite = async (id) => {
      if (id === instanceId("a", 0)) abort.abort(new Error("enough"));
    };
    await assert.rejects(machines.joinPool({ pool, nodes: [a0, a1, a2] }, abort.signal), /enough/);
    assert.deepEqual(arm.writes, [scaleSetId("a")]);
  });
});

describe("leaving a pool", () => {
  const inPool = { pools: [pool.id] };

  function filled(): ReturnType<typeof world> {
    const { arm, machines } = world();
    for (const set of ["a", "b"]) arm.put("virtualMachineScaleSets", scaleSet(set, inPool));
    for (const id of [0, 1, 2]) arm.put("virtualMachineScaleSetVMs", instance("a", id, inPool));
    arm.put("networkInterfaces", nic("vm1", inPool));
    return { arm, machines };
  }

  it("takes out who is not to stay, and leaves the models", async () => {
    const { arm, machines } = filled();
    const report = await machines.leavePool({ pool, keep: [a0, a1] }, signal);
    assert.deepEqual(short(report), { done: ["a000002", "vm1"], skipped: {}, failed: {} });
    assert.deepEqual(arm.writes.toSorted(), [instanceId("a", 2), interfaceId("vm1-nic")]);
  });

  it("nobody stays: machines and models are taken out, models first", async () => {
    const { arm, machines } = filled();
    const report = await machines.leavePool({ pool, keep: "nobody" }, signal);
    assert.deepEqual(report.done, ["a000000", "a000001", "a000002", "vm1"]);
    assert.deepEqual(arm.writes.slice(0, 2).toSorted(), [scaleSetId("a"), scaleSetId("b")]);
    assert.equal(arm.writes.length, 6);
    assert.deepEqual(await machines.leavePool({ pool, keep: "nobody" }, signal), { done: [], skipped: [], failed: [] });
    assert.equal(arm.writes.length, 6);
  });

  it("LB 81 a pool is never emptied by leaving nodes out", async () => {
    const { arm, machines } = filled();
    const report = await machines.leavePool({ pool, keep: [] }, signal);
    const reason = "last members of the pool";
    assert.deepEqual(short(report), {
      done: [],
      skipped: { a000000: reason, a000001: reason, a000002: reason, vm1: reason },
      failed: {},
    });
    assert.deepEqual(arm.writes, []);
  });

  it("LB 81 an interface whose machine is gone always leaves", async () => {
    const { arm, machines } = filled();
    const { virtualMachine: _, ...orphan } = nic("ghost", inPool);
    arm.put("networkInterfaces", orphan);
    await machines.leavePool({ pool, keep: [] }, signal);
    assert.deepEqual(arm.writes, [interfaceId("ghost-nic")]);
  });

  it("a machine that never was a node stays, an instance of a node's scale set leaves", async () => {
    const { arm, machines } = filled();
    const report = await machines.leavePool({ pool, keep: [a0, a1], cluster: [a0, a1] }, signal);
    assert.deepEqual(short(report), { done: ["a000002"], skipped: { vm1: "not of this cluster" }, failed: {} });
    assert.deepEqual(arm.writes, [instanceId("a", 2)]);
  });

  it("a node that may not be in the pool leaves it, and so does one that was a node before", async () => {
    const [excluded, former] = [filled(), filled()];
    await excluded.machines.leavePool({ pool, keep: [a0, a1, a2], cluster: [a0, a1, a2, vm] }, signal);
    assert.deepEqual(excluded.arm.writes, [interfaceId("vm1-nic")]);
    await former.machines.joinPool({ pool, nodes: [a0, a1, a2, vm] }, signal);
    await former.machines.leavePool({ pool, keep: [a0, a1, a2], cluster: [a0, a1, a2] }, signal);
    assert.deepEqual(former.arm.writes, [interfaceId("vm1-nic")]);
  });

  it("with the members' ids only their scale sets and groups are read", async () => {
    const { arm, machines } = filled();
    const members = [0, 1].map((id) => `${instanceId("a", id)}/networkInterfaces/nic/ipConfigurations/ipv4`);
    await machines.leavePool({ pool, keep: [a0, a1], members }, signal);
    assert.deepEqual(arm.lists, [`virtualMachineScaleSetVMs ${scaleSetId("a")}`]);
  });

  it("members of an older balancer leave when those who stay have joined since it was read", async () => {
    const { arm, machines } = filled();
    arm.delete("networkInterfaces", interfaceId("vm1-nic"));
    arm.put("virtualMachineScaleSetVMs", instance("b", 0, inPool));
    const members = [0, 1, 2].map((id) => `${instanceId("a", id)}/networkInterfaces/nic/ipConfigurations/ipv4`);
    await machines.leavePool({ pool, keep: [node("b000000", instanceId("b", 0))], members }, signal);
    assert.deepEqual(
      arm.writes.toSorted(),
      [0, 1, 2].map((id) => instanceId("a", id)),
    );
  });

  it("a node that has no provider id yet stays by its name", async () => {
    const { arm, machines } = filled();
    await machines.leavePool({ pool, keep: [a0, a1, node("a000002"), node("vm1")] }, signal);
    assert.deepEqual(arm.writes, []);
  });

  it("one that is refused stops no other and is reported", async () => {
    const { arm, machines } = filled();
    arm.failures.set(instanceId("a", 0), new CloudError("Conflict", "busy"));
    const report = await machines.leavePool({ pool, keep: "nobody" }, signal);
    assert.deepEqual(report.done, ["a000001", "a000002", "vm1"]);
    assert.deepEqual(
      report.failed.map(({ node: name, resourceId }) => [name, resourceId]),
      [["a000000", instanceId("a", 0)]],
    );
  });
});

describe("kinds of machines that nodes can be", () => {
  const cases = [
    { vmType: "vmss", disabled: false, flex: false, want: { uniform: true, single: true } },
    { vmType: "vmss", disabled: true, flex: false, want: { uniform: true, single: false } },
    { vmType: "vmss", disabled: true, flex: true, want: { uniform: true, single: true } },
    { vmType: "standard", disabled: false, flex: false, want: { uniform: false, single: true } },
    { vmType: "vmssflex", disabled: false, flex: false, want: { uniform: false, single: true } },
  ] as const;
  for (const { vmType, disabled, flex, want } of cases) {
    it(`${vmType}, availability sets ${disabled ? "off" : "on"}, flexible sets ${flex ? "on" : "off"}`, () => {
      const config = { vmType, disableAvailabilitySetNodes: disabled, enableVmssFlexNodes: flex };
      assert.deepEqual(nodeKinds(config), want);
    });
  }
});
