import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { seedCluster } from "../../../src/simulator/index.ts";
import { startSlowWire, type Wire } from "./wire.ts";

let wire: Wire;
let clock: VirtualClock;
let vm: string;
afterEach(() => wire.arm.close());
beforeEach(async () => {
  const started = await startSlowWire();
  wire = started;
  clock = started.clock;
  seedCluster(wire.arm, { resourceGroup: "rg", vms: [{ name: "vm" }], vmss: { name: "s", nodes: [{}, {}] } });
  vm = `${wire.compute}/virtualMachines/vm`;
});

async function statuses(id: string): Promise<readonly string[]> {
  const { body } = await wire.get(`${id}/instanceView`);
  return body.statuses.map(({ code }: { code: string }) => code);
}

const post = (path: string, body = {}) => wire.send("POST", path, { body });

describe("ARM 108 the instance view follows", () => {
  const changes = [
    ["powerOff", "stopping", "stopped"],
    ["deallocate", "deallocating", "deallocated"],
    ["restart", "running", "running"],
    ["redeploy", "running", "running"],
    ["reapply", "running", "running"],
  ] as const;
  for (const [action, during, after] of changes) {
    for (const kind of ["virtualMachines/vm", "virtualMachineScaleSets/s/virtualMachines/1"]) {
      it(`${action} of ${kind}`, async () => {
        const id = `${wire.compute}/${kind}`;
        expect(await statuses(id)).toEqual(["ProvisioningState/succeeded", "PowerState/running"]);
        const answer = await post(`${id}/${action}`);
        expect([answer.status, answer.body]).toEqual([202, undefined]);
        expect(answer.headers.get("location")).toContain("monitor=true");
        expect(await statuses(id)).toEqual(["ProvisioningState/updating", `PowerState/${during}`]);
        await clock.advance(10_000);
        expect(await statuses(id)).toEqual(["ProvisioningState/succeeded", `PowerState/${after}`]);
        const done = await wire.get(answer.headers.get("azure-asyncoperation") ?? "");
        expect(done.body.status).toBe("Succeeded");
        expect((await wire.get(answer.headers.get("location") ?? "")).status).toBe(200);
      });
    }
  }

  it("start after deallocate", async () => {
    await post(`${vm}/deallocate`);
    await clock.advance(10_000);
    await post(`${vm}/start`);
    expect(await statuses(vm)).toEqual(["ProvisioningState/updating", "PowerState/starting"]);
    await clock.advance(10_000);
    expect(await statuses(vm)).toEqual(["ProvisioningState/succeeded", "PowerState/running"]);
  });

  it("a machine on its way in or out, which has no power state", async () => {
    const made = `${wire.compute}/virtualMachines/new`;
    await wire.put(made, { location: "westeurope", properties: {} });
    expect(await statuses(made)).toEqual(["ProvisioningState/creating"]);
    await wire.delete(vm);
    expect(await statuses(vm)).toEqual(["ProvisioningState/deleting"]);
    expect((await wire.get(vm)).body.properties.provisioningState).toBe("Deleting");
    await clock.advance(10_000);
    expect((await wire.get(`${vm}/instanceView`)).body.error.code).toBe("ResourceNotFound");
  });

  it("a failure, by its code", async () => {
    wire.arm.faults.failOperation({ method: "POST", path: `${vm}/start`, status: "Failed", code: "AllocationFailed" });
    await post(`${vm}/deallocate`);
    await clock.advance(10_000);
    const { headers } = await post(`${vm}/start`);
    await clock.advance(10_000);
    expect(await statuses(vm)).toEqual(["ProvisioningState/failed/AllocationFailed", "PowerState/deallocated"]);
    expect((await wire.get(headers.get("azure-asyncoperation") ?? "")).body).toMatchObject({
      status: "Failed",
      error: { code: "AllocationFailed" },
    });
  });

  it("with $expand, in GET and list", async () => {
    const one = await wire.get(`${vm}?$expand=instanceView`);
    expect(one.body.properties.instanceView.statuses).toHaveLength(2);
    const all = await wire.get(`${wire.compute}/virtualMachines?$expand=instanceView`);
    expect(all.body.value[0].properties.instanceView.statuses).toHaveLength(2);
    expect((await wire.get(vm)).body.properties).not.toHaveProperty("instanceView");
  });
});

