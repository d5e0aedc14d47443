import { afterEach, describe, expect, it } from "vitest";
import { readyAnswers } from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, standardAddress, startSlowWire, startWire, type Wire } from "./wire.ts";

let wire: Wire;
afterEach(() => wire.arm.close());

async function slow(options: Parameters<typeof startSlowWire>[0] = {}) {
  const started = await startSlowWire(options);
  wire = started;
  return started;
}

async function zero(): Promise<Wire> {
  wire = await startWire();
  return wire;
}

describe("first answers", () => {
  for (const type of ["publicIPAddresses", "networkSecurityGroups", "virtualNetworks"]) {
    it(`ARM 56 ${type}: 201 Updating with Azure-AsyncOperation and without Location`, async () => {
      const { put, network } = await zero();
      const body = type === "virtualNetworks" ? smallNetwork : { location: "westeurope" };
      const answer = await put(`${network}/${type}/x`, body);
      expect(answer.status).toBe(201);
      expect(answer.body.properties.provisioningState).toBe("Updating");
      expect(answer.headers.get("azure-asyncoperation")).toContain(
        "/providers/Microsoft.Network/locations/westeurope/operations/",
      );
      expect(answer.headers.get("azure-asyncnotification")).toBe("Enabled");
      expect(answer.headers.get("location")).toBeNull();
    });
  }

  it("ARM 57 deletes with 202, both headers and no body", async () => {
    const { put, network, delete: remove } = await zero();
    await put(`${network}/publicIPAddresses/p`, standardAddress);
    const answer = await remove(`${network}/publicIPAddresses/p`);
    expect(answer.status).toBe(202);
    expect(answer.body).toBeUndefined();
    expect(answer.headers.get("location")).toContain("/operationResults/");
    expect(answer.headers.get("azure-asyncoperation")).toContain("/operations/");
  });

  it("ARM 58 a balancer's first answer says Succeeded and has an operation", async () => {
    const { put, get, network } = await slow();
    const id = `${network}/loadBalancers/lb`;
    const answer = await put(id, balancer(id, {}));
    expect(answer.body.properties.provisioningState).toBe("Succeeded");
    expect((await get(answer.headers.get("azure-asyncoperation") ?? "")).body).toEqual({ status: "InProgress" });
    expect((await get(id)).body.etag).toBe(answer.body.etag);
  });

  it("ARM 59 an interface is written at once and deleted with 200 and headers", async () => {
    const { put, network, delete: remove } = await zero();
    await put(`${network}/virtualNetworks/v`, smallNetwork);
    const subnet = { id: `${network}/virtualNetworks/v/subnets/nodes` };
    const answer = await put(`${network}/networkInterfaces/n`, {
      location: "westeurope",
      properties: { ipConfigurations: [{ name: "c", properties: { subnet } }] },
    });
    expect([answer.status, answer.body.properties.provisioningState]).toEqual([201, "Succeeded"]);
    expect(answer.headers.get("azure-asyncoperation")).toBeNull();
    const removed = await remove(`${network}/networkInterfaces/n`);
    expect(removed.status).toBe(200);
    expect(removed.headers.get("azure-asyncoperation")).not.toBeNull();
  });

  it("ARM 60 a PUT that changes nothing says Succeeded, has a header and keeps the etag", async () => {
    const { put, get, network } = await zero();
    await put(`${network}/publicIPAddresses/p`, standardAddress);
    const { etag } = (await get(`${network}/publicIPAddresses/p`)).body;
    const again = await put(`${network}/publicIPAddresses/p`, standardAddress);
    expect([again.status, again.body.properties.provisioningState, again.body.etag]).toEqual([200, "Succeeded", etag]);
    expect(again.headers.get("azure-asyncoperation")).not.toBeNull();
    await put(`${network}/virtualNetworks/v`, smallNetwork);
    expect((await put(`${network}/virtualNetworks/v`, smallNetwork)).status).toBe(201);
  });

  it("ARM 61 a machine is Creating, and a PUT that changes nothing is Updating without header", async () => {
    const { put, get, compute, clock } = await slow();
    const id = `${compute}/virtualMachines/vm`;
    const made = await put(id, { location: "westeurope", properties: {} });
    expect([made.status, made.body.properties.provisioningState]).toEqual([201, "Creating"]);
    await clock.advance(10_000);
    const again = await put(id, { location: "westeurope", properties: {} });
    expect([again.status, again.body.properties.provisioningState]).toEqual([200, "Updating"]);
    expect(again.headers.get("azure-asyncoperation")).toBeNull();
    await clock.advance(10_000);
    expect((await get(id)).body.properties.provisioningState).toBe("Succeeded");
  });

  it("ARM 62 a scale set's PUT is Updating with a header, also when it changes nothing", async () => {
    const { put, compute, clock } = await slow();
    const id = `${compute}/virtualMachineScaleSets/s`;
    await put(id, { location: "westeurope", properties: {} });
    await clock.advance(10_000);
    const again = await put(id, { location: "westeurope", properties: {} });
    expect([again.status, again.body.properties.provisioningState]).toEqual([200, "Updating"]);
    expect(again.headers.get("azure-asyncoperation")).toContain("/providers/Microsoft.Compute/");
  });
});

