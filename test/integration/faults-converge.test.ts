import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { differences } from "../bench/faults/state.ts";
import { judgeSeed } from "../bench/faults/verdict.ts";

const SEEDS = 12;
const SERVICES = 8;

describe(`${SERVICES} Services created at once while 5 % of all requests go wrong`, () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`come to the state of the run without faults (seed ${seed})`, async () => {
      const { problems } = await judgeSeed({ seed: String(seed), services: SERVICES, poolType: "nodeIP" });
      assert.deepEqual(problems, []);
    });
  }
});

describe("the comparison of two ends", () => {
  const balancer = { frontends: [{ name: "a", properties: { address: "one" } }, { name: "b" }] };

  it("finds nothing in equal ones", () => assert.deepEqual(differences(balancer, structuredClone(balancer)), []));

  it("names what is missing, what is too much and what is otherwise", () => {
    const other = { frontends: [{ name: "a", properties: { address: "two" } }], rules: [] };
    assert.deepEqual(differences(balancer, other), [
      '/frontends/a/properties/address: "one", and not "two"',
      '/frontends/b: {"name":"b"}, and not nothing',
      "/rules: nothing, and not []",
    ]);
  });
});
