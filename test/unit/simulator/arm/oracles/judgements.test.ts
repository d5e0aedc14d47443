import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type { JsonObject } from "../../../../../src/simulator/arm/json.ts";
import { Asks } from "../../../../../src/simulator/arm/oracles/asks.ts";
import { clashesOf } from "../../../../../src/simulator/arm/oracles/clashes.ts";
import { isGap } from "../../../../../src/simulator/arm/oracles/gaps.ts";
import { exceededLimits, PUBLISHED_LIMITS } from "../../../../../src/simulator/arm/oracles/limits.ts";
import { describeViolations } from "../../../../../src/simulator/arm/oracles/violation.ts";
import type { StopReason } from "../../../../../src/simulator/arm/reach/verdict.ts";
import { configuration, type TownWords, town } from "../reach/town.ts";

describe("clashes", () => {
  const nic = (id: string, address: string, publicAddress?: string) => ({
    id: `${id}-nic`,
    machine: undefined,
    securityGroup: undefined,
    configurations: [{ ...configuration(id, address), publicAddress }],
  });
  const cases: readonly { readonly name: string; readonly town: TownWords; readonly says: readonly string[] }[] = [
    { name: "none", town: {}, says: [] },
    { name: "one port on two frontends", town: { rules: ["a:80", "b:80"] }, says: [] },
    { name: "one port with two protocols", town: { rules: ["a:80 Tcp", "a:80 Udp"] }, says: [] },
    { name: "one port twice", town: { rules: ["a:80", "a:80 Tcp -> 81"] }, says: [] },
    { name: "a rule for both protocols and one for TCP", town: { rules: ["a:80 All", "b:80"] }, says: [] },
    {
      name: "a NAT rule on the port of a rule",
      town: { rules: ["a:22"], natRules: [{}] },
      says: ["nat: it and rule-a-22 take the same port of one frontend: a Tcp 22"],
    },
    {
      name: "a frontend and an interface with one private address",
      town: { nics: [nic("x", "10.0.0.100")] },
      says: ["x: it and lb/inside have the same address: v 10.0.0.100"],
    },
    {
      name: "a frontend and an interface with one public address",
      town: { nics: [nic("x", "10.0.0.77", "a")] },
      says: ["x: it and lb/a have the same address: a"],
    },
  ];
  for (const { name, town: words, says } of cases) {
    it(name, () =>
      assert.deepEqual(
        clashesOf(town(words)).map(({ resource, message }) => `${resource}: ${message}`),
        says,
      ),
    );
  }

  it("two rules of different names for one port", () => {
    const topology = town({ rules: ["a:80", "a:443"] });
    const balancers = topology.balancers.map((balancer) => ({
      ...balancer,
      rules: balancer.rules.map((rule) => ({ ...rule, frontendPort: 80, protocol: "All" as const })),
    }));
    assert.equal(clashesOf({ ...topology, balancers }).length, 2, "for TCP and for UDP");
  });
});

describe("limits", () => {
  const many = (count: number): readonly JsonObject[] => Array.from({ length: count }, (_, i) => ({ name: `n${i}` }));
  const cases: readonly (readonly [string, string, JsonObject, readonly string[]])[] = [
    ["a balancer at its limits", "loadBalancers", { properties: { frontendIPConfigurations: many(600) } }, []],
    [
      "one frontend more",
      "loadBalancers",
      { properties: { frontendIPConfigurations: many(601) } },
      ["frontendsPerBalancer: 601 of 600"],
    ],
    [
      "rules and NAT rules count together",
      "loadBalancers",
      { properties: { loadBalancingRules: many(1000), inboundNatRules: many(501) } },
      ["rulesPerBalancer: 1501 of 1500"],
    ],
    [
      "a Basic balancer holds fewer",
      "loadBalancers",
      { sku: { name: "Basic" }, properties: { loadBalancingRules: many(251) } },
      ["rulesPerBasicBalancer: 251 of 250"],
    ],
    [
      "addresses of all rules of a group count together",
      "networkSecurityGroups",
      {
        properties: {
          securityRules: [
            {
              name: "a",
              properties: {
                sourceAddressPrefixes: Array.from({ length: 4000 }, (_, n) => String(n)),
                destinationAddressPrefix: "*",
              },
            },
            { name: "b", properties: { sourceAddressPrefix: "*", destinationAddressPrefix: "*" } },
          ],
        },
      },
      ["sourcesPerSecurityGroup: 4001 of 4000"],
    ],
    ["routes", "routeTables", { properties: { routes: many(401) } }, ["routesPerTable: 401 of 400"]],
    [
      "tags of anything",
      "publicIPAddresses",
      { tags: Object.fromEntries(many(51).map((_, i) => [`t${i}`, ""])) },
      ["tagsPerResource: 51 of 50"],
    ],
  ];
  for (const [name, type, document, says] of cases) {
    it(name, () => {
      const found = exceededLimits("/x", `Microsoft.Network/${type}`, document, PUBLISHED_LIMITS);
      assert.deepEqual(
        found.map(({ message }) => message),
        says,
      );
    });
  }
});