describe("operation documents", () => {
  it("ARM 65 the network's is the status alone, compute's has times and name", async () => {
    const { put, get, network, compute, clock } = await slow();
    const address = await put(`${network}/publicIPAddresses/p`, standardAddress);
    const machine = await put(`${compute}/virtualMachines/vm`, { location: "westeurope", properties: {} });
    const machineUrl = machine.headers.get("azure-asyncoperation") ?? "";
    expect(Object.keys((await get(machineUrl)).body).toSorted()).toEqual(["name", "startTime", "status"]);
    await clock.advance(10_000);
    expect((await get(address.headers.get("azure-asyncoperation") ?? "")).body).toEqual({ status: "Succeeded" });
    const done = (await get(machineUrl)).body;
    expect(Object.keys(done).toSorted()).toEqual(["endTime", "name", "startTime", "status"]);
    expect(Date.parse(done.endTime) - Date.parse(done.startTime)).toBe(10_000);
  });

  it("ARM 66, 77 a failed create is HTTP 200 Failed and leaves a resource to read, write again and delete", async () => {
    const { arm, put, get, network, delete: remove } = await zero();
    const path = `${network}/publicIPAddresses/p`;
    arm.faults.failOperation({ method: "PUT", path, status: "Failed", code: "InternalServerError", message: "boom" });
    const answer = await put(path, standardAddress);
    expect(answer.status).toBe(201);
    const document = await get(answer.headers.get("azure-asyncoperation") ?? "");
    expect(document.status).toBe(200);
    expect(document.body).toEqual({
      status: "Failed",
      error: { code: "InternalServerError", message: "boom", details: [] },
    });
    const left = (await get(path)).body.properties;
    expect(left.provisioningState).toBe("Failed");
    expect(left).not.toHaveProperty("ipAddress");
    expect(arm.resources.inEffect(path)).toBeUndefined();
    const again = await put(path, standardAddress);
    expect(again.body.properties.provisioningState).toBe("Updating");
    expect((await get(path)).body.properties).toMatchObject({
      provisioningState: "Succeeded",
      ipAddress: expect.any(String),
    });
    arm.faults.failOperation({ method: "DELETE", path, status: "Failed", code: "X" });
    await remove(path);
    expect((await get(path)).body.properties.provisioningState).toBe("Failed");
    await remove(path);
    expect((await get(path)).status).toBe(404);
  });

  it("a failed update keeps the new body and the old effect", async () => {
    const { arm, put, get, network } = await zero();
    const path = `${network}/publicIPAddresses/p`;
    await put(path, standardAddress);
    arm.faults.failOperation({ method: "PUT", path, status: "Failed", code: "X" });
    const changed = { ...standardAddress, properties: { publicIPAllocationMethod: "Static", idleTimeoutInMinutes: 9 } };
    await put(path, changed);
    expect((await get(path)).body.properties).toMatchObject({ provisioningState: "Failed", idleTimeoutInMinutes: 9 });
    expect(arm.resources.inEffect(path)).toMatchObject({ properties: { idleTimeoutInMinutes: 4 } });
    const again = await put(path, changed);
    expect(again.body.properties.provisioningState).toBe("Updating");
    expect(arm.resources.inEffect(path)).toMatchObject({ properties: { idleTimeoutInMinutes: 9 } });
  });

  it("ARM 72 URLs echo the caller's host and carry the api-version", async () => {
    const { send, network } = await zero();
    const headers = { "x-forwarded-host": "arm.example:8443", "x-forwarded-proto": "https" };
    const answer = await send("PUT", `${network}/publicIPAddresses/p`, { body: standardAddress, headers });
    const url = new URL(answer.headers.get("azure-asyncoperation") ?? "");
    expect([url.origin, url.searchParams.get("api-version")]).toEqual(["https://arm.example:8443", "2025-05-01"]);
  });

  it("ARM 75 survive their end; an unknown id is 404", async () => {
    const { put, get, network, subscription } = await zero();
    const answer = await put(`${network}/publicIPAddresses/p`, standardAddress);
    const url = answer.headers.get("azure-asyncoperation") ?? "";
    expect((await get(url)).body.status).toBe("Succeeded");
    expect((await get(url)).body.status).toBe("Succeeded");
    const unknown = await get(`${subscription}/providers/Microsoft.Network/locations/westeurope/operations/none`);
    expect(unknown.status).toBe(404);
  });

  it("ARM 76 send whole seconds of Retry-After while they run, and none at the end", async () => {
    const { put, get, network, clock } = await slow();
    const answer = await put(`${network}/publicIPAddresses/p`, standardAddress);
    expect(answer.headers.get("retry-after")).toBe("1");
    const url = answer.headers.get("azure-asyncoperation") ?? "";
    expect((await get(url)).headers.get("retry-after")).toBe("2");
    await clock.advance(10_000);
    expect((await get(url)).headers.get("retry-after")).toBeNull();
  });

  it("send no Retry-After at all without latency", async () => {
    const { put, network, delete: remove } = await zero();
    expect((await put(`${network}/publicIPAddresses/p`, standardAddress)).headers.get("retry-after")).toBeNull();
    expect((await remove(`${network}/publicIPAddresses/p`)).headers.get("retry-after")).toBeNull();
  });

  it("Location answers 202 while a deletion runs and 204 after", async () => {
    const { put, get, network, clock, delete: remove } = await slow();
    await put(`${network}/publicIPAddresses/p`, standardAddress);
    await clock.advance(10_000);
    const url = (await remove(`${network}/publicIPAddresses/p`)).headers.get("location") ?? "";
    const running = await get(url);
    expect([running.status, running.headers.get("location")]).toEqual([202, url]);
    await clock.advance(10_000);
    expect((await get(url)).status).toBe(204);
  });

  it("ARM 70 a resource group goes with Location only, and takes everything with it", async () => {
    const { put, get, send, network, group, clock } = await slow();
    await put(`${network}/publicIPAddresses/p`, standardAddress);
    const answer = await send("DELETE", group, { version: "2021-04-01" });
    expect([answer.status, answer.headers.get("azure-asyncoperation")]).toEqual([202, null]);
    const url = answer.headers.get("location") ?? "";
    const running = await get(url);
    expect([running.status, running.headers.get("retry-after"), running.headers.get("location")]).toEqual([
      202,
      "15",
      url,
    ]);
    expect((await get(group, { version: "2021-04-01" })).body.properties.provisioningState).toBe("Deleting");
    const refused = await put(`${network}/publicIPAddresses/q`, standardAddress);
    expect([refused.status, refused.body.error.code]).toEqual([409, "ResourceGroupBeingDeleted"]);
    await clock.advance(10_000);
    expect((await get(url)).status).toBe(200);
    expect((await get(url)).status).toBe(200);
    expect((await get(`${network}/publicIPAddresses/p`)).body.error.code).toBe("ResourceGroupNotFound");
  });
});

