import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Traffic } from "../../../../src/simulator/time/traffic.ts";

let traffic: Traffic;
let times: number[];
let changes: number;
afterEach(() => traffic.stop());
beforeEach(() => {
  times = [];
  changes = 0;
  const onTime = (nowMs: number): void => void times.push(nowMs);
  traffic = new Traffic({ participant: "3", ports: [8080, 8443], onTime, onChange: () => changes++ }, () => []);
});

/** Begins a request, and returns the headers that it was marked with. */
function begin(key: object, host: string, path = "/subscriptions/s"): readonly (readonly [string, string])[] {
  const marks: (readonly [string, string])[] = [];
  traffic.begin(key, { host, path, mark: (name, value) => marks.push([name, value]) });
  return marks;
}

describe("traffic of a participant", () => {
  it("to the simulator is numbered, and open from the moment at which it is sent until its answer is whole", () => {
    const [a, b] = [{}, {}];
    expect(begin(a, "127.0.0.1:8080")).toEqual([["x-simulator-participant", "3;1"]]);
    expect(begin(b, "localhost:8443")).toEqual([["x-simulator-participant", "3;2"]]);
    expect([traffic.last, traffic.open]).toEqual([2, []]);
    traffic.send(b);
    traffic.send(a);
    expect(traffic.open).toEqual([1, 2]);
    traffic.answer(a, "1234", true);
    expect([traffic.open, times]).toEqual([[1, 2], [1234]]);
    traffic.end(a);
    traffic.end(a);
    expect([traffic.open, traffic.last, traffic.busy, changes]).toEqual([[2], 2, false, 3]);
  });

  const elsewhere: readonly (readonly [what: string, host: string, path: string])[] = [
    ["to another port", "127.0.0.1:9090", "/x"],
    ["to another machine", "example.com:8080", "/x"],
    ["to no port at all", "example.com", "/x"],
    ["to the control surface", "127.0.0.1:8080", "/simulator/reach"],
  ];
  for (const [what, host, path] of elsewhere) {
    it(`${what} is not marked, and time stands still until it is answered`, () => {
      const key = {};
      expect(begin(key, host, path)).toEqual([]);
      expect([traffic.busy, traffic.last]).toEqual([true, 0]);
      traffic.send(key);
      traffic.answer(key, undefined, true);
      expect([traffic.busy, traffic.open]).toEqual([true, []]);
      traffic.end(key);
      expect(traffic.busy).toBe(false);
    });
  }

  it("that is a stream of somebody else holds time only until it begins", () => {
    const watch = {};
    begin(watch, "127.0.0.1:9090");
    traffic.answer(watch, undefined, false);
    expect(traffic.busy).toBe(false);
    traffic.end(watch);
    expect(traffic.busy).toBe(false);
  });

  it("that keeps time itself is nobody's", () => {
    for (const path of ["/simulator/clock/join", "/simulator/clock/park"]) begin({}, "127.0.0.1:8080", path);
    expect([traffic.busy, traffic.last]).toEqual([false, 0]);
  });

  it("holds time while a connection is made", () => {
    traffic.connecting(1);
    expect(traffic.busy).toBe(true);
    traffic.connecting(-1);
    traffic.connecting(-1);
    expect(traffic.busy).toBe(false);
  });
});
