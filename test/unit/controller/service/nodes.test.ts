import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { mayReceiveTraffic } from "../../../../src/cloudprovider/index.ts";
import { namesForPeople } from "../../../../src/controller/service/nodes.ts";
import { node } from "../../../fixtures/service-controller-bench.ts";

const LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";

describe("a node", () => {
  const cases: readonly { name: string; value?: string; eligible: boolean }[] = [
    { name: "without the exclusion label is used", eligible: true },
    { name: "with an empty exclusion label is not", value: "", eligible: false },
    { name: 'with exclusion "true" is not', value: "true", eligible: false },
    { name: 'with exclusion "false" is used', value: "false", eligible: true },
    { name: 'with exclusion "0" is used', value: "0", eligible: true },
    { name: 'with exclusion "fALSE" is not, since Go does not read that', value: "fALSE", eligible: false },
    { name: 'with exclusion "foo" is not', value: "foo", eligible: false },
  ];
  for (const { name, value, eligible } of cases) {
    it(`CTL S26 ${name}`, () => {
      assert.equal(
        mayReceiveTraffic(node("n1", { metadata: value === undefined ? {} : { labels: { [LABEL]: value } } })),
        eligible,
      );
    });
  }
});

describe("node names for people", () => {
  it("are sorted", () => assert.equal(namesForPeople([node("b"), node("a")]), "[a b]"));
  it("are none", () => assert.equal(namesForPeople([]), "[]"));
  it("are cut after twenty", () => {
    const nodes = Array.from({ length: 23 }, (_, each) => node(`n${String(each).padStart(2, "0")}`));
    assert.match(namesForPeople(nodes), /^\[n00 .* n19 <3 more>\]$/);
  });
});
