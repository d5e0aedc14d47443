import { describe, expect, it } from "vitest";
import { capOf, type RateLimitSettings, rateCapsOf } from "../../../../../src/azure/arm/throttle/caps.ts";
import { ticketOf } from "../../../../../src/azure/arm/throttle/ticket.ts";

const RG = "/subscriptions/s/resourceGroups/rg/providers";
const BALANCER = `${RG}/Microsoft.Network/loadBalancers/lb`;
const ADDRESS = `${RG}/Microsoft.Network/publicIPAddresses/ip`;
const INSTANCE = `${RG}/Microsoft.Compute/virtualMachineScaleSets/set/virtualMachines/3`;
const POLL = "/subscriptions/s/providers/Microsoft.Network/locations/x/operations/1";

const ON: RateLimitSettings = {
  cloudProviderRateLimit: true,
  cloudProviderRateLimitQPS: 3,
  cloudProviderRateLimitBucket: 10,
  cloudProviderRateLimitQPSWrite: 1,
  cloudProviderRateLimitBucketWrite: 5,
};

/** `client size+rate`, or "none". */
function cap(settings: RateLimitSettings, method: string, path: string, about?: string): string {
  const found = capOf(ticketOf({ method, path, lane: "refresh", about }), rateCapsOf(settings));
  return found === undefined ? "none" : `${found.client} ${found.allowance.size}+${found.allowance.perSecond}`;
}

describe("the rate-limit keys of azure.json", () => {
  const cases: readonly [what: string, settings: RateLimitSettings, method: string, path: string, want: string][] = [
    ["set no cap by default", {}, "GET", BALANCER, "none"],
    ["set no cap when the switch is off", { ...ON, cloudProviderRateLimit: false }, "GET", BALANCER, "none"],
    ["set no cap when only the switch is on", { cloudProviderRateLimit: true }, "GET", BALANCER, "none"],
    ["cap reads", ON, "GET", BALANCER, "loadBalancer 10+3"],
    ["cap writes", ON, "PUT", BALANCER, "loadBalancer 5+1"],
    ["cap deletes as writes", ON, "DELETE", BALANCER, "loadBalancer 5+1"],
    ["cap each client by itself", ON, "PUT", ADDRESS, "publicIPAddress 5+1"],
    ["never capped instances of a scale set", ON, "PUT", INSTANCE, "none"],
    ["of zero set no cap", { ...ON, cloudProviderRateLimitQPSWrite: 0 }, "PUT", BALANCER, "none"],
    ["below zero set no cap", { ...ON, cloudProviderRateLimitQPS: -1 }, "GET", BALANCER, "none"],
    [
      "without a burst let one second's worth go",
      { ...ON, cloudProviderRateLimitBucket: 0 },
      "GET",
      BALANCER,
      "loadBalancer 3+3",
    ],
    [
      "with a slow rate and no burst let one request go",
      { cloudProviderRateLimit: true, cloudProviderRateLimitQPS: 0.2 },
      "GET",
      BALANCER,
      "loadBalancer 1+0.2",
    ],
    [
      "of one client take the place of the others as a whole",
      { ...ON, Entries: { loadBalancerRateLimit: { cloudProviderRateLimit: true, cloudProviderRateLimitQPS: 9 } } },
      "PUT",
      BALANCER,
      "none",
    ],
    [
      "of one client are found in any letter case",
      { Entries: { LOADBALANCERRATELIMIT: { cloudProviderRateLimit: true, cloudProviderRateLimitQPS: 9 } } },
      "GET",
      BALANCER,
      "loadBalancer 9+9",
    ],
    [
      "of one client do not concern the others",
      { Entries: { loadBalancerRateLimit: { cloudProviderRateLimit: true, cloudProviderRateLimitQPS: 9 } } },
      "GET",
      ADDRESS,
      "none",
    ],
  ];
  for (const [what, settings, method, path, want] of cases) {
    it(what, () => {
      expect(cap(settings, method, path)).toBe(want);
    });
  }

  it("count a poll for the client that wrote", () => {
    expect(cap(ON, "GET", POLL, ADDRESS)).toBe("publicIPAddress 10+3");
  });
});
