import { Derive } from "../derive.ts";
import { FAULT_CATALOGUE, type FaultName } from "./catalogue.ts";
import type { FaultRow, FaultStage } from "./fault-row.ts";

/** Faults that are drawn. */
export interface SeededFaults {
  /** The simulator's own seed when absent. */
  readonly seed?: string;
  /** Share of requests that go wrong, 0 to 1. */
  readonly rate: number;
  /** What can go wrong; {@link USUAL_FAULTS} when absent. */
  readonly kinds?: readonly FaultName[];
  /** Paths that faults are drawn for; those below `/subscriptions/` when absent. */
  readonly path?: RegExp;
}

/** What goes wrong in an ordinary bad hour: 429, 412, 409, 500, timeouts, dropped connections, operations that end badly. */
export const USUAL_FAULTS: readonly FaultName[] = [
  "F01",
  "F02",
  "F03",
  "F08",
  "F09",
  "F11",
  "F44",
  "F45",
  "F62",
  "F64",
  "F69",
  "internal-error",
  "server-timeout",
];

/** One fault that was drawn for a request. */
export interface Drawn {
  readonly row: FaultRow;
  readonly at: FaultStage;
}

/**
 * Draws faults. Each draw follows from seed, method, path and how often they were seen together, so that the order in
 * which requests to different resources arrive changes nothing.
 */
export class Lottery {
  readonly #derive: Derive;
  readonly #rate: number;
  readonly #kinds: readonly FaultRow[];
  readonly #path: RegExp;

  constructor({ rate, kinds = USUAL_FAULTS, path = /^\/subscriptions\//i }: SeededFaults, seed: string) {
    this.#derive = new Derive(seed);
    this.#rate = rate;
    this.#kinds = kinds.map((name) => FAULT_CATALOGUE[name]);
    this.#path = path;
  }

  /** What goes wrong with the nth request of this method and path, if anything does. */
  request(method: string, path: string, nth: number): Drawn | undefined {
    const drawn = this.#draw("request", method, path, nth);
    if (drawn === undefined || drawn.effect.kind === "operation") return undefined;
    return { row: drawn, at: drawn.at ?? this.#stage(drawn, method, path, nth) };
  }

  /** How the operation of the nth accepted write of this method and path ends, if otherwise than well. */
  operation(method: string, path: string, nth: number): FaultRow | undefined {
    const drawn = this.#draw("operation", method, path, nth);
    return drawn?.effect.kind === "operation" ? drawn : undefined;
  }

  /** One wheel for both, so that the rates of all kinds add up to one. */
  #draw(wheel: string, method: string, path: string, nth: number): FaultRow | undefined {
    if (path.search(this.#path) < 0) return undefined;
    const key = path.toLowerCase();
    if (this.#derive.fraction("hit", wheel, method, key, nth) >= this.#rate) return undefined;
    const possible = this.#kinds.filter((row) => applies(row, method, path));
    return possible[Math.floor(this.#derive.fraction("kind", wheel, method, key, nth) * possible.length)];
  }

  /** Half of the dropped connections come after the effect is in. */
  #stage({ effect }: FaultRow, method: string, path: string, nth: number): FaultStage {
    if (effect.kind !== "cut") return "received";
    return this.#derive.fraction("stage", method, path.toLowerCase(), nth) < 0.5 ? "received" : "committed";
  }
}

function applies({ methods, path }: FaultRow, method: string, at: string): boolean {
  return methods?.includes(method) !== false && (path === undefined || at.search(path) >= 0);
}
