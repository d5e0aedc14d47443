import { describe, expect, it } from "vitest";
import { FAULT_CATALOGUE } from "../../../../../src/simulator/arm/faults/catalogue.ts";
import { Lottery } from "../../../../../src/simulator/arm/faults/seeded.ts";

const PATH = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/loadBalancers/lb";

describe("the lottery", () => {
  it("draws the same for the same seed, method, path and occurrence, whatever the casing", () => {
    const draw = (seed: string, path: string): string[] => {
      const lottery = new Lottery({ rate: 0.5 }, seed);
      return Array.from({ length: 50 }, (_, nth) => lottery.request("PUT", path, nth)?.row.title ?? "-");
    };
    expect(draw("a", PATH)).toEqual(draw("a", PATH.toUpperCase()));
    expect(draw("a", PATH)).not.toEqual(draw("b", PATH));
    expect(draw("a", PATH)).not.toEqual(draw("a", `${PATH}2`));
  });

  it("draws only what the method allows", () => {
    const lottery = new Lottery({ rate: 1 }, "s");
    for (let nth = 0; nth < 200; nth++) {
      const row = lottery.request("GET", PATH, nth)?.row;
      expect(row?.methods?.includes("GET") ?? true).toBe(true);
    }
  });

  it("cuts lines before and after the effect", () => {
    const lottery = new Lottery({ rate: 1, kinds: ["F64"] }, "s");
    const stages = Array.from({ length: 100 }, (_, nth) => lottery.request("PUT", PATH, nth)?.at);
    expect(new Set(stages)).toEqual(new Set(["received", "committed"]));
  });

  it("goes wrong at the rate, requests and operations together", () => {
    const lottery = new Lottery({ rate: 0.2, kinds: ["F69", "internal-error"] }, "s");
    let requests = 0;
    let operations = 0;
    for (let nth = 0; nth < 5000; nth++) {
      if (lottery.request("PUT", PATH, nth) !== undefined) requests++;
      if (lottery.operation("PUT", PATH, nth) !== undefined) operations++;
    }
    expect(requests / 5000).toBeCloseTo(0.1, 1);
    expect(operations / 5000).toBeCloseTo(0.1, 1);
    expect(lottery.operation("PUT", PATH, 1)?.title ?? FAULT_CATALOGUE.F69.title).toBe(FAULT_CATALOGUE.F69.title);
  });
});
