import type { ArmSimulator } from "../../../src/simulator/index.ts";
import { stateOf } from "../../fixtures/arm-state.ts";

/**
 * Everything in ARM as it is in the end, comparable between runs of one seed: without priorities of security rules, which
 * follow from the order of arrival, and with every list in the order of its elements' names.
 */
export function finalState(arm: ArmSimulator): unknown {
  return sorted(stateOf({ arm }, ["priority"]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).toSorted((a, b) => compare(nameOf(a), nameOf(b)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, sorted(member)]));
}

function nameOf(value: unknown): string {
  const { name, id } = (value ?? {}) as { readonly name?: string; readonly id?: string };
  return name ?? id ?? JSON.stringify(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first places where two states differ, as `path: this, that`. */
export function differences(actual: unknown, wanted: unknown, at = ""): readonly string[] {
  if (JSON.stringify(actual) === JSON.stringify(wanted)) return [];
  if (!isObject(actual) || !isObject(wanted)) return [`${at}: ${short(actual)}, and not ${short(wanted)}`];
  const keys = [...new Set([...Object.keys(actual), ...Object.keys(wanted)])].toSorted();
  return keys.flatMap((key) => {
    const label = (isObject(wanted[key]) && wanted[key]["name"]) || (isObject(actual[key]) && actual[key]["name"]);
    return differences(actual[key], wanted[key], `${at}/${typeof label === "string" ? label : key}`);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function short(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 120);
}