describe("power of a scale set", () => {
  it("changes for the instances that are named, or for all", async () => {
    const scaleSet = `${wire.compute}/virtualMachineScaleSets/s`;
    const instance = (number: number): string => `${scaleSet}/virtualMachines/${number}`;
    await post(`${scaleSet}/deallocate`, { instanceIds: ["1"] });
    await clock.advance(10_000);
    expect((await statuses(instance(0)))[1]).toBe("PowerState/running");
    expect((await statuses(instance(1)))[1]).toBe("PowerState/deallocated");
    await post(`${scaleSet}/start`);
    await clock.advance(10_000);
    expect((await statuses(instance(1)))[1]).toBe("PowerState/running");
  });

  it("ARM 111 is refused for an instance that is not there", async () => {
    const answer = await post(`${wire.compute}/virtualMachineScaleSets/s/start`, { instanceIds: ["0", "7"] });
    expect([answer.status, answer.body.error]).toEqual([
      400,
      {
        code: "InvalidParameter",
        message: "The provided instanceId 7 is not an active Virtual Machine Scale Set VM instanceId.",
        target: "instanceIds",
      },
    ]);
  });
});

describe("actions", () => {
  it("run alone on a machine", async () => {
    await post(`${vm}/restart`);
    const second = await post(`${vm}/start`);
    expect([second.status, second.body.error.code]).toEqual([409, "Conflict"]);
    const put = await wire.put(vm, { location: "westeurope" });
    expect([put.status, put.body.error.code]).toEqual([409, "Conflict"]);
    await clock.advance(10_000);
    await wire.put(vm, { tags: { a: "b" } });
    expect((await post(`${vm}/restart`)).status).toBe(409);
  });

  it("ARM 39 of a machine that is not there name it", async () => {
    const answer = await post(`${wire.compute}/virtualMachines/none/start`);
    expect([answer.status, answer.body.error.code]).toEqual([404, "ResourceNotFound"]);
    expect(answer.body.error.message).toContain("'Microsoft.Compute/virtualMachines/none'");
  });

  it("are refused for a machine that is being deleted", async () => {
    await wire.delete(vm);
    const answer = await post(`${vm}/start`);
    expect([answer.status, answer.body.error.code]).toEqual([409, "OperationNotAllowed"]);
  });

  it("that the simulator does not have are 501", async () => {
    const answer = await post(`${vm}/levitate`);
    expect([answer.status, answer.body.error.code]).toEqual([501, "NotImplemented"]);
  });

  it("generalize is done at once, for a machine that is stopped, which never runs again", async () => {
    const running = await post(`${vm}/generalize`);
    expect([running.status, running.body.error.code]).toEqual([409, "OperationNotAllowed"]);
    await post(`${vm}/deallocate`);
    await clock.advance(10_000);
    const answer = await post(`${vm}/generalize`);
    expect([answer.status, answer.body]).toEqual([200, undefined]);
    expect(await statuses(vm)).toEqual([
      "ProvisioningState/succeeded",
      "OSState/generalized",
      "PowerState/deallocated",
    ]);
    const start = await post(`${vm}/start`);
    expect([start.status, start.body.error.code]).toEqual([409, "OperationNotAllowed"]);
    expect(start.body.error.message).toBe("Operation 'start' is not allowed on VM 'vm' since the VM is generalized.");
    const instance = await post(`${wire.compute}/virtualMachineScaleSets/s/virtualMachines/0/generalize`);
    expect(instance.status, "instances have no such action").toBe(501);
  });

  it("scaleOut adds instances to a scale set", async () => {
    const set = `${wire.compute}/virtualMachineScaleSets/s`;
    for (const body of [{}, { capacity: 0 }, { capacity: "2" }]) {
      const refused = await post(`${set}/scaleOut`, body);
      expect([refused.status, refused.body.error.code]).toEqual([400, "InvalidParameter"]);
    }
    const answer = await post(`${set}/scaleOut`, { capacity: 2, properties: { zone: "1" } });
    expect(answer.status).toBe(202);
    await clock.advance(10_000);
    expect((await wire.get(set)).body.sku.capacity).toBe(4);
    expect((await wire.get(`${set}/virtualMachines`)).body.value).toHaveLength(4);
  });

  it("simulateEviction is done at once, runCommand tells its output", async () => {
    expect((await post(`${vm}/runCommand`, { commandId: "RunShellScript" })).status).toBe(202);
    await clock.advance(10_000);
    const { headers } = await post(`${vm}/runCommand`, { commandId: "RunShellScript" });
    await clock.advance(10_000);
    const { body } = await wire.get(headers.get("azure-asyncoperation") ?? "");
    expect(body.properties.output.value[0].code).toBe("ComponentStatus/StdOut/succeeded");
    expect((await post(`${vm}/simulateEviction`)).status).toBe(204);
    expect((await statuses(vm))[1]).toBe("PowerState/deallocated");
  });
});

