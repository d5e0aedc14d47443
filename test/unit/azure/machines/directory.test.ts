import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { type ClusterNode, Machines, type MachinesOptions } from "../../../../src/azure/machines/index.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";
import {
  GROUP,
  instance,
  instanceId,
  interfaceId,
  machine,
  machineIdOf,
  nic,
  node,
  nodeName,
  scaleSet,
  scaleSetId,
} from "./cluster.ts";
import { MemoryArm } from "./memory-arm.ts";

const { signal } = new AbortController();

interface World {
  readonly arm: MemoryArm;
  readonly clock: VirtualClock;
  readonly machines: Machines;
  readonly found: (...nodes: readonly ClusterNode[]) => Promise<Readonly<Record<string, string>>>;
}

function world(options: Partial<MachinesOptions> = {}): World {
  const arm = new MemoryArm();
  const clock = new VirtualClock();
  const place = { subscriptionId: "sub", resourceGroup: "rg", uniform: true, single: true };
  const machines = new Machines({ arm, clock, ...place, ...options });
  const found: World["found"] = async (...nodes) => {
    const located = await machines.locate(nodes, signal);
    return Object.fromEntries([...located].map(([name, { id }]) => [name, id]));
  };
  return { arm, clock, machines, found };
}

describe("finding machines", () => {
  it("a thousand nodes of three scale sets cost three lists", async () => {
    const { arm, found } = world();
    const nodes: ClusterNode[] = [];
    for (const set of ["a", "b", "c"]) {
      for (let id = 0; id < 334; id++) {
        arm.put("virtualMachineScaleSetVMs", instance(set, id));
        nodes.push(node(nodeName(set, id), instanceId(set, id)));
      }
    }
    assert.equal(Object.keys(await found(...nodes)).length, 1002);
    assert.equal(arm.lists.length, 3);
    assert.deepEqual(arm.refreshes, []);
  });

  it("a provider id is found whatever its letter case", async () => {
    const { arm, found } = world();
    arm.put("virtualMachines", machine("Vm1"));
    const id = machineIdOf("vm1").replace("/rg/", "/RG/");
    assert.deepEqual(await found(node("n", id)), { n: machineIdOf("Vm1") });
  });

  it("a node of another group is looked for there", async () => {
    const { arm, found } = world();
    const id = machineIdOf("far").replace("/rg/", "/otherrg/");
    arm.put("virtualMachines", { ...machine("far"), id });
    assert.deepEqual(await found(node("far", undefined, { "kubernetes.azure.com/resource-group": "OtherRG" })), {
      far: id,
    });
  });

  const byName: readonly {
    name: string;
    node: string;
    want: string | undefined;
    single?: boolean;
    uniform?: boolean;
  }[] = [
    { name: "a machine of its own by its name", node: "vm1", want: machineIdOf("vm1") },
    {
      name: "an instance of a flexible scale set by its host name",
      node: "flex000001",
      want: machineIdOf("flex_8a7b"),
    },
    {
      name: "INS 50 an instance by prefix and host name, letter case aside",
      node: "pool000003",
      want: instanceId("pool", 3),
    },
    { name: "INS 49 a name without six characters at its end is no instance", node: "vmvm", want: undefined },
    { name: "INS 49 a name with a foreign prefix is no instance", node: "fake-node", want: undefined },
    { name: "no machine of its own where there are none", node: "vm1", want: undefined, single: false },
    { name: "no instance where there are no uniform sets", node: "pool000003", want: undefined, uniform: false },
  ];
  for (const { name, node: subject, want, single = true, uniform = true } of byName) {
    it(`without a provider id: ${name}`, async () => {
      const { arm, found } = world({ single, uniform });
      arm.put("virtualMachines", machine("vm1"));
      const flex = { virtualMachineScaleSet: { id: scaleSetId("flex") }, osProfile: { computerName: "flex000001" } };
      arm.put("virtualMachines", machine("flex_8a7b", flex));
      arm.put("virtualMachineScaleSets", scaleSet("pool"));
      arm.put("virtualMachineScaleSets", scaleSet("other"));
      arm.put("virtualMachineScaleSetVMs", instance("pool", 3));
      assert.deepEqual(await found(node(subject)), want === undefined ? {} : { [subject]: want });
      assert.ok(!arm.lists.some((list) => list.includes(scaleSetId("other"))), "sets with another prefix are not read");
    });
  }

  it("a scale set that is gone holds nothing, and the others are found", async () => {
    const { arm, found } = world();
    arm.put("virtualMachineScaleSetVMs", instance("a", 1));
    const nodes = [node("x", instanceId("gone", 1)), node("y", instanceId("a", 1))];
    assert.deepEqual(await found(...nodes), { y: instanceId("a", 1) });
  });

  it("a list that fails is an error, never an absence", async () => {
    const { arm, found } = world();
    arm.failures.set(scaleSetId("a"), new CloudError("Throttled", "too many requests"));
    await assert.rejects(found(node("x", instanceId("a", 1))), { code: "Throttled" });
  });

  it("INS 50 a miss costs one fresh list, and none for the next half minute", async () => {
    const { arm, clock, found } = world();
    arm.put("virtualMachineScaleSetVMs", instance("a", 1));
    const lost = node("lost", instanceId("a", 2));
    assert.deepEqual(await found(lost), {});
    assert.deepEqual(await found(lost), {});
    assert.equal(arm.refreshes.length, 1);
    await clock.advance(30_000);
    arm.put("virtualMachineScaleSetVMs", instance("a", 2));
    assert.deepEqual(await found(lost), { lost: instanceId("a", 2) });
  });
});

describe("the nodes behind IP configurations", () => {
  it("are found for instances and for machines of their own", async () => {
    const { arm, machines } = world();
    arm.put("virtualMachineScaleSetVMs", instance("s", 3));
    arm.put("virtualMachines", machine("vm1"));
    arm.put("networkInterfaces", nic("vm1"));
    const ids = [
      `${instanceId("s", 3)}/networkInterfaces/nic/ipConfigurations/ipv4`,
      `${interfaceId("VM1-nic")}/ipConfigurations/ipv4`,
      `${instanceId("s", 9)}/networkInterfaces/nic/ipConfigurations/ipv4`,
      `${interfaceId("nobody")}/ipConfigurations/ipv4`,
      "nonsense",
    ];
    assert.deepEqual(
      [...(await machines.nodeNamesOf(ids, signal))],
      [
        [ids[0], "s000003"],
        [ids[1], "vm1"],
      ],
    );
    assert.deepEqual(arm.lists.toSorted(), [
      `networkInterfaces ${GROUP}`,
      `virtualMachineScaleSetVMs ${scaleSetId("s")}`,
      `virtualMachines ${GROUP}`,
    ]);
  });
});
