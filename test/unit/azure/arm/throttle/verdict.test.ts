import { describe, expect, it } from "vitest";
import { NO_CAPS } from "../../../../../src/azure/arm/throttle/caps.ts";
import { drawsOf } from "../../../../../src/azure/arm/throttle/draws.ts";
import type { Throttling } from "../../../../../src/azure/arm/throttle/gate.ts";
import { ticketOf } from "../../../../../src/azure/arm/throttle/ticket.ts";
import { verdictOf } from "../../../../../src/azure/arm/throttle/verdict.ts";

const RG = "/subscriptions/s/resourceGroups/rg/providers";
const ADDRESS = `${RG}/Microsoft.Network/publicIPAddresses/ip`;
const MACHINE = `${RG}/Microsoft.Compute/virtualMachines/vm`;

interface Case {
  readonly what: string;
  readonly method?: string;
  readonly path?: string;
  readonly throttling?: Partial<Throttling>;
  /** `policy;left` */
  readonly remaining?: readonly string[];
  readonly parked?: readonly string[];
  /** Buckets that are closed, or the resource. */
  readonly want: readonly string[] | "resource";
}

const ARM_WRITES = ["arm.write", "arm-global.write"];

const CASES: readonly Case[] = [
  { what: "of a provider is about the resource", want: "resource" },
  {
    what: "F03: of a provider with its code for too many calls is about the resource, as long as it is the only one",
    throttling: { codes: ["RetryableError", "RetryableErrorDueToTooManyCalls"] },
    want: "resource",
  },
  {
    what: "to the same resource again is still about that resource",
    parked: [ADDRESS.toLowerCase()],
    want: "resource",
  },
  { what: "to a second resource is about the provider's bucket", parked: ["another"], want: ["network.write"] },
  {
    what: "to the list of addresses is about that list",
    method: "GET",
    path: `${RG}/Microsoft.Network/publicIPAddresses`,
    want: "resource",
  },
  { what: "F02: of the gateway is about ARM's bucket", throttling: { gateway: true }, want: ARM_WRITES },
  {
    what: "with ARM's code for the subscription is about ARM's bucket, whoever sent it",
    throttling: { codes: ["subscriptionRequestsThrottled"] },
    want: ARM_WRITES,
  },
  { what: "with ARM's count at zero is about that count", remaining: ["arm.write;0"], want: ["arm.write"] },
  { what: "with other counts above zero is about the resource", remaining: ["arm.write;120"], want: "resource" },
  {
    what: "F05: that names the bucket of one machine closes that one alone",
    path: MACHINE,
    throttling: { codes: ["OperationNotAllowed", "TooManyRequests"], policies: ["UpdateVMResource"] },
    want: ["compute.UpdateVM of one resource"],
  },
  {
    what: "that names the compute provider's bucket closes that one",
    path: MACHINE,
    remaining: ["updatevmsubscriptionmaximum;0", "updatevmresource;7"],
    want: ["compute.UpdateVM"],
  },
  {
    what: "to what has no provider is about ARM's bucket",
    method: "GET",
    path: "/subscriptions/s/locations",
    want: ["arm.read", "arm-global.read"],
  },
];

describe("a 429", () => {
  for (const { what, method = "PUT", path = ADDRESS, throttling, remaining = [], parked = [], want } of CASES) {
    it(what, () => {
      const ticket = ticketOf({ method, path, lane: "create" });
      const draws = drawsOf(ticket, { region: "", caps: NO_CAPS });
      const counts = remaining.map((each) => ({ policy: each.split(";")[0] ?? "", left: Number(each.split(";")[1]) }));
      const said: Throttling = { gateway: false, codes: [], policies: [], retryAfterMs: 1000, ...throttling };
      const verdict = verdictOf({ ticket, draws, answer: { remaining: counts, throttling: said }, parked });
      if (want === "resource") {
        expect(verdict.about).toBe("resource");
      } else {
        const keys = verdict.about === "buckets" ? verdict.keys : [];
        expect(keys.map((key) => draws.find((draw) => draw.key === key)?.bucket)).toEqual(want);
      }
    });
  }
});
