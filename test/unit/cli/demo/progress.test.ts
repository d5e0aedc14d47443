import { describe, expect, it } from "vitest";
import type { ResourceEvent } from "../../../../src/azure/index.ts";
import { progressLine } from "../../../../src/cli/demo/progress.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";

const GROUP = "/subscriptions/s/resourceGroups/g/providers";
const BALANCER = `${GROUP}/Microsoft.Network/loadBalancers/kubernetes`;
const error = new CloudError("Throttled", "too many requests");

/** An event without its riders; a union stays one. */
type Event<E = ResourceEvent["event"]> = E extends unknown ? Omit<E, "riders"> : never;

function line(event: Event, riders: readonly string[] = [], id = BALANCER, type = "loadBalancers") {
  return progressLine({ type, id, event: { ...event, riders } } as ResourceEvent);
}

describe("a line of progress says", () => {
  const cases: readonly { name: string; line: string | undefined; says: string | undefined }[] = [
    {
      name: "for whom is written",
      line: line({ kind: "writing", verb: "put", attempt: 1 }, ["shop/a", "shop/b"]),
      says: "load balancer       kubernetes  writing for shop/a, shop/b",
    },
    {
      name: "for how many more when there are many",
      line: line({ kind: "writing", verb: "put", attempt: 1 }, ["a", "b", "c", "d", "e"]),
      says: "load balancer       kubernetes  writing for a, b, c and 2 more",
    },
    {
      name: "that something is deleted",
      line: line({ kind: "writing", verb: "remove", attempt: 1 }, ["a"]),
      says: "load balancer       kubernetes  deleting for a",
    },
    {
      name: "how long a write took",
      line: line({ kind: "confirmed", verb: "put", attempt: 1, ms: 1234 }),
      says: "load balancer       kubernetes  confirmed after 1.2 s",
    },
    {
      name: "how long a deletion took",
      line: line({ kind: "confirmed", verb: "remove", attempt: 1, ms: 40 }),
      says: "load balancer       kubernetes  deleted after 0.0 s",
    },
    {
      name: "how a write failed",
      line: line({ kind: "failed", verb: "put", attempt: 1, ms: 0, failure: { outcome: "lost", error } }),
      says: "load balancer       kubernetes  lost: too many requests",
    },
    {
      name: "why it waits, and how long",
      line: line({ kind: "waiting", because: "throttled", ms: 7000, error }),
      says: "load balancer       kubernetes  waits 7.0 s: throttled",
    },
    {
      name: "for what an edit waits",
      line: line({ kind: "parked", resourceId: `${GROUP}/Microsoft.Network/publicIPAddresses/web-ip`, error }, ["a"]),
      says: "load balancer       kubernetes  waits for web-ip",
    },
    {
      name: "that a refused write is tried in parts",
      line: line({ kind: "split", culprit: undefined }, ["a", "b"]),
      says: "load balancer       kubernetes  refused as a whole, tried in parts",
    },
    {
      name: "the scale set and the number of an instance",
      line: line(
        { kind: "confirmed", verb: "put", attempt: 1, ms: 900 },
        [],
        `${GROUP}/Microsoft.Compute/virtualMachineScaleSets/nodes/virtualMachines/2`,
        "virtualMachineScaleSetVMs",
      ),
      says: "scale set instance  nodes/2  confirmed after 0.9 s",
    },
    { name: "nothing of an edit that changes nothing", line: line({ kind: "unchanged" }, ["a"]), says: undefined },
    { name: "nothing of what the Service is told anyway", line: line({ kind: "rejected", error }), says: undefined },
  ];
  for (const { name, line: text, says } of cases) it(name, () => expect(text).toBe(says));
});