describe("while an operation runs", () => {
  it("ARM 78, 80 GET shows the new body, Updating, and no address before the end", async () => {
    const { put, get, network, clock } = await slow();
    const path = `${network}/publicIPAddresses/p`;
    const first = await put(path, standardAddress);
    expect(first.body.properties).not.toHaveProperty("ipAddress");
    const { etag, properties } = (await get(path)).body;
    expect(properties).toMatchObject({ provisioningState: "Updating", publicIPAllocationMethod: "Static" });
    expect(properties).not.toHaveProperty("ipAddress");
    await clock.advance(10_000);
    const done = (await get(path)).body;
    expect(done.properties).toMatchObject({ provisioningState: "Succeeded", ipAddress: expect.stringMatching(/^\d/) });
    expect(done.etag).not.toBe(etag);
  });

  it("ARM 79 what is being deleted is shown as Deleting until it has gone", async () => {
    const { put, get, network, clock, delete: remove } = await slow();
    const path = `${network}/publicIPAddresses/p`;
    await put(path, standardAddress);
    await clock.advance(10_000);
    const first = await remove(path);
    expect((await get(path)).body.properties.provisioningState).toBe("Deleting");
    expect((await get(`${network}/publicIPAddresses`)).body.value).toHaveLength(1);
    const second = await remove(path);
    expect(second.headers.get("azure-asyncoperation")).toBe(first.headers.get("azure-asyncoperation"));
    const refused = await put(path, standardAddress);
    expect([refused.status, refused.body.error.code]).toEqual([409, "AnotherOperationInProgress"]);
    await clock.advance(10_000);
    expect((await get(path)).status).toBe(404);
  });

  it("ARM 67, 121 a second PUT of a balancer cancels the first one's operation", async () => {
    const { put, get, network, clock } = await slow();
    const id = `${network}/loadBalancers/lb`;
    const first = await put(id, balancer(id, {}));
    const second = await put(id, balancer(id, { pools: ["pool", "two"] }));
    const { body } = await get(first.headers.get("azure-asyncoperation") ?? "");
    expect([body.status, body.error.code]).toEqual(["Canceled", "Canceled"]);
    expect(body.error.details[0].code).toBe("CanceledAndSupersededDueToAnotherOperation");
    const [firstId, secondId] = [first, second].map(({ headers }) => headers.get("x-ms-request-id"));
    expect(body.error.details[0].message).toBe(
      `Operation PutLoadBalancerOperation (${firstId}) was canceled and superseded by operation PutLoadBalancerOperation (${secondId}).`,
    );
    await clock.advance(10_000);
    expect((await get(second.headers.get("azure-asyncoperation") ?? "")).body.status).toBe("Succeeded");
    expect((await get(id)).body.properties.backendAddressPools).toHaveLength(2);
  });

  it("a superseded body never takes effect, the newer one does", async () => {
    const { arm, put, network, clock } = await slow();
    const id = `${network}/loadBalancers/lb`;
    await put(id, balancer(id, { pools: ["one"] }));
    await clock.advance(5_000);
    await put(id, balancer(id, { pools: ["two"] }));
    await clock.advance(9_999);
    expect(arm.resources.inEffect(id)).toBeUndefined();
    await clock.advance(1);
    expect(JSON.stringify(arm.resources.inEffect(id))).toContain('"two"');
  });

  it("the switch refuses a second PUT instead", async () => {
    const { put, network } = await slow({ behaviour: { secondPut: "refuse" } });
    const id = `${network}/loadBalancers/lb`;
    const first = await put(id, balancer(id, {}));
    const second = await put(id, balancer(id, { pools: [] }));
    expect([second.status, second.body.error.code]).toEqual([409, "AnotherOperationInProgress"]);
    expect(second.body.error.message).toContain(first.headers.get("x-ms-request-id") ?? "none");
  });

  for (const [setting, status] of [
    ["refuse", 409],
    ["accept", 202],
  ] as const) {
    it(`a DELETE while a PUT runs is answered ${status} with the switch at ${setting}`, async () => {
      const { put, get, network, delete: remove } = await slow({ behaviour: { deleteDuringPut: setting } });
      const id = `${network}/loadBalancers/lb`;
      const first = await put(id, balancer(id, {}));
      expect((await remove(id)).status).toBe(status);
      const { body } = await get(first.headers.get("azure-asyncoperation") ?? "");
      expect(body.status).toBe(setting === "accept" ? "Canceled" : "InProgress");
    });
  }

  it("ARM 99 a second write on a network or its subnets is refused with the operation's URI", async () => {
    const { put, get, network, clock } = await slow();
    const id = `${network}/virtualNetworks/v`;
    await put(id, smallNetwork);
    await clock.advance(10_000);
    const first = await put(`${id}/subnets/a`, { properties: { addressPrefix: "10.0.1.0/24" } });
    expect([first.status, first.body.properties.provisioningState]).toEqual([201, "Updating"]);
    const second = await put(`${id}/subnets/b`, { properties: { addressPrefix: "10.0.2.0/24" } });
    expect([second.status, second.body.error.code]).toEqual([429, "AnotherOperationInProgress"]);
    expect(second.headers.get("retry-after")).toBe("10");
    const uri = /use uri: (\S+)\.$/.exec(second.body.error.message)?.[1] ?? "";
    expect((await get(uri)).body.status).toBe("InProgress");
  });

  it("ARM 122 a second PUT of a machine preempts the first", async () => {
    const { put, get, compute } = await slow();
    const id = `${compute}/virtualMachines/vm`;
    const first = await put(id, { location: "westeurope", properties: {} });
    await put(id, { location: "westeurope", properties: { licenseType: "None" } });
    const { body } = await get(first.headers.get("azure-asyncoperation") ?? "");
    expect([body.status, body.error.code]).toEqual(["Canceled", "OperationPreempted"]);
  });

  it("ARM 123 a reference to an address that is Updating earns a 429 which names it", async () => {
    const { put, network, clock } = await slow();
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, standardAddress);
    const id = `${network}/loadBalancers/lb`;
    const refused = await put(id, balancer(id, { frontends: { fe: pip } }));
    expect([refused.status, refused.body.error.code]).toEqual([429, "RetryableError"]);
    const [detail] = refused.body.error.details;
    expect(detail.code).toBe("ReferencedResourceNotProvisioned");
    expect(detail.message).toContain(`resource ${pip} used by resource ${id}/frontendIPConfigurations/fe`);
    expect(detail.message).toMatch(/PutPublicIpAddressOperation\.$/);
    await clock.advance(10_000);
    expect((await put(id, balancer(id, { frontends: { fe: pip } }))).status).toBe(201);
  });

  it("a Failed address is refused in the same way, until it is repaired", async () => {
    const { arm, put, network } = await zero();
    const pip = `${network}/publicIPAddresses/p`;
    arm.faults.failOperation({ method: "PUT", path: pip, status: "Failed", code: "X" });
    await put(pip, standardAddress);
    const id = `${network}/loadBalancers/lb`;
    const refused = await put(id, balancer(id, { frontends: { fe: pip } }));
    expect(refused.body.error.details[0].message).toContain("Resource is in Failed state");
    await put(pip, standardAddress);
    expect((await put(id, balancer(id, { frontends: { fe: pip } }))).status).toBe(201);
  });

  it("a PATCH of tags is done at once and replaces the whole map", async () => {
    const { put, get, send, network } = await zero();
    const path = `${network}/publicIPAddresses/p`;
    await put(path, { ...standardAddress, tags: { a: "1", b: "2" } });
    const { etag } = (await get(path)).body;
    const answer = await send("PATCH", path, { body: { tags: { c: "3" } } });
    expect([answer.status, answer.headers.get("azure-asyncoperation")]).toEqual([200, null]);
    expect(answer.body.tags).toEqual({ c: "3" });
    expect(answer.body.properties.provisioningState).toBe("Succeeded");
    expect(answer.body.etag).not.toBe(etag);
  });
});

