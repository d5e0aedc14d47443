import { describe, expect, it } from "vitest";
import { gatherClientLimits } from "../../../../src/azure/config/client-limits.ts";
import { parseCloudConfig } from "../../../../src/azure/config/parse.ts";

const ON = { cloudProviderRateLimit: true, cloudProviderRateLimitQPS: 2 };
const OFF = { cloudProviderRateLimit: false };

describe("limits of single clients", () => {
  const cases: readonly [what: string, raw: Record<string, unknown>, want: Record<string, unknown>][] = [
    ["are none when nothing is said", { location: "eastus" }, { location: "eastus" }],
    [
      "at the top go under Entries",
      { location: "eastus", loadBalancerRateLimit: ON },
      { location: "eastus", Entries: { loadbalancerratelimit: ON } },
    ],
    [
      "under Entries win over those at the top, in any letter case",
      { entries: { LoadBalancerRateLimit: OFF }, loadBalancerRateLimit: ON, diskRateLimit: ON },
      { entries: { loadbalancerratelimit: OFF, diskratelimit: ON } },
    ],
    [
      "may be spelled in any letter case",
      { diskRateLimit: { CLOUDPROVIDERRATELIMIT: true, cloudproviderratelimitqps: 2 } },
      { Entries: { diskratelimit: ON } },
    ],
    ["are no switch of all clients", { cloudProviderRateLimit: true }, { cloudProviderRateLimit: true }],
    [
      "that are no blocks stay for the checks to find",
      { Entries: 3, diskRateLimit: ON },
      { Entries: 3, diskRateLimit: ON },
    ],
    ["that are a word stay where they are", { diskRateLimit: "many" }, { diskRateLimit: "many" }],
  ];
  for (const [what, raw, want] of cases) {
    it(what, () => {
      expect(gatherClientLimits(raw)).toEqual(want);
    });
  }

  it("are checked like all keys, wherever they stand", () => {
    const file = (value: unknown) => parseCloudConfig({ file: { name: "azure.json", text: JSON.stringify(value) } });
    const good = file({ loadBalancerRateLimit: ON });
    expect(good.ok && good.value.config.Entries).toEqual({ loadbalancerratelimit: ON });
    expect(good.ok && good.value.remarks).toEqual([]);
    expect(file({ loadBalancerRateLimit: { cloudProviderRateLimitQPS: "fast" } }).ok).toBe(false);
  });
});
