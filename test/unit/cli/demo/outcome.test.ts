import { describe, expect, it } from "vitest";
import { addressesOf, isSettled, resultOf, type Standing } from "../../../../src/cli/demo/outcome.ts";
import { succeeded } from "../../../../src/cli/demo/result.ts";
import type { KubernetesObject } from "../../../../src/simulator/index.ts";

const ARM = { requests: 3, writes: { loadBalancers: 1, networkSecurityGroups: 1, publicIPAddresses: 1 } };

function standing(words: Partial<Standing> = {}): Standing {
  const waiting = { readyAtMs: undefined, failure: undefined, hopeless: false };
  return { namespace: "shop", name: "web", ips: [], createdAtMs: 1000, ...waiting, ...words };
}

const ready = standing({ ips: ["20.0.0.1", "fd00::1"], readyAtMs: 3460 });

describe("the addresses of a Service", () => {
  const cases: readonly { name: string; status: unknown; addresses: readonly string[] }[] = [
    { name: "are none without a status", status: undefined, addresses: [] },
    { name: "are none without an entry", status: { loadBalancer: {} }, addresses: [] },
    {
      name: "are addresses and host names, in their order",
      status: { loadBalancer: { ingress: [{ ip: "20.0.0.1" }, { hostname: "a.example" }, {}] } },
      addresses: ["20.0.0.1", "a.example"],
    },
  ];
  for (const { name, status, addresses } of cases) {
    it(name, () => expect(addressesOf({ metadata: {}, status } as unknown as KubernetesObject)).toEqual(addresses));
  }
});

describe("there is nothing left to wait for", () => {
  it("without Services", () => expect(isSettled([])).toBe(true));
  it("when every Service has an address or never will", () =>
    expect(isSettled([ready, standing({ hopeless: true, failure: "no" })])).toBe(true));
  it("but not while one waits, even if it has failed before", () =>
    expect(isSettled([ready, standing({ failure: "throttled" })])).toBe(false));
});

describe("the result", () => {
  const cases: readonly { name: string; of: Standing; is: object }[] = [
    {
      name: "of a Service with addresses: the first one, all of them, and seconds with one decimal",
      of: ready,
      is: { namespace: "shop", name: "web", ip: "20.0.0.1", ips: ["20.0.0.1", "fd00::1"], seconds: 2.5, error: null },
    },
    {
      name: "of one that is too late",
      of: standing(),
      is: { ip: null, ips: [], seconds: null, error: "no address within 9 seconds" },
    },
    { name: "of one that failed: why", of: standing({ failure: "refused" }), is: { ip: null, error: "refused" } },
    { name: "of one that failed before it got its address", of: { ...ready, failure: "old" }, is: { error: null } },
  ];
  for (const { name, of, is } of cases) {
    it(name, () => expect(resultOf([of], ARM, 9).services[0]).toMatchObject(is));
  }

  it("says what it cost", () => expect(resultOf([], ARM, 9).arm).toEqual(ARM));

  it("is a success only when every Service has an address", () => {
    expect(succeeded(resultOf([ready, ready], ARM, 9))).toBe(true);
    expect(succeeded(resultOf([ready, standing()], ARM, 9))).toBe(false);
    expect(succeeded(resultOf([], ARM, 9))).toBe(true);
  });
});