describe("faults", () => {
  it("ARM 129 address method, path, nth match and phase", async () => {
    const { arm, put, get, network } = await zero();
    const fault = arm.faults.script({
      method: "PUT",
      path: /publicIPAddresses\/p$/,
      nth: 2,
      at: "received",
      with: readyAnswers.throttled(7),
    });
    expect((await put(`${network}/publicIPAddresses/p`, standardAddress)).status).toBe(201);
    expect((await get(`${network}/publicIPAddresses/p`)).status).toBe(200);
    const second = await put(`${network}/publicIPAddresses/p`, { ...standardAddress, tags: { a: "b" } });
    expect([second.status, second.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await get(`${network}/publicIPAddresses/p`)).body).not.toHaveProperty("tags");
    expect((await put(`${network}/publicIPAddresses/p`, standardAddress)).status).toBe(200);
    expect(fault.fired()).toBe(1);
  });

  it("ARM 128 a reset after commit leaves the write applied, and the repeated PUT changes nothing", async () => {
    const { arm, put, get, network } = await zero();
    const path = `${network}/publicIPAddresses/p`;
    arm.faults.script({ method: "PUT", path, at: "committed", with: "reset" });
    await expect(put(path, standardAddress)).rejects.toThrow();
    const { etag, properties } = (await get(path)).body;
    expect(properties.provisioningState).toBe("Succeeded");
    const again = await put(path, standardAddress);
    expect([again.status, again.body.etag]).toEqual([200, etag]);
    expect(arm.journal.entries()[0]).toMatchObject({ method: "PUT", status: 0 });
  });

  it("a fault that is taken away happens no more", async () => {
    const { arm, put, network } = await zero();
    const fault = arm.faults.script({
      path: "",
      nth: "every",
      at: "received",
      with: readyAnswers.internalServerError(),
    });
    expect((await put(`${network}/publicIPAddresses/p`, standardAddress)).status).toBe(500);
    fault.remove();
    expect((await put(`${network}/publicIPAddresses/p`, standardAddress)).status).toBe(201);
    expect(fault.fired()).toBe(1);
  });

  it("ready answers have ARM's shape", () => {
    const statuses = [
      readyAnswers.throttled(),
      readyAnswers.anotherOperationInProgress(3),
      readyAnswers.preconditionFailed(),
      readyAnswers.internalServerError(),
      readyAnswers.gatewayTimeout(),
      readyAnswers.referencedResourceNotProvisioned("/a", "/b"),
    ].map(({ status, headers }) => [status, headers?.["retry-after"]]);
    expect(statuses).toEqual([
      [429, undefined],
      [409, "3"],
      [412, undefined],
      [500, undefined],
      [504, undefined],
      [429, undefined],
    ]);
  });
});
