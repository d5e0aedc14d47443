import assert from "node:assert/strict";
import { beforeEach, describe, it } from "vitest";
import { EventCorrelator, type EventWrite } from "../../../../src/controller/runtime/event-correlator.ts";
import { eventObject, type Happening } from "../../../../src/controller/runtime/event-object.ts";

const NOON = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;

function happening(parts: Partial<Happening> = {}): Happening {
  return {
    component: "service-controller",
    target: { kind: "Service", metadata: { name: "web", namespace: "default", uid: "u1" } },
    type: "Normal",
    reason: "EnsuringLoadBalancer",
    message: "Ensuring load balancer",
    ...parts,
  };
}

describe("the event correlator", () => {
  let correlator: EventCorrelator;
  beforeEach(() => {
    correlator = new EventCorrelator();
  });

  const next = (parts: Partial<Happening>, atMs = NOON): EventWrite | undefined =>
    correlator.next(happening(parts), atMs);

  it("CTL M07 counts what happens again, under the first one's name and time", () => {
    const writes = [0, 1, 2].map((minute) => next({}, NOON + minute * MINUTE));
    assert.deepEqual(
      writes.map((write) => [write?.verb, write?.event.count]),
      [
        ["create", 1],
        ["repeat", 2],
        ["repeat", 3],
      ],
    );
    assert.equal(new Set(writes.map((write) => write?.event.metadata.name)).size, 1);
    assert.equal(writes[2]?.event.firstTimestamp, "2026-01-01T12:00:00Z");
    assert.equal(writes[2]?.event.lastTimestamp, "2026-01-01T12:02:00Z");
  });

  it("counts what is in one series whatever its message, and shows the newest", () => {
    const about = (series: string) => ({ target: { ...happening().target, series }, reason: "SyncLoadBalancerFailed" });
    next({ ...about("Throttled"), message: "next try at 12:00" });
    const again = next({ ...about("Throttled"), message: "next try at 12:05" });
    assert.deepEqual([again?.verb, again?.event.count, again?.event.message], ["repeat", 2, "next try at 12:05"]);
    assert.equal(next({ ...about("Locked"), message: "locked" })?.verb, "create");
  });

  it("CTL M08 combines the tenth different message about one thing within ten minutes, and counts from there", () => {
    const writes = Array.from({ length: 11 }, (_, each) => next({ message: `m${each + 1}` }, NOON + each * MINUTE));
    assert.deepEqual(
      writes.map((write) => write?.event.message),
      Array.from({ length: 9 }, (_, each) => `m${each + 1}`).concat(
        "(combined from similar events): m10",
        "(combined from similar events): m11",
      ),
    );
    assert.deepEqual(
      writes.map((write) => write?.verb),
      [...Array.from({ length: 10 }, () => "create"), "repeat"],
    );
  });

  it("still counts a message that it remembers for itself after others were combined", () => {
    for (let each = 1; each <= 12; each++) next({ message: `m${each}` });
    const write = next({ message: "m9" });
    assert.deepEqual([write?.verb, write?.event.message, write?.event.count], ["repeat", "m9", 2]);
  });

  it("does not combine messages that come more than ten minutes apart", () => {
    for (let each = 1; each <= 12; each++) {
      assert.equal(next({ message: `m${each}` }, NOON + each * 11 * MINUTE)?.event.message, `m${each}`);
    }
  });

  it("CTL M09 gives each object a budget of 25 and one more every five minutes, for each type", () => {
    const sent = Array.from({ length: 30 }, (_, each) => next({ reason: `R${each}` }));
    assert.equal(sent.filter((write) => write !== undefined).length, 25);
    assert.ok(next({ type: "Warning", reason: "Bad" }), "a warning has a budget of its own");
    assert.equal(next({ reason: "Later" }, NOON + 299_000), undefined);
    assert.ok(next({ reason: "Later" }, NOON + 300_000));
    assert.equal(next({ reason: "Later" }, NOON + 300_000), undefined);
  });

  it("saves no budget over a quiet day", () => {
    next({ reason: "First" });
    const sent = Array.from({ length: 30 }, (_, each) => next({ reason: `R${each}` }, NOON + 24 * 60 * MINUTE));
    assert.equal(sent.filter((write) => write !== undefined).length, 25);
  });

  it("keeps objects apart", () => {
    next({});
    const target = { kind: "Service", metadata: { name: "web", namespace: "default", uid: "u2" } } as const;
    assert.equal(next({ target })?.verb, "create");
  });
});

describe("an event object", () => {
  it("is the API's, seen once", () => {
    assert.deepEqual(eventObject(happening(), NOON, 1), {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `web.${(BigInt(NOON) * 1_000_000n + 1n).toString(16)}`, namespace: "default" },
      involvedObject: { apiVersion: "v1", kind: "Service", name: "web", namespace: "default", uid: "u1" },
      reason: "EnsuringLoadBalancer",
      message: "Ensuring load balancer",
      source: { component: "service-controller" },
      reportingComponent: "service-controller",
      type: "Normal",
      firstTimestamp: "2026-01-01T12:00:00Z",
      lastTimestamp: "2026-01-01T12:00:00Z",
      count: 1,
    });
  });

  it("about a node stands in the namespace default", () => {
    const target = { kind: "Node", metadata: { name: "n1", uid: "u" } } as const;
    const event = eventObject(happening({ target }), NOON, 1);
    assert.equal(event.metadata.namespace, "default");
    assert.equal(event.involvedObject["namespace"], undefined);
  });

  it("has a name and a message that the API takes, however long what it is about", () => {
    const target = { kind: "Node", metadata: { name: "n".repeat(253), uid: "u" } } as const;
    const event = eventObject(happening({ target, message: "x".repeat(5000) }), NOON, 1);
    assert.ok(event.metadata.name.length <= 253);
    assert.equal(event.message.length, 1024);
  });
});