describe("an interface whose machine runs", () => {
  it("ARM 59 is written by an operation, and synchronously once the machine is off", async () => {
    const nic = `${wire.network}/networkInterfaces/vm-nic`;
    const { body } = await wire.get(nic);
    const running = await wire.put(nic, body);
    expect(running.status).toBe(200);
    expect(running.body.properties.provisioningState).toBe("Succeeded");
    body.properties.enableIPForwarding = true;
    const changed = await wire.put(nic, body);
    expect([changed.status, changed.body.properties.provisioningState]).toEqual([200, "Updating"]);
    expect(changed.headers.get("azure-asyncoperation")).not.toBeNull();
    await clock.advance(10_000);
    expect((await wire.get(nic)).body.properties.provisioningState).toBe("Succeeded");
    await post(`${vm}/powerOff`);
    await clock.advance(10_000);
    body.properties.enableIPForwarding = false;
    const off = await wire.put(nic, body);
    expect([off.body.properties.provisioningState, off.headers.get("azure-asyncoperation")]).toEqual([
      "Succeeded",
      null,
    ]);
  });
});

describe("the switches", () => {
  beforeEach(async () => {
    await wire.arm.close();
    const started = await startSlowWire({
      behaviour: { attachedInterfacePut: "synchronous", resizeAttachedDisk: "allow" },
    });
    wire = started;
    clock = started.clock;
    seedCluster(wire.arm, { resourceGroup: "rg", vms: [{ name: "vm" }] });
  });

  it("an interface of a running machine is written synchronously where told", async () => {
    const nic = `${wire.network}/networkInterfaces/vm-nic`;
    const { body } = await wire.get(nic);
    body.properties.enableIPForwarding = true;
    const answer = await wire.put(nic, body);
    expect([answer.body.properties.provisioningState, answer.headers.get("azure-asyncoperation")]).toEqual([
      "Succeeded",
      null,
    ]);
  });

  it("a disk of a running machine grows where told", async () => {
    const [disk] = (await wire.get(`${wire.compute}/disks`)).body.value;
    expect(disk.properties.diskState).toBe("Attached");
    const grown = await wire.send("PATCH", disk.id, { body: { properties: { diskSizeGB: 64 } } });
    expect(grown.status).toBe(202);
    await clock.advance(10_000);
    expect((await wire.get(disk.id)).body.properties.diskSizeGB).toBe(64);
  });
});
