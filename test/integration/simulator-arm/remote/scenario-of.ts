import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import type { ArmSimulatorOptions } from "../../../../src/simulator/index.ts";
import { seededData } from "./remote-faults.ts";
import { skip } from "./skip.ts";

/** The scenario that stands for a simulator's options. Tests whose options do not get across are skipped. */
export function scenarioOf(given: ArmSimulatorOptions): object {
  const { clock, faults, script = [], tls: _, ...options } = given;
  for (const [name, value] of Object.entries(options)) if (holdsFunctions(value)) skip(`${name} with functions`);
  for (const name of ["ports", "journal", "participants"]) if (name in options) skip(`the option ${name}`);
  return {
    ...options,
    ...clockData(clock),
    faults: [...script, ...(faults === undefined ? [] : [seededData(faults)])],
  };
}

function clockData(clock: ArmSimulatorOptions["clock"]): object {
  if (clock === undefined) return {};
  if (!(clock instanceof VirtualClock)) return skip("a clock of its own");
  return { clock: "manual", startAt: new Date(clock.now()).toISOString() };
}

function holdsFunctions(value: unknown): boolean {
  if (typeof value === "function") return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsFunctions);
}
