import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { type SimulateOptions, simulatorOptions } from "../../../../src/cli/simulate/settings.ts";
import type { ArmSimulatorOptions, Scenario, SimulatorState } from "../../../../src/simulator/index.ts";

const state: SimulatorState = {
  version: 1,
  savedAtMs: Date.UTC(2100, 0, 1),
  seed: "saved",
  tenantId: "tenant",
  subscriptionId: "subscription",
  subscriptions: [],
  resourceGroups: [],
  generations: {},
  publicAddresses: {},
  privateAddresses: [],
  resources: [],
  operations: [],
};

function settings(
  flags: Partial<SimulateOptions>,
  scenario: Scenario = {},
  saved?: SimulatorState,
): ArmSimulatorOptions {
  return simulatorOptions({ port: 0, httpsPort: 0, ...flags }, scenario, saved);
}

describe("the simulator of azure-ccm simulate", () => {
  it("speaks https, on the ports that are asked for", () => {
    expect(settings({ port: 80, httpsPort: 443 })).toMatchObject({ tls: true, ports: { http: 80, https: 443 } });
  });

  const precedence: readonly { name: string; flags: Partial<SimulateOptions>; scenario: Scenario; expected: object }[] =
    [
      { name: "the scenario's latency", flags: {}, scenario: { latency: 0.5 }, expected: { latency: 0.5 } },
      { name: "the flag's before it", flags: { latency: 0 }, scenario: { latency: 0.5 }, expected: { latency: 0 } },
      {
        name: "the flag's before a profile's",
        flags: { latency: 1, profile: "P1" },
        scenario: {},
        expected: { latency: 1 },
      },
      {
        name: "the scenario's before its own profile's",
        flags: {},
        scenario: { profile: "P4", latency: "zero", limits: "none" },
        expected: { latency: "zero", limits: "none" },
      },
      {
        name: "a profile's limits and faults",
        flags: { profile: "P5" },
        scenario: {},
        expected: { limits: { network: "bucket" }, faults: { rate: 0.05 } },
      },
      {
        name: "those of a profile that a flag names before the scenario's",
        flags: { profile: "P4" },
        scenario: { limits: "none" },
        expected: { limits: { network: "bucket" } },
      },
      {
        name: "the scenario's script",
        flags: {},
        scenario: { faults: [{ rate: 1 }] },
        expected: { script: [{ rate: 1 }] },
      },
      { name: "the scenario's seed", flags: {}, scenario: { seed: "mine" }, expected: { seed: "mine" } },
    ];
  for (const { name, flags, scenario, expected } of precedence) {
    it(`takes ${name}`, () => {
      expect(settings(flags, scenario)).toMatchObject(expected);
    });
  }

  it("is the one of the dump that it goes on from", () => {
    const expected = { seed: "saved", tenantId: "tenant", subscriptionId: "subscription" };
    expect(settings({}, { seed: "other" }, state)).toMatchObject(expected);
  });

  it("shares its time when it is to move by itself: with one, or with as many as were told", () => {
    for (const [flags, participants] of [
      [{ clock: "auto" }, 1],
      [{ clock: "auto", participants: 3 }, 3],
    ] as const) {
      const settled = settings(flags);
      expect([settled.participants, (settled.clock as VirtualClock).mode]).toEqual([participants, "auto"]);
    }
    expect(settings({ clock: "manual" }).participants).toBeUndefined();
  });

  it("has a clock of its own when it is asked for, not before the dump was taken", () => {
    const { clock } = settings({ clock: "manual" }, {}, state);
    expect(clock).toBeInstanceOf(VirtualClock);
    expect(clock?.now()).toBe(state.savedAtMs);
    expect(settings({ clock: "system" }, { clock: "manual" }).clock).not.toBeInstanceOf(VirtualClock);
  });
});
