import assert from "node:assert/strict";
import type { VirtualMachineScaleSet } from "@azure/arm-compute";
import fc from "fast-check";
import { describe, it } from "vitest";
import {
  type Decision,
  decideJoin,
  decideLeave,
  instanceMembership,
  interfaceMembership,
  joined,
  left,
  type Membership,
  modelMembership,
  type Pool,
} from "../../../../src/azure/machines/membership.ts";
import { instance, nic, poolId, scaleSet } from "./cluster.ts";

const pool: Pool = { id: poolId("kubernetes"), family: "IPv4" };
const pool6: Pool = { id: poolId("kubernetes", "kubernetes-IPv6"), family: "IPv6" };
const write: Decision = { act: "write" };
const done: Decision = { act: "done" };
const skip = (reason: string): Decision => ({ act: "skip", reason }) as Decision;
const cardsOf = (subject: ReturnType<typeof instance>) =>
  subject.networkProfileConfiguration?.networkInterfaceConfigurations ?? [];
const power = (state: string): object => ({ instanceView: { statuses: [{ code: `PowerState/${state}` }] } });

describe("whether an instance of a scale set joins", () => {
  const cases: readonly { name: string; subject: ReturnType<typeof instance>; pool?: Pool; want: Decision }[] = [
    { name: "a running one does", subject: instance("s", 1), want: write },
    { name: "one that is a member has nothing to do", subject: instance("s", 1, { pools: [pool.id] }), want: done },
    {
      name: "a member stays one in whatever state it is",
      subject: instance("s", 1, { pools: [pool.id.toUpperCase()], ...power("stopped") }),
      want: done,
    },
    ...["unknown", "stopped", "stopping", "deallocated", "deallocating"].map((state) => ({
      name: `one that is ${state} does not`,
      subject: instance("s", 1, power(state)),
      want: skip("machine is not running"),
    })),
    { name: "one that is starting does", subject: instance("s", 1, power("starting")), want: write },
    {
      name: "one without a power state is going down and does not",
      subject: instance("s", 1, { instanceView: { statuses: [{ code: "ProvisioningState/deleting" }] } }),
      want: skip("machine is not running"),
    },
    {
      name: "one that was listed without instance view does",
      subject: { ...instance("s", 1), instanceView: {} },
      want: write,
    },
    {
      name: "one that is being deleted does not",
      subject: instance("s", 1, { provisioningState: "deleting" }),
      want: skip("machine is being deleted"),
    },
    {
      name: "one in state Unknown does not",
      subject: instance("s", 1, { provisioningState: "Unknown" }),
      want: skip("machine is being deleted"),
    },
    {
      name: "one without network configuration does not",
      subject: { ...instance("s", 1), networkProfileConfiguration: {} },
      want: skip("machine has no network interface"),
    },
    {
      name: "LB 83 one in a pool of another balancer is left alone",
      subject: instance("s", 1, { pools: [poolId("other")] }),
      want: skip("member of another load balancer"),
    },
    {
      name: "LB 83 the internal sibling counts as the same balancer",
      subject: instance("s", 1, { pools: [poolId("Kubernetes-Internal")] }),
      want: write,
    },
    {
      name: "LB 83 another pool of the same balancer does not matter",
      subject: instance("s", 1, { pools: [poolId("kubernetes", "aksOutbound")] }),
      want: write,
    },
    {
      name: "an IPv6 pool goes on the IPv6 configuration",
      subject: instance("s", 1, { ipv6: true }),
      pool: pool6,
      want: write,
    },
    {
      name: "an IPv6 pool without an IPv6 configuration is an error",
      subject: instance("s", 1),
      pool: pool6,
      want: { act: "fail", message: "failed to find a primary IP configuration (IPv6=true)" },
    },
  ];
  for (const { name, subject, pool: wanted = pool, want } of cases) {
    it(name, () => assert.deepEqual(decideJoin(instanceMembership, subject, wanted), want));
  }
});

describe("whether an interface or a model joins", () => {
  it("an interface in state Failed does not", () => {
    const subject = nic("vm", { provisioningState: "Failed" });
    assert.deepEqual(decideJoin(interfaceMembership, subject, pool), skip("network interface has failed"));
  });

  it("an interface with two configurations and no primary one is an error", () => {
    const two = [{ name: "a" }, { name: "b" }];
    const decision = decideJoin(interfaceMembership, nic("vm", { ipConfigurations: two }), pool);
    assert.deepEqual(decision, { act: "fail", message: "failed to find a primary IP configuration (IPv6=false)" });
  });

  it("a model that is being deleted does not", () => {
    const subject = scaleSet("s", { provisioningState: "Deleting" });
    assert.deepEqual(decideJoin(modelMembership, subject, pool), skip("machine is being deleted"));
  });

  const windows = (image: object): VirtualMachineScaleSet => {
    const base = scaleSet("s", { ipv6: true });
    const storageProfile = { osDisk: { osType: "Windows" as const, createOption: "FromImage" }, imageReference: image };
    return { ...base, virtualMachineProfile: { ...base.virtualMachineProfile, storageProfile } };
  };
  const images: readonly { name: string; image: object; want: Decision }[] = [
    {
      name: "2019 by name",
      image: { id: "/x/images/windows-2019-containerd" },
      want: skip("Windows Server 2019 has no IPv6 pool"),
    },
    { name: "2019 by build", image: { version: "17763.5329.1" }, want: skip("Windows Server 2019 has no IPv6 pool") },
    { name: "2022", image: { id: "/x/images/windows-2022-containerd", version: "20348.1.1" }, want: write },
  ];
  for (const { name, image, want } of images) {
    it(`a model of Windows Server ${name} ${want.act === "write" ? "joins" : "does not join"} an IPv6 pool`, () => {
      assert.deepEqual(decideJoin(modelMembership, windows(image), pool6), want);
    });
  }

  it("a model of Windows Server 2019 joins an IPv4 pool", () => {
    assert.deepEqual(decideJoin(modelMembership, windows({ version: "17763.1.1" }), pool), write);
  });
});

