import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { createdIn, newcomers, SERVICES, TROUBLES, usually, VICTIM, type Waits } from "../bench/isolation/scenario.ts";

/** Services other than the victim that waited longer than usual. @param moreMs - what is forgiven. */
function late(troubled: Waits, usual: Waits, moreMs = 0): readonly string[] {
  const waited = (name: string): number => troubled.get(name) ?? Number.POSITIVE_INFINITY;
  const slow = [...usual].filter(([name, ms]) => name !== VICTIM && waited(name) > ms + moreMs);
  return slow.map(([name, ms]) => `${name} ${waited(name)} ms, usually ${ms}`);
}

describe(`of ${SERVICES} Services created at once, one whose public IP is in trouble holds up no other`, () => {
  let once: Promise<Waits> | undefined;
  const usual = (): Promise<Waits> => {
    once ??= usually();
    return once;
  };

  it("when nothing is wrong all of them are ready", async () => assert.equal((await usual()).size, SERVICES));

  for (const { name, trouble, heldUpMs } of TROUBLES) {
    it(`when ${name}`, async () => {
      const troubled = await createdIn(trouble);
      assert.deepEqual(late(troubled, await usual()), []);
      const own = troubled.get(VICTIM);
      if (heldUpMs === undefined) assert.equal(own, undefined, "it has an address that cannot work");
      else assert.ok(own !== undefined && own >= heldUpMs && own < heldUpMs + 30_000, `${own} ms`);
    });
  }
});

/** ARM refuses every write of a balancer while an address that one of its frontends has is in state Failed. */
const MENDING_MS = 4000;

describe("a public IP that has failed after it came into use", () => {
  it("holds up newcomers only until it is mended", async () => {
    const usual = await newcomers({ failed: false });
    assert.equal(usual.size, 5);
    assert.deepEqual(late(await newcomers({ failed: true }), usual, MENDING_MS), []);
  });
});
