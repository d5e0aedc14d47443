import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../../../src/base/checked.ts";
import { latencyProfile } from "../../../../../src/simulator/arm/latency.ts";
import { parseScenario } from "../../../../../src/simulator/arm/scenario/scenario.ts";

describe("a scenario", () => {
  it("may be empty", () => {
    for (const text of ["", "# nothing\n", "{}"]) expect(parseScenario(text)).toEqual({ ok: true, value: {} });
  });

  it("takes a whole document", () => {
    const scenario = parseScenario(`
seed: mine
clock: manual
profile: P3
latency: 0.1
limits: { network: bucket, background: 0.5, budgets: { arm.reads: { kind: bucket, size: 5, perSecond: 1 } } }
tokens: checked
allowedActions: [Microsoft.Network/*]
pageSize: { network: 10 }
subscriptionId: 11111111-2222-4333-8444-555555555555
startAt: 2030-01-01T00:00:00Z
identity: { tokenLifetimeSeconds: 60, applications: [{ clientId: mine, secrets: [{ value: s }] }] }
cluster: { location: northeurope }
behaviour: { secondPut: refuse, listLagMs: 500 }
faults:
  - { fault: F12, method: PUT, path: loadBalancers, nth: every }
  - { operation: Failed, code: InternalServerError, path: publicIPAddresses }
  - { cut: reset, pattern: "/disks/[a-z]+$", at: committed }
  - { rate: 0.05, kinds: [F01, hang], seed: other }
`);
    expect(scenario).toMatchObject({
      ok: true,
      value: {
        seed: "mine",
        clock: "manual",
        profile: "P3",
        latency: 0.1,
        limits: { network: "bucket", background: 0.5 },
        cluster: { location: "northeurope", vmss: { name: "nodes-vmss" } },
        behaviour: { secondPut: "refuse", listLagMs: 500 },
      },
    });
    expect(scenario.ok && scenario.value.faults).toHaveLength(4);
  });

  it("has the default cluster when it names one and says nothing of it", () => {
    const scenario = parseScenario("cluster:\n");
    expect(scenario.ok && scenario.value.cluster?.vmss?.nodes).toHaveLength(3);
  });

  it("can say how long every operation takes", () => {
    const scenario = parseScenario("latency: { operationMs: 5000, retryAfter: true }");
    const latency = latencyProfile((scenario.ok && scenario.value.latency) || "zero");
    const any = { p50Ms: 1, p95Ms: 2 };
    expect([
      latency.answerMs(any, () => [0, 0]),
      latency.operationMs(any, () => [0, 0]),
      latency.retryAfterSeconds(10),
    ]).toEqual([0, 5000, 10]);
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ["no YAML", "a: [", "line 1: got"],
    ["a list", "- 1", 'document: got "[1]", want an object'],
    ["an unknown field", "latncy: zero", 'latncy: got "latncy", want a known field'],
    ["an unknown profile", "profile: P9", 'profile: got "P9", want P1, P2, P3, P4 or P5'],
    ["a factor out of range", "latency: 300", 'latency: got "300", want zero, second, a factor'],
    ["a time that runs backwards", "latency: { operationMs: -1 }", "latency.operationMs: got"],
    ["an instant that is none", "startAt: noon", 'startAt: got "noon", want an instant such as'],
    ["a page of nothing", "pageSize: { network: 0 }", 'pageSize.network: got "0", want a whole number from 1'],
    ["a tenant that is no guid", "tenantId: mine", 'tenantId: got "mine", want a guid'],
    [
      "a slip in an identity",
      "identity: { applications: [{ id: x }] }",
      "identity.applications[0].clientId is missing",
    ],
    ["an unknown clock", "clock: sun", 'clock: got "sun", want system, manual or auto'],
    ["time that is shared but does not move", "participants: 2", 'participants: got "2", want clock: auto beside it'],
    ["a slip in limits", "limits: { netwrok: bucket }", 'limits.netwrok: got "netwrok", want a known field'],
    ["limits that are a word", "limits: some", 'limits: got "some", want none, documented, or'],
    ["a budget that is none", "limits: { budgets: { x: 1 } }", "limits.budgets"],
    ["a node elsewhere", "cluster: { vms: [{ name: a, address: 1.2.3.4 }] }", 'cluster.vms[0].address: got "1.2.3.4"'],
    ["a slip in the cluster", "cluster: { location: moon }", 'cluster.location: got "moon"'],
    ["a slip in a switch", "behaviour: { secondPut: x }", 'behaviour.secondPut: got "x", want supersede or refuse'],
    ["an unknown fault", "faults: [{ fault: F99 }]", 'faults[0].fault: got "F99", want a name of the catalogue'],
    ["the noughth request", "faults: [{ fault: F01, nth: 0 }]", 'faults[0].nth: got "0", want a whole number from 1'],
    ["a fault of no kind", "faults: [{ nth: 1 }]", 'faults[0]: got "{\\"nth\\":1}", want an object with one of fault'],
    ["a pattern that is none", 'faults: [{ cut: hang, pattern: "(" }]', 'faults[0].pattern: got "("'],
    ["a share above one", "faults: [{ rate: 3 }]", 'faults[0].rate: got "3", want a share from 0 to 1'],
    ["faults that are no list", "faults: 3", 'faults: got "3", want a list of faults'],
  ];
  for (const [name, text, says] of refused) {
    it(`is refused for ${name}`, () => {
      const scenario = parseScenario(text);
      expect(scenario.ok ? [] : scenario.problems.map(describeProblem).join("\n")).toContain(says);
    });
  }

  it("tells of every mistake at once", () => {
    const scenario = parseScenario(
      "profile: P9\ncluster: { location: moon }\nbehaviour: { x: 1 }\nfaults: [{ rate: 2 }]",
    );
    expect(scenario.ok ? [] : scenario.problems.map(({ field }) => field)).toEqual([
      "profile",
      "cluster.location",
      "behaviour.x",
      "faults[0].rate",
    ]);
  });
});
