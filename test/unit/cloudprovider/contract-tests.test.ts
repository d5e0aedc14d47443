import { describe, expect, it } from "vitest";
import {
  bindContract,
  disksContract,
  instancesContract,
  loadBalancerContract,
  routesContract,
} from "../../../src/cloudprovider/contract-tests/index.ts";

describe("binding a contract", () => {
  it("marks what is skipped with its reason, and nothing else", () => {
    const because = "the cloud has no black holes";
    const bound = bindContract(routesContract, [{ name: "listing writes nothing", because }]);
    expect(bound.filter(({ skipped }) => skipped !== undefined).map(({ name, skipped }) => [name, skipped])).toEqual([
      ["listing writes nothing", because],
    ]);
    expect(bound).toHaveLength(routesContract.length);
  });

  it("refuses a skip that names no case", () => {
    expect(() => bindContract(routesContract, [{ name: "gone", because: "x" }])).toThrow(
      'no contract case is named "gone"',
    );
  });

  for (const cases of [loadBalancerContract, instancesContract, routesContract, disksContract]) {
    it(`has names of their own for its ${cases.length} cases`, () => {
      expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    });
  }
});
