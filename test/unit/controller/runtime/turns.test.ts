import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { Turns } from "../../../../src/controller/runtime/turns.ts";

const never = new AbortController().signal;

describe("turns", () => {
  it("come one after the other for one key, in the order asked, and at once for different keys", async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = turns.run("a", never, () => gate.promise.then(() => void seen.push("a1")));
    const second = turns.run("a", never, () => Promise.resolve(void seen.push("a2")));
    await turns.run("b", never, () => Promise.resolve(void seen.push("b")));
    assert.ok(turns.busy("a"));
    assert.ok(!turns.busy("b"));
    gate.resolve();
    await Promise.all([first, second]);
    assert.deepEqual(seen, ["b", "a1", "a2"]);
    assert.ok(!turns.busy("a"));
  });

  it("pass on after a failure", async () => {
    const turns = new Turns();
    await assert.rejects(
      turns.run("a", never, () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(await turns.run("a", never, () => Promise.resolve(7)), 7);
  });

  it("that nobody waits for any more are skipped, without jumping the queue", async () => {
    const turns = new Turns();
    const gate = Promise.withResolvers<void>();
    const stop = new AbortController();
    const seen: string[] = [];
    const first = turns.run("a", never, () => gate.promise);
    const second = turns.run("a", stop.signal, () => Promise.resolve(void seen.push("second")));
    const third = turns.run("a", never, () => Promise.resolve(void seen.push("third")));
    stop.abort(new Error("enough"));
    await assert.rejects(second, /enough/);
    assert.deepEqual(seen, []);
    gate.resolve();
    await Promise.all([first, third]);
    assert.deepEqual(seen, ["third"]);
  });
});
