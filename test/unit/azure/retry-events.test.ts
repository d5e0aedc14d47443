import { describe, expect, it } from "vitest";
import type { ResourceEvent } from "../../../src/azure/index.ts";
import { RetryEvents } from "../../../src/azure/retry-events.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { CloudError } from "../../../src/cloudprovider/errors.ts";
import type { Service } from "../../../src/cloudprovider/objects.ts";
import { service } from "../../fixtures/service.ts";

const error = new CloudError("Conflict", "busy", { cloudCode: "AnotherOperationInProgress", requestId: "r-1" });

function heard(event: ResourceEvent["event"]): readonly (readonly (string | undefined)[])[] {
  const told: (string | undefined)[][] = [];
  const known = new Map<string, Service>([["shop/web", service()]]);
  const events = new RetryEvents(new VirtualClock());
  const told1: ResourceEvent = { type: "loadBalancers", id: "lb", event };
  events.heard(told1); // before there is a world, nobody can be told
  events.attach({
    services: { get: (key) => known.get(key), list: () => [...known.values()], synced: true },
    events: { record: (target, ...rest) => told.push([target.metadata.name, ...rest, target.series]) },
  });
  events.heard(told1);
  return told;
}

describe("a write that is sent again by itself", () => {
  it("is told to the Services that ride in it, and to nobody else", () => {
    const told = heard({ kind: "waiting", riders: ["shop/web", "pool members"], because: "busy", ms: 10_000, error });
    expect(told).toEqual([
      [
        "web",
        "Warning",
        "AzureWriteRetried",
        expect.stringMatching(
          /^Azure has not .* busy \[Conflict\/AnotherOperationInProgress\]\. .* Next try in 10 s, at/,
        ),
        "Conflict/AnotherOperationInProgress\nbusy\n",
      ],
    ]);
  });

  it("is told when it is parked, too", () => {
    expect(heard({ kind: "parked", riders: ["shop/web"], resourceId: "pip", error })).toHaveLength(1);
  });

  it("is not told when its callers hear of it themselves", () => {
    expect(heard({ kind: "rejected", riders: ["shop/web"], error })).toEqual([]);
  });
});
