import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { servicePatch } from "../../../../src/controller/runtime/patches.ts";
import { F, loadBalancer } from "../../../fixtures/service-controller-bench.ts";

const withFinalizers = (...finalizers: string[]) => loadBalancer("s1", { metadata: { finalizers } });
const withIps = (...ips: string[]) => loadBalancer("s1", { ips });

describe("the patch of a Service", () => {
  const cases: readonly { name: string; from: readonly string[]; to: readonly string[]; metadata: object }[] = [
    { name: "adds the first finalizer", from: [], to: [F], metadata: { finalizers: [F] } },
    {
      name: "adds a finalizer after another's",
      from: ["foo"],
      to: ["foo", "bar"],
      metadata: { "$setElementOrder/finalizers": ["foo", "bar"], finalizers: ["bar"] },
    },
    { name: "removes the last finalizer", from: [F], to: [], metadata: { finalizers: null } },
    {
      name: "removes a finalizer and leaves another's",
      from: ["foo", F],
      to: ["foo"],
      metadata: { "$deleteFromPrimitiveList/finalizers": [F], "$setElementOrder/finalizers": ["foo"] },
    },
  ];
  for (const { name, from, to, metadata } of cases) {
    it(`CTL S33 ${name}`, () => {
      assert.equal(
        JSON.stringify(servicePatch(withFinalizers(...from), withFinalizers(...to))),
        JSON.stringify({ metadata }),
      );
    });
  }

  it("CTL S33 never sends a spec", () => {
    const old = loadBalancer("s1", { spec: { loadBalancerIP: "10.0.0.1" } });
    assert.equal(servicePatch(old, loadBalancer("s1", { spec: { loadBalancerIP: "10.0.0.2" } })), undefined);
  });

  it("CTL S34 is none for equal addresses", () =>
    assert.equal(servicePatch(withIps("1.2.3.4"), withIps("1.2.3.4")), undefined));
  it("CTL S34 is none for no addresses", () => assert.equal(servicePatch(withIps(), withIps()), undefined));
  it("CTL S34 is none for the same finalizers", () =>
    assert.equal(servicePatch(withFinalizers(F), withFinalizers(F)), undefined));
  it("CTL S34 sets a first address", () => {
    assert.deepEqual(servicePatch(withIps(), withIps("8.8.8.8")), {
      status: { loadBalancer: { ingress: [{ ip: "8.8.8.8" }] } },
    });
  });
  it("CTL S34 clears the last address", () => {
    assert.deepEqual(servicePatch(withIps("8.8.8.8"), withIps()), { status: { loadBalancer: { ingress: null } } });
  });
  it("sends a list of addresses whole", () => {
    assert.deepEqual(servicePatch(withIps("1.1.1.1"), withIps("1.1.1.1", "::1")), {
      status: { loadBalancer: { ingress: [{ ip: "1.1.1.1" }, { ip: "::1" }] } },
    });
  });
});
