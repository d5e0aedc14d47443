import { describe, expect, it } from "vitest";
import { NO_CAPS } from "../../../../../src/azure/arm/throttle/caps.ts";
import { drawsOf, groupOf } from "../../../../../src/azure/arm/throttle/draws.ts";
import { ticketOf } from "../../../../../src/azure/arm/throttle/ticket.ts";

const RG = "/subscriptions/S/resourceGroups/RG";
const NET = `${RG}/providers/Microsoft.Network`;
const VM = `${RG}/providers/Microsoft.Compute/virtualMachines/VM`;
const SET = `${RG}/providers/Microsoft.Compute/virtualMachineScaleSets/Set`;
const POLL = "/subscriptions/S/providers/Microsoft.Compute/locations/westeurope/operations/123";
const NETWORK_POLL = "/subscriptions/S/providers/Microsoft.Network/locations/westeurope/operations/123";

/** Buckets by name, with the policy names by which answers correct them. */
function buckets(method: string, path: string, about?: string): readonly string[] {
  const ticket = ticketOf({ method, path, lane: "refresh", about });
  return drawsOf(ticket, { region: "", caps: NO_CAPS }).map(({ bucket, policy, allowance }) =>
    [bucket, allowance.size, policy === bucket ? "" : policy].filter((part) => part !== "").join(" "),
  );
}

const READ = ["arm.read 245", "arm-global.read 3675"];
const WRITE = ["arm.write 196", "arm-global.write 2940"];
const DELETE = ["arm.delete 196", "arm-global.delete 2940"];

describe("a request counts for", () => {
  const cases: readonly [
    what: string,
    method: string,
    path: string,
    about: string | undefined,
    want: readonly string[],
  ][] = [
    ["GET balancer", "GET", `${NET}/loadBalancers/lb`, undefined, [...READ, "network.read 9800"]],
    ["list of balancers", "GET", `${NET}/loadBalancers`, undefined, [...READ, "network.read 9800"]],
    ["PUT balancer", "PUT", `${NET}/loadBalancers/lb`, undefined, [...WRITE, "network.write 980"]],
    ["DELETE address", "DELETE", `${NET}/publicIPAddresses/ip`, undefined, [...DELETE, "network.write 980"]],
    ["poll of an address", "GET", NETWORK_POLL, `${NET}/publicIPAddresses/ip`, [...READ, "network.read 9800"]],
    ["action", "POST", `${NET}/loadBalancers/lb/migrateToIpBased`, undefined, [...WRITE, "network.write 980"]],
    [
      "GET machine",
      "GET",
      VM,
      undefined,
      [
        ...READ,
        "compute.LowCostGet 23520 lowcostgetsubscriptionmaximum",
        "compute.LowCostGet of one resource 36 lowcostgetresource",
      ],
    ],
    [
      "list of machines",
      "GET",
      `${RG}/providers/Microsoft.Compute/virtualMachines`,
      undefined,
      [...READ, "compute.HighCostGet 882 highcostgetsubscriptionmaximum"],
    ],
    [
      "PUT machine",
      "PUT",
      VM,
      undefined,
      [
        ...WRITE,
        "compute.UpdateVM 1470 updatevmsubscriptionmaximum",
        "compute.UpdateVM of one resource 12 updatevmresource",
      ],
    ],
    [
      "list of instances",
      "GET",
      `${SET}/virtualMachines`,
      undefined,
      [
        ...READ,
        "compute.HighCostGetVMScaleSet 1059 highcostgetvmscalesetsubscriptionmaximum",
        "compute.HighCostGetVMScaleSet of one resource 30 highcostgetvmscalesetresource",
      ],
    ],
    [
      "PUT instance",
      "PUT",
      `${SET}/virtualMachines/3`,
      undefined,
      [
        ...WRITE,
        "compute.UpdateVMScaleSetVM 1470 updatevmscalesetvmsubscriptionmaximum",
        "compute.UpdateVMScaleSetVM of one resource 12 updatevmscalesetvmresource",
      ],
    ],
    [
      "poll of an instance",
      "GET",
      POLL,
      `${SET}/virtualMachines/3`,
      [
        ...READ,
        "compute.GetOperation 14700 getoperationsubscriptionmaximum",
        "compute.GetOperation of one resource 45 getoperationresource",
      ],
    ],
    [
      "interfaces of a scale set, which the network provider serves",
      "GET",
      `${SET}/networkInterfaces`,
      undefined,
      [...READ, "network.read 9800"],
    ],
    ["the subscription's locations", "GET", "/subscriptions/S/locations", undefined, READ],
    [
      "a provider without published limits",
      "GET",
      `${RG}/providers/Microsoft.Storage/storageAccounts/a`,
      undefined,
      [...READ, "storage.read 3675"],
    ],
  ];
  for (const [what, method, path, about, want] of cases) {
    it(`${what}: ${want.slice(2).join(", ") || "ARM alone"}`, () => {
      expect(buckets(method, path, about)).toEqual(want);
    });
  }
});

describe("buckets", () => {
  const keys = (method: string, path: string, region: string, about?: string) =>
    drawsOf(ticketOf({ method, path, lane: "refresh", about }), { region, caps: NO_CAPS }).map(({ key }) => key);

  it("are shared by spellings of one subscription and by resources, but not by subscriptions", () => {
    expect(keys("GET", `${NET}/loadBalancers/a`, "")).toEqual(
      keys("GET", `${NET.replace("/S/", "/s/")}/loadBalancers/b`, ""),
    );
    expect(keys("GET", `${NET}/loadBalancers/a`, "")).not.toEqual(
      keys("GET", `${NET.replace("/S/", "/other/")}/loadBalancers/a`, ""),
    );
  });

  it("of a poll are those of its region; of everything else those of ours", () => {
    const poll = (region: string) => keys("GET", NETWORK_POLL, region, `${NET}/loadBalancers/a`);
    const get = (region: string) => keys("GET", `${NET}/loadBalancers/a`, region);
    expect(poll("westeurope")).toEqual(get("westeurope"));
    expect(poll("northeurope")).not.toEqual(get("northeurope"));
    expect(poll("")).toEqual(get(""));
  });

  it("of a machine are its own, and the list of instances counts for the scale set", () => {
    expect(keys("PUT", VM, "").at(-1)).not.toBe(keys("PUT", `${VM}2`, "").at(-1));
    expect(keys("GET", `${SET}/virtualMachines`, "").at(-1)).toContain(SET.toLowerCase());
  });

  it("have a name for people", () => {
    const group = (method: string, path: string) => groupOf(ticketOf({ method, path, lane: "refresh" }));
    expect(group("PUT", VM)).toBe("compute.UpdateVM");
    expect(group("DELETE", `${NET}/loadBalancers/a`)).toBe("network.write");
    expect(group("GET", "/subscriptions/S/locations")).toBe("arm.read");
  });
});