describe("the edits", () => {
  it("a pool is added at the end of the primary configuration of the primary card, and nothing else changes", () => {
    const outbound = poolId("kubernetes", "aksOutbound");
    const [card] = cardsOf(instance("s", 1, { pools: [outbound], ipv6: true }));
    const second = { name: "storage", primary: false, ipConfigurations: [{ name: "x", primary: true }] };
    const networkProfileConfiguration = { networkInterfaceConfigurations: [second, card!] };
    const subject = { ...instance("s", 1), networkProfileConfiguration };
    const after = joined(instanceMembership, subject, pool);
    const [first, sixth] = card!.ipConfigurations!;
    const withPool = { ...first, loadBalancerBackendAddressPools: [{ id: outbound }, { id: pool.id }] };
    const changed = { ...card, ipConfigurations: [withPool, sixth] };
    assert.deepEqual(after, {
      ...subject,
      networkProfileConfiguration: { networkInterfaceConfigurations: [second, changed] },
    });
  });

  it("a pool is taken off every configuration that has it, in any letter case", () => {
    const subject = nic("vm", {
      ipConfigurations: [
        { name: "a", primary: true, loadBalancerBackendAddressPools: [{ id: pool.id }, { id: poolId("o") }] },
        { name: "b", loadBalancerBackendAddressPools: [{ id: pool.id.toUpperCase() }] },
      ],
    });
    const after = left(interfaceMembership, subject, pool);
    assert.deepEqual(
      after.ipConfigurations?.map((each) => each.loadBalancerBackendAddressPools),
      [[{ id: poolId("o") }], []],
    );
  });

  it("a model of a flexible scale set says which network API it means", () => {
    const after = joined(modelMembership, scaleSet("s", { orchestrationMode: "Flexible" }), pool);
    assert.equal(after.virtualMachineProfile?.networkProfile?.networkApiVersion, "2020-11-01");
    const uniform = joined(modelMembership, scaleSet("s"), pool);
    assert.equal(uniform.virtualMachineProfile?.networkProfile?.networkApiVersion, undefined);
  });

  it("an instance that is being deleted is not taken out", () => {
    const subject = instance("s", 1, { pools: [pool.id], provisioningState: "Deleting" });
    assert.deepEqual(decideLeave(instanceMembership, subject, pool), skip("machine is being deleted"));
    assert.equal(left(instanceMembership, subject, pool), subject);
  });

  it("an instance that is switched off is taken out", () => {
    const subject = instance("s", 1, { pools: [pool.id], ...power("deallocated") });
    assert.deepEqual(decideLeave(instanceMembership, subject, pool), write);
  });
});

describe("laws of membership", () => {
  const pools = fc.subarray([pool.id, poolId("kubernetes-internal"), poolId("kubernetes", "x"), poolId("other")]);
  const options = fc.record({
    pools,
    ipv6: fc.boolean(),
    provisioningState: fc.constantFrom("Succeeded", "Failed", "Deleting"),
  });
  const target = fc.constantFrom(pool, pool6);

  function laws<T>(name: string, kind: Membership<T>, subjects: fc.Arbitrary<T>): void {
    it(`law: ${name} that joined has nothing to do, and joining again changes nothing`, () => {
      fc.assert(
        fc.property(subjects, target, (subject, wanted) => {
          const once = joined(kind, subject, wanted);
          if (once !== subject) assert.deepEqual(decideJoin(kind, once, wanted), done);
          assert.equal(joined(kind, once, wanted), once);
        }),
      );
    });

    it(`law: ${name} that joins and leaves is as it was`, () => {
      fc.assert(
        fc.property(subjects, target, (subject, wanted) => {
          const once = joined(kind, subject, wanted);
          if (once === subject) return;
          const pooled = (value: T): unknown =>
            kind
              .cards(value)
              .map((card) => card.ipConfigurations?.map((each) => each.loadBalancerBackendAddressPools ?? []));
          assert.deepEqual(pooled(left(kind, once, wanted)), pooled(subject));
        }),
      );
    });
  }
  laws(
    "an interface",
    interfaceMembership,
    options.map((each) => nic("vm", each as object)),
  );
  laws(
    "an instance",
    instanceMembership,
    options.map((each) => instance("s", 1, each)),
  );
  laws(
    "a model",
    modelMembership,
    options.map((each) => scaleSet("s", each)),
  );
});
