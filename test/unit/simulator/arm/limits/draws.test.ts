import { describe, expect, it } from "vitest";
import { bucket } from "../../../../../src/simulator/arm/limits/allowance.ts";
import { armDraws, type LimitStyles, providerDraws } from "../../../../../src/simulator/arm/limits/draws.ts";
import { throttledError } from "../../../../../src/simulator/arm/limits/throttled.ts";
import { parseRoute } from "../../../../../src/simulator/arm/route.ts";

const STYLES: LimitStyles = { arm: "buckets", network: "window", compute: "buckets", storage: "documented" };
const GROUP = "/subscriptions/S/resourceGroups/rg/providers";
const COMPUTE = `${GROUP}/Microsoft.Compute`;
const SET = `${COMPUTE}/virtualMachineScaleSets/s`;

function drawn(method: string, path: string, exists = true, styles: LimitStyles = STYLES): readonly string[] {
  const request = { method, route: parseRoute(path), region: "westeurope", exists, polled: `${SET}/virtualMachines/0` };
  return providerDraws(styles, request).map(({ budget }) => budget);
}

describe("the budgets of a provider that a request draws from", () => {
  const cases: readonly (readonly [string, string, boolean, readonly string[]])[] = [
    ["GET", `${GROUP}/Microsoft.Network/loadBalancers/lb`, true, ["network-window.reads"]],
    ["DELETE", `${GROUP}/Microsoft.Network/loadBalancers/lb`, true, ["network-window.writes"]],
    ["GET", "/subscriptions/S/providers/Microsoft.Network/locations/l/operations/o", true, ["network-window.reads"]],
    ["PUT", `${COMPUTE}/virtualMachines/v`, false, ["PutVMResource", "PutVMSubscriptionMaximum"]],
    ["PATCH", `${COMPUTE}/virtualMachines/v`, true, ["UpdateVMResource", "UpdateVMSubscriptionMaximum"]],
    ["POST", `${COMPUTE}/virtualMachines/v/start`, true, ["UpdateVMResource", "UpdateVMSubscriptionMaximum"]],
    ["GET", `${COMPUTE}/virtualMachines/v/instanceView`, true, ["LowCostGetResource", "LowCostGetSubscriptionMaximum"]],
    ["GET", `${COMPUTE}/virtualMachines`, true, ["HighCostGetSubscriptionMaximum"]],
    [
      "GET",
      `${SET}/virtualMachines`,
      true,
      ["HighCostGetVMScaleSetResource", "HighCostGetVMScaleSetSubscriptionMaximum"],
    ],
    ["GET", `${SET}/instanceView`, true, ["HighCostGetVMScaleSetResource", "HighCostGetVMScaleSetSubscriptionMaximum"]],
    ["GET", `${SET}/virtualMachines/0`, true, ["GetVMScaleSetVMResource", "GetVMScaleSetVMSubscriptionMaximum"]],
    [
      "GET",
      `${SET}/virtualMachines/0/instanceView`,
      true,
      ["GetVMScaleSetVMResource", "GetVMScaleSetVMSubscriptionMaximum"],
    ],
    ["PUT", `${SET}/virtualMachines/0`, true, ["UpdateVMScaleSetVMResource", "UpdateVMScaleSetVMSubscriptionMaximum"]],
    ["DELETE", SET, true, ["DeleteVMScaleSetResource", "DeleteVMScaleSetSubscriptionMaximum"]],
    [
      "GET",
      "/subscriptions/S/providers/Microsoft.Compute/locations/l/operations/o",
      true,
      ["GetOperationResource", "GetOperationSubscriptionMaximum"],
    ],
    ["PUT", `${GROUP}/Microsoft.Storage/storageAccounts/a`, false, ["storage.Write"]],
    ["GET", `${GROUP}/Microsoft.Storage/storageAccounts`, true, ["storage.List_ObservationWindow_00:05:00"]],
    ["GET", "/subscriptions/S/resourceGroups/rg", true, []],
  ];
  for (const [method, path, exists, budgets] of cases) {
    it(`${method} ${path}`, () => expect(drawn(method, path, exists)).toEqual(budgets));
  }

  it("are the older windows by the other style, and none by none", () => {
    const windows = { ...STYLES, compute: "windows" } as const;
    expect(drawn("PUT", `${COMPUTE}/disks/d`, false, windows)).toEqual([
      "CreateUpdateDisks3Min",
      "CreateUpdateDisks30Min",
    ]);
    expect(drawn("PUT", `${COMPUTE}/disks/d`, false, { ...STYLES, compute: "none" })).toEqual([]);
  });
});

it("ARM counts each caller, and all of a subscription together, without case", () => {
  const request = { method: "POST", subscription: "S", principal: "P" };
  expect(armDraws("hourly", request)).toEqual([
    { budget: "arm-hourly.writes", of: "s p" },
    { budget: "arm-hourly.global-writes", of: "s" },
  ]);
});

it("ARM 124 the storage provider names the kind of operation", () => {
  const error = throttledError({
    draw: { budget: "storage.Write", of: "s" },
    allowance: bucket(1, 1),
    method: "PUT",
    subscription: "S",
    actor: "P",
    retryAfterSeconds: 17,
    nowMs: 0,
    measured: 2,
  });
  expect([error.status, error.code, error.headers["retry-after"]]).toEqual([429, "TooManyRequests", "17"]);
  expect(error.message).toContain("operation type - Write.");
});
