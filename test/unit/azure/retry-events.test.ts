import { describe, expect, it } from "vitest";
import type { ResourceEvent } from "../../../src/azure/index.ts";
import { RetryEvents } from "../../../src/azure/retry-events.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { CloudError } from "../../../src/cloudprovider/errors.ts";
import type { Service } from "../../../src/cloudprovider/objects.ts";
import { node } from "../../fixtures/node.ts";
import { service } from "../../fixtures/service.ts";

const error = new CloudError("Conflict", "busy", { cloudCode: "AnotherOperationInProgress", requestId: "r-1" });

const SET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/pool";

function heard(event: ResourceEvent["event"], id = "lb"): readonly (readonly (string | undefined)[])[] {
  const told: (string | undefined)[][] = [];
  const known = new Map<string, Service>([["shop/web", service()]]);
  const events = new RetryEvents(new VirtualClock());
  const told1: ResourceEvent = { type: "loadBalancers", id, event };
  events.heard(told1); // before there is a world, nobody can be told
  events.attach({
    services: { get: (key) => known.get(key), list: () => [...known.values()], synced: true },
    nodes: {
      get: () => undefined,
      list: () => [
        node("one", { providerID: `azure://${SET}/virtualMachines/0` }),
        node("two", { providerID: `azure://${SET.toUpperCase()}/virtualMachines/1` }),
        node("other", { providerID: `azure://${SET}-2/virtualMachines/0` }),
      ],
      synced: true,
    },
    events: { record: (target, ...rest) => told.push([target.metadata.name, ...rest, target.series]) },
  });
  events.heard(told1);
  events.detach();
  events.heard(told1); // nor when the cloud is closed
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

  it("is told to the Node whose membership it carries", () => {
    const told = heard({ kind: "waiting", riders: ["Node/other"], because: "busy", ms: 10_000, error });
    expect(told.map(([name]) => name)).toEqual(["other"]);
  });

  it("is told to the Nodes of a scale set when its model is written", () => {
    const told = heard({ kind: "waiting", riders: ["member of pool"], because: "busy", ms: 10_000, error }, SET);
    expect(told.map(([name]) => name)).toEqual(["one", "two"]);
  });

  it("is told when it is parked, too", () => {
    expect(heard({ kind: "parked", riders: ["shop/web"], resourceId: "pip", error })).toHaveLength(1);
  });

  it("is not told when its callers hear of it themselves", () => {
    expect(heard({ kind: "rejected", riders: ["shop/web"], error })).toEqual([]);
  });
});
