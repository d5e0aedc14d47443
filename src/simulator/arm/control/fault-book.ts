import { type Checked, checked } from "../../../base/checked.ts";
import type { Faults, SetFault } from "../faults.ts";
import { Book } from "./book.ts";
import { checkFault, type FaultSpec } from "./fault-spec.ts";

/** A fault that was set by data, as the control surface tells of it. */
export interface ListedFault {
  readonly id: string;
  /** As it was written. */
  readonly fault: unknown;
  /** How often it has happened. */
  readonly fired: number;
}

/** Faults that were set by data: by a scenario, or over HTTP. */
export class FaultBook {
  readonly #faults: Faults;
  readonly #book = new Book<SetFault>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** Sets all of them, or none when one of them is wrong. @param place - as of {@link checkFaults}. @returns their ids. */
  add(inputs: readonly unknown[], place?: (index: number) => string): Checked<readonly string[]> {
    const specs = checkFaults(inputs, place);
    if (!specs.ok) return specs;
    return { ok: true, value: specs.value.map((spec, i) => this.#book.enter(inputs[i], spec(this.#faults))) };
  }

  /** Those that are set, in the order they were. */
  list(): readonly ListedFault[] {
    return this.#book.entries().map(({ id, written, handle }) => ({ id, fault: written, fired: handle.fired() }));
  }

  /** Takes away the one with this id, or all. @returns how many there were. */
  remove(id?: string): number {
    return this.#book.remove(id);
  }
}

/** Checks faults without setting them. @param place - where each stands in a larger document; `faults[i]` when absent. */
export function checkFaults(
  inputs: readonly unknown[],
  place = (index: number): string => `faults[${index}]`,
): Checked<readonly FaultSpec[]> {
  const results = inputs.map((input, i) => checkFault(input, place(i)));
  return checked(
    results.flatMap((result) => (result.ok ? [result.value] : [])),
    results.flatMap((result) => (result.ok ? [] : result.problems)),
  );
}
