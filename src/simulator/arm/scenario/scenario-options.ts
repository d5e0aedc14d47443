import { type Clock, systemClock } from "../../../base/clock.ts";
import { VirtualClock } from "../../../base/virtual-clock.ts";
import { profile } from "../profiles.ts";
import type { WorldOptions } from "../simulator-options.ts";
import type { Scenario } from "./scenario.ts";

/**
 * The options that a scenario stands for. A profile counts less than what is said beside it. The cluster is not among
 * them: it is written into the simulator once it runs.
 *
 * @param notBeforeMs - a clock of its own begins then at the earliest, milliseconds since the epoch.
 */
export function scenarioOptions(scenario: Scenario, notBeforeMs = 0): WorldOptions {
  const { cluster: _, profile: name, clock, participants, startAt, faults: script, ...rest } = scenario;
  return {
    ...(name !== undefined && profile(name)),
    ...rest,
    ...(script !== undefined && { script }),
    clock: clockOf({ clock, startAt }, notBeforeMs),
    ...(clock === "auto" && { participants: 1 }),
    ...(participants !== undefined && { participants }),
  };
}

type Beginning = { readonly [K in "clock" | "startAt"]: Scenario[K] | undefined };

function clockOf({ clock, startAt }: Beginning, notBeforeMs: number): Clock {
  if (clock === undefined || clock === "system") return systemClock;
  const startMs = startAt === undefined ? systemClock.now() : Date.parse(startAt);
  return new VirtualClock(clock, Math.max(startMs, notBeforeMs));
}
