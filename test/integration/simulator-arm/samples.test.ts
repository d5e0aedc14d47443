import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { balancer, smallNetwork, standardAddress, startWire, type Wire, type WireAnswer } from "./wire.ts";

interface Sample {
  readonly request: { readonly body: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

function sample(name: string): Sample {
  return JSON.parse(readFileSync(new URL(`../../fixtures/arm-samples/${name}.json`, import.meta.url), "utf8"));
}

/** Paths of a document's members; items of a list count once, under `[]`. */
function shapeOf(value: unknown, path = ""): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set([`${path}[]`, ...value.flatMap((item) => [...shapeOf(item, `${path}[]`)])]);
  if (typeof value !== "object" || value === null) return new Set([path]);
  return new Set([path, ...Object.entries(value).flatMap(([key, item]) => [...shapeOf(item, `${path}.${key}`)])]);
}

/** Headers that a recording has by the way it was taken, or that issue from accidents of that day. */
const ACCIDENTAL = [
  "content-length",
  "x-ms-ratelimit-remaining",
  "x-ms-operation-identifier",
  "x-ms-need-to-refresh-epl-cache",
  "x-ms-request-charge",
];

function headersOf({ response }: Sample): readonly string[] {
  const names = Object.keys(response.headers).map((name) => name.toLowerCase());
  return names.filter((name) => !ACCIDENTAL.some((prefix) => name.startsWith(prefix))).toSorted();
}

/** The answer has the recording's status, every header and every member of it, except `lacks`. */
function expectLike(answer: WireAnswer, name: string, lacks: readonly string[] = []): void {
  const recorded = sample(name);
  expect(answer.status).toBe(recorded.response.status);
  expect([...answer.headers.keys()]).toEqual(expect.arrayContaining([...headersOf(recorded)]));
  const [ours, theirs] = [shapeOf(answer.body), shapeOf(recorded.response.body ?? undefined)];
  expect([...theirs].filter((path) => !ours.has(path)).toSorted()).toEqual([...lacks].toSorted());
}

/** The answer has no member that the recording lacks. */
function expectNothingMore(answer: WireAnswer, name: string): void {
  const theirs = shapeOf(sample(name).response.body ?? undefined);
  expect([...shapeOf(answer.body)].filter((path) => !theirs.has(path))).toEqual([]);
}

let wire: Wire;
beforeEach(async () => {
  wire = await startWire();
});
afterEach(() => wire.arm.close());

describe("ARM 134 recorded answers", () => {
  it("public address: PUT, GET and DELETE", async () => {
    const pip = `${wire.network}/publicIPAddresses/p`;
    const made = await wire.put(pip, standardAddress);
    expectLike(made, "pip-put-201-updating");
    expectNothingMore(made, "pip-put-201-updating");
    const got = await wire.get(pip);
    expectLike(got, "pip-get-standard-static");
    expectNothingMore(got, "pip-get-standard-static");
    expectLike(await wire.get(made.headers.get("azure-asyncoperation") ?? ""), "nrp-op-succeeded");
    expectLike(await wire.put(pip, standardAddress, { "if-match": "invalid" }), "err-412-nrp");
    expectLike(await wire.delete(pip), "pip-delete-202");
    await wire.put(`${wire.network}/publicIPAddresses/b`, { location: "eastus" });
    expectLike(await wire.get(`${wire.network}/publicIPAddresses/b`), "pip-get-basic-dynamic");
  });

  it("balancer: PUT with an embedded address, pools and errors", async () => {
    const pip = `${wire.network}/publicIPAddresses/pip1`;
    await wire.put(pip, standardAddress);
    const id = `${wire.network}/loadBalancers/lb`;
    const text = JSON.stringify(sample("lb-put-201").request.body).replaceAll("eastus", "westeurope");
    const body = JSON.parse(text);
    body.properties.frontendIPConfigurations[0].properties.publicIPAddress.id = pip;
    const made = await wire.put(id, body);
    expectLike(made, "lb-put-201");
    expectNothingMore(made, "lb-put-201");
    await wire.put(`${id}/backendAddressPools/pool`, { properties: {} });
    expectLike(await wire.get(`${id}/backendAddressPools`), "backendpool-list");
    expectLike(await wire.get(`${id}/backendAddressPools/none`), "err-404-nrp-subresource-notfound");
    expectLike(await wire.get(`${wire.network}/loadBalancers/none`), "err-404-resourcenotfound");
    expectLike(
      await wire.get(`${wire.group}x/providers/Microsoft.Network/loadBalancers`),
      "err-404-resourcegroupnotfound",
    );
  });

  it("network, security group and interface", async () => {
    const made = await wire.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
    expectLike(made, "vnet-put-201");
    expectNothingMore(made, "vnet-put-201");
    await wire.put(`${wire.network}/networkSecurityGroups/g`, { location: "westeurope" });
    const group = await wire.get(`${wire.network}/networkSecurityGroups/g`);
    expectLike(group, "nsg-get");
    expectNothingMore(group, "nsg-get");
    const subnet = { id: `${wire.network}/virtualNetworks/v/subnets/nodes` };
    const ipConfigurations = [{ name: "c", properties: { subnet } }];
    const nic = await wire.put(`${wire.network}/networkInterfaces/n`, {
      location: "westeurope",
      properties: { ipConfigurations },
    });
    expectLike(nic, "nic-put-201-sync");
    expectNothingMore(nic, "nic-put-201-sync");
    expect(nic.headers.get("azure-asyncoperation")).toBeNull();
    expectLike(await wire.delete(`${wire.network}/networkInterfaces/n`), "nic-delete-200-async");
  });

  it("machines and disks", async () => {
    const { compute } = wire;
    const nic = `${wire.network}/networkInterfaces/n`;
    await wire.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
    const subnet = { id: `${wire.network}/virtualNetworks/v/subnets/nodes` };
    wire.arm.put(nic, {
      location: "westeurope",
      properties: { ipConfigurations: [{ name: "c", properties: { subnet } }] },
    });
    const text = JSON.stringify(sample("vm-put-201").request.body).replaceAll("eastus2", "westeurope");
    const body = JSON.parse(text);
    body.properties.networkProfile.networkInterfaces[0].id = nic;
    const made = await wire.put(`${compute}/virtualMachines/vm`, body);
    expectLike(made, "vm-put-201");
    expectNothingMore(made, "vm-put-201");
    const shown = await wire.get(`${compute}/virtualMachines/vm`);
    expectLike(shown, "vm-get");
    expectNothingMore(shown, "vm-get");
    const again = await wire.put(`${compute}/virtualMachines/vm`, body);
    expectLike(again, "vm-put-200-noop");
    expectNothingMore(again, "vm-put-200-noop");
    expect(again.headers.get("azure-asyncoperation")).toBeNull();
    expectLike(await wire.get(made.headers.get("azure-asyncoperation") ?? ""), "crp-op-succeeded");
    expectLike(
      await wire.put(`${compute}/virtualMachines/vm`, { location: "westeurope" }, { "if-match": "invalid" }),
      "err-412-crp",
    );
    const disk = { location: "westeurope", properties: { creationData: { createOption: "Empty" }, diskSizeGB: 200 } };
    const accepted = await wire.put(`${compute}/disks/d`, disk);
    expectLike(accepted, "disk-put-202");
    expectNothingMore(accepted, "disk-put-202");
    const document = await wire.get(`${compute}/disks/d`);
    expectLike(document, "disk-get");
    expectNothingMore(document, "disk-get");
    const operation = await wire.get(accepted.headers.get("azure-asyncoperation") ?? "");
    expectLike(operation, "disk-op-succeeded");
    expectNothingMore(operation, "disk-op-succeeded");
    await wire.put(`${compute}/availabilitySets/a`, { location: "westeurope", sku: { name: "Aligned" } });
    const migration = ".properties.virtualMachineScaleSetMigrationInfo";
    const inner = `${migration}.defaultVirtualMachineScaleSetInfo`;
    expectLike(await wire.get(`${compute}/availabilitySets/a`), "availabilityset-get", [
      migration,
      inner,
      `${inner}.constrainedMaximumCapacity`,
      `${inner}.defaultVirtualMachineScaleSet`,
      `${inner}.defaultVirtualMachineScaleSet.id`,
    ]);
  });

  it("scale sets and instances", async () => {
    const scaleSet = `${wire.compute}/virtualMachineScaleSets/s`;
    await wire.put(`${wire.network}/virtualNetworks/v`, smallNetwork);
    const subnet = { id: `${wire.network}/virtualNetworks/v/subnets/nodes` };
    const { location: _, sku, properties } = sample("vmss-get").response.body as never as Record<string, never>;
    const profile = JSON.parse(JSON.stringify(properties))["virtualMachineProfile"];
    profile.networkProfile.networkInterfaceConfigurations[0].properties.ipConfigurations[0].properties.subnet = subnet;
    const model = { overprovision: false, upgradePolicy: { mode: "Manual" }, virtualMachineProfile: profile };
    expect((await wire.put(scaleSet, { location: "westeurope", sku, properties: model })).status).toBe(201);
    const shown = await wire.get(scaleSet);
    expectLike(shown, "vmss-get");
    expectNothingMore(shown, "vmss-get");
    const list = await wire.get(`${scaleSet}/virtualMachines`);
    expectLike(list, "vmssvm-list");
    expectNothingMore(list, "vmssvm-list");
    const view = await wire.get(`${scaleSet}/virtualMachines/0/instanceView`);
    expectLike(view, "vmssvm-instanceview");
    expectNothingMore(view, "vmssvm-instanceview");
    expectLike(await wire.get(`${scaleSet}/virtualMachines/0x`), "err-400-vmssvm-bad-instanceid");
  });

  it("route tables and private link services", async () => {
    await wire.put(`${wire.network}/routeTables/r`, { location: "westeurope" });
    const table = await wire.get(`${wire.network}/routeTables/r`);
    expectLike(table, "routetable-get");
    expectNothingMore(table, "routetable-get");
    const policies = { addressPrefix: "10.0.0.0/24", privateLinkServiceNetworkPolicies: "Disabled" };
    const subnets = [{ name: "nodes", properties: policies }];
    const addressSpace = { addressPrefixes: ["10.0.0.0/16"] };
    await wire.put(`${wire.network}/virtualNetworks/v`, {
      location: "westeurope",
      properties: { addressSpace, subnets },
    });
    const subnet = `${wire.network}/virtualNetworks/v/subnets/nodes`;
    const id = `${wire.network}/loadBalancers/lb`;
    await wire.put(id, balancer(id, { frontends: { fe: subnet } }));
    const service = `${wire.network}/privateLinkServices/p`;
    await wire.put(service, {
      location: "westeurope",
      properties: {
        loadBalancerFrontendIpConfigurations: [{ id: `${id}/frontendIPConfigurations/fe` }],
        ipConfigurations: [{ name: "nat", properties: { subnet: { id: subnet } } }],
      },
    });
    const shown = await wire.get(service);
    expectLike(shown, "pls-get");
    expectNothingMore(shown, "pls-get");
  });

  it("resource groups", async () => {
    const version = "2021-04-01";
    expectLike(
      await wire.send("PUT", `${wire.subscription}/resourcegroups/g`, { version, body: { location: "eastus" } }),
      "rg-put-201",
    );
    expectLike(await wire.send("DELETE", `${wire.subscription}/resourcegroups/g`, { version }), "rg-delete-202");
  });
});
