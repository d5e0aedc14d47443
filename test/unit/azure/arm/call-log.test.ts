import { describe, expect, it } from "vitest";
import { attributed } from "../../../../src/azure/arm/attributed-port.ts";
import { CallLog } from "../../../../src/azure/arm/call-log.ts";
import type { ObservedRequest } from "../../../../src/azure/arm/policies/observe.ts";
import type { ResourcePort } from "../../../../src/azure/arm/port.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";

const LB = "/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/loadBalancers/lb";
const CONDITION = { ifNoneMatch: "*" } as const;

function seen(more: Partial<ObservedRequest> = {}): ObservedRequest {
  const plain = { method: "GET", path: LB, status: 200, ms: 10, responseBytes: 2 };
  return { ...plain, requestId: "r-1", correlationId: "c-1", ...more };
}

function log(perOwner = 20, inAll = 100): CallLog {
  return new CallLog(new VirtualClock(), { perOwner, inAll });
}

describe("the log of calls", () => {
  it("keeps a write once for each Service that rode in it, its polls counted and not told", () => {
    const calls = log();
    calls.onBehalfOf(["a", "b"], () => {
      calls.request(seen({ method: "PUT", status: 201 }));
      calls.request(seen({ path: "/operations/1", requestId: "r-2", status: 202, ms: 5 }));
    });
    const call = {
      at: "2026-01-01T00:00:00.000Z",
      method: "PUT",
      path: LB,
      status: 201,
      requestId: "r-1",
      correlationId: "c-1",
      requests: 2,
      ms: 15,
      riders: 2,
    };
    expect([calls.of("a"), calls.of("b"), calls.of("c")]).toEqual([[call], [call], []]);
  });

  it("keeps of a read its newest answer", () => {
    const calls = log();
    calls.onBehalfOf(["a"], () => {
      calls.request(seen({ status: 503 }));
      calls.request(seen({ status: 200, requestId: "r-2" }));
    });
    expect(calls.of("a")).toMatchObject([{ status: 200, requestId: "r-2", requests: 2 }]);
  });

  it("says how a write ended", () => {
    const calls = log();
    calls.onBehalfOf(["a"], () => calls.request(seen({ method: "PUT" })));
    const error = new CloudError("Locked", "no", { cloudCode: "ScopeLocked" });
    const failure = { outcome: "refused", cause: "everyone", error } as const;
    const event = { kind: "failed", riders: ["a"], verb: "put", attempt: 1, ms: 1, failure } as const;
    calls.write({ id: LB.toUpperCase(), event });
    expect(calls.of("a")).toMatchObject([{ failure: "Locked/ScopeLocked" }]);
  });

  it("ignores what is on nobody's behalf", () => {
    const calls = log();
    calls.request(seen());
    expect(calls.of("")).toEqual([]);
  });

  it("is bounded: a Service's oldest calls go, and in all the Services that were quiet longest", () => {
    const calls = log(2, 3);
    for (const [owner, id] of [
      ["quiet", "1"],
      ["busy", "2"],
      ["busy", "3"],
      ["busy", "4"],
      ["late", "5"],
    ] as const) {
      calls.onBehalfOf([owner], () => calls.request(seen({ correlationId: id })));
    }
    const ids = (owner: string): readonly unknown[] => calls.of(owner).map(({ correlationId }) => correlationId);
    expect([ids("quiet"), ids("busy"), ids("late")]).toEqual([[], ["3", "4"], ["5"]]);
  });
});

describe("a port in the log", () => {
  it("writes on behalf of the riders that were named last, whoever has woken the queue", async () => {
    const calls = log();
    const put = (): Promise<never> => {
      calls.request(seen({ method: "PUT" }));
      return Promise.reject(new Error("enough"));
    };
    const { port, observe } = attributed({ put } as unknown as ResourcePort<object>, calls);
    await calls.onBehalfOf(["waker"], async () => {
      observe({ kind: "writing", riders: ["a", "b"], verb: "put", attempt: 1 });
      await port.put({}, CONDITION, new AbortController().signal).catch(() => {});
    });
    expect([calls.of("a").length, calls.of("b").length, calls.of("waker").length]).toEqual([1, 1, 0]);
  });
});
