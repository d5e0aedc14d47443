import { describe, expect, it } from "vitest";
import { policiesNamed, remainingOf } from "../../../../../src/azure/arm/throttle/remaining.ts";

describe("what headers say is left", () => {
  const cases: readonly [what: string, headers: Record<string, string>, want: Record<string, number>][] = [
    ["nothing", {}, {}],
    ["ARM's count of one kind", { "x-ms-ratelimit-remaining-subscription-reads": "249" }, { "arm.read": 249 }],
    [
      "ARM's counts, own and global",
      {
        "x-ms-ratelimit-remaining-subscription-deletes": "199",
        "x-ms-ratelimit-remaining-subscription-global-deletes": "2999",
      },
      { "arm.delete": 199, "arm-global.delete": 2999 },
    ],
    ["ARM's older hourly count", { "x-ms-ratelimit-remaining-subscription-writes": "1199" }, { "arm.write": 1199 }],
    [
      "policies of the compute provider, several in one header",
      {
        "x-ms-ratelimit-remaining-resource":
          "Microsoft.Compute/LowCostGet3Min;3999, Microsoft.Compute/LowCostGet30Min;31999",
      },
      { lowcostget3min: 3999, lowcostget30min: 31_999 },
    ],
    ["zero", { "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/UpdateVMResource;0" }, { updatevmresource: 0 }],
    [
      "nothing that cannot be read",
      {
        "x-ms-ratelimit-remaining-subscription-reads": "many",
        "x-ms-ratelimit-remaining-resource": "LowCostGet3Min,Microsoft.Compute/X;-1",
      },
      {},
    ],
  ];
  for (const [what, headers, want] of cases) {
    it(what, () => {
      const left = remainingOf({ get: (name) => headers[name] });
      expect(Object.fromEntries(left.map(({ policy, left: count }) => [policy, count]))).toEqual(want);
    });
  }
});

describe("a target of an error", () => {
  const cases: readonly [target: string | undefined, isPolicy: boolean][] = [
    ["HighCostGet30Min", true],
    ["UpdateVMResource", true],
    ["PutVMScaleSetSubscriptionMaximum", true],
    ["publicIPAddresses", false],
    ["/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/Resource", false],
    ["", false],
    [undefined, false],
  ];
  for (const [target, isPolicy] of cases) {
    it(`such as ${JSON.stringify(target)} is ${isPolicy ? "a" : "no"} limit`, () => {
      expect(policiesNamed([{ target }])).toEqual(isPolicy ? [target] : []);
    });
  }
});