describe("asks", () => {
  const targets = (flows: ReturnType<Asks["wanted"]>): readonly string[] =>
    flows.map(({ packet: { source, destination, port, protocol } }) => `${source} ${destination}:${port} ${protocol}`);

  it("are for published addresses, from the internet unless they say otherwise", () => {
    const asks = new Asks();
    asks.ask({ name: "a", ports: [{ port: 80 }, { port: 53, protocol: "Udp" }] });
    assert.deepEqual(targets(asks.wanted()), []);
    asks.publish("a", ["1.1.1.1"]);
    assert.deepEqual(targets(asks.wanted()), ["Internet 1.1.1.1:80 Tcp", "Internet 1.1.1.1:53 Udp"]);
    asks.publish("a", ["2.2.2.2"]);
    asks.ask({ name: "a", ports: [{ port: 80 }], from: ["9.9.9.9"], notFrom: ["8.8.8.8"] });
    assert.deepEqual(targets(asks.wanted()), ["9.9.9.9 2.2.2.2:80 Tcp"]);
    assert.deepEqual(targets(asks.unwanted()), ["8.8.8.8 2.2.2.2:80 Tcp"]);
  });

  it("keep out at an address that nobody published what all keep out who wait for one", () => {
    const asks = new Asks();
    asks.ask({ name: "a", ports: [{ port: 80 }], notFrom: ["8.8.8.8", "9.9.9.9"] });
    asks.ask({ name: "b", ports: [{ port: 80 }], notFrom: ["8.8.8.8"] });
    asks.ask({ name: "c", ports: [{ port: 443 }], notFrom: ["9.9.9.9"] });
    assert.deepEqual(targets(asks.unwantedAt("1.1.1.1")), [
      "8.8.8.8 1.1.1.1:80 Tcp",
      "8.8.8.8 1.1.1.1:80 Tcp",
      "9.9.9.9 1.1.1.1:443 Tcp",
    ]);
    asks.publish("b", ["1.1.1.1"]);
    assert.deepEqual(asks.unwantedAt("1.1.1.1"), []);
    assert.equal(asks.unwantedAt("2.2.2.2").length, 3);
  });

  it("that are released are over, unless another one has the same port of the same address", () => {
    const asks = new Asks();
    for (const name of ["a", "b"]) {
      asks.ask({ name, ports: [{ port: 80 }] });
      asks.publish(name, ["1.1.1.1"]);
    }
    asks.release("a");
    assert.deepEqual(asks.released(), []);
    asks.release("b");
    assert.equal(asks.released().length, 2);
    asks.ask({ name: "a", ports: [] });
    assert.equal(asks.released().length, 1, "who asks anew has not gone");
  });
});

describe("gaps", () => {
  const cases: readonly (readonly [
    StopReason,
    string,
    "address-moves" | "sku-changes" | "pool-type-changes",
    boolean,
  ])[] = [
    ["no-such-address", "/subscriptions/p", "address-moves", true],
    ["no-such-address", "20.0.0.1", "address-moves", false],
    ["security-rule", "/subscriptions/r", "address-moves", false],
    ["no-such-address", "20.0.0.1", "sku-changes", true],
    ["no-rule", "/subscriptions/f", "sku-changes", true],
    ["empty-pool", "/subscriptions/r", "sku-changes", false],
    ["empty-pool", "/subscriptions/r", "pool-type-changes", true],
  ];
  for (const [reason, resource, gap, is] of cases) {
    it(`${gap} ${is ? "explains" : "does not explain"} ${reason} at ${resource}`, () =>
      assert.equal(isGap({ reason, resource, message: "" }, [gap]), is));
  }
  it("lost connections are none", () => assert.equal(isGap(undefined, ["address-moves"]), false));
});

it("a report has a line for each violation, its place and its cause", () => {
  const violation = {
    oracle: "clash",
    atMs: 0,
    moment: "completed",
    cause: "PUT /lb",
    resource: "/lb/f",
    message: "m",
  } as const;
  const report = describeViolations([violation, violation]);
  assert.match(report, /^2 violations\n1970-01-01T00:00:00.000Z clash: m\n {4}at \/lb\/f\n {4}completed: PUT \/lb\n/);
});
