import type { Clock } from "../../../base/clock.ts";
import { type Level, levelAt, waitMs } from "./allowance.ts";
import type { BudgetName } from "./budgets.ts";
import type { DrawFrom } from "./draws.ts";
import type { LimitSettings } from "./options.ts";

/** A draw that was refused, and when it may be tried again. */
export interface RefusedDraw {
  readonly draw: DrawFrom;
  /** `undefined`: never. */
  readonly waitMs: number | undefined;
  /** Requests since the budget was last full, this one included. */
  readonly measured: number;
}

/** Keeps the levels of all budgets. */
export class Meter {
  readonly #clock: Clock;
  readonly #levels = new Map<string, Level>();
  readonly #excess = new Map<string, number>();
  readonly #refused = new Map<BudgetName, number>();
  #settings: LimitSettings;

  constructor(clock: Clock, settings: LimitSettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Takes other settings from now on; what was used stays used. */
  set settings(settings: LimitSettings) {
    this.#settings = settings;
  }

  /** Takes one request from each budget; from none if one of them has none left, which is returned. */
  take(draws: readonly DrawFrom[]): RefusedDraw | undefined {
    const { budgets, background, reject } = this.#settings;
    const now = this.#clock.now();
    const short = draws.find((draw) => this.#wait(draw, now) !== 0);
    if (short !== undefined && reject) {
      this.#refused.set(short.budget, (this.#refused.get(short.budget) ?? 0) + 1);
      const excess = (this.#excess.get(keyOf(short)) ?? 0) + 1;
      this.#excess.set(keyOf(short), excess);
      const measured = Math.floor(budgets[short.budget].size) + excess;
      return { draw: short, waitMs: this.#wait(short, now), measured };
    }
    for (const draw of draws) {
      const level = levelAt(budgets[draw.budget], this.#levels.get(keyOf(draw)), now, background);
      this.#levels.set(keyOf(draw), { atMs: level.atMs, left: Math.max(0, level.left - 1) });
      this.#excess.delete(keyOf(draw));
    }
    return undefined;
  }

  /** Whole requests that a budget has left. */
  left(draw: DrawFrom): number {
    const { budgets, background } = this.#settings;
    const level = levelAt(budgets[draw.budget], this.#levels.get(keyOf(draw)), this.#clock.now(), background);
    return Math.floor(level.left);
  }

  /** How many requests each budget has refused, sorted by name. */
  refused(): ReadonlyMap<BudgetName, number> {
    return new Map([...this.#refused].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Uses up a budget of everybody who has drawn from it before. */
  drain(budget: BudgetName): void {
    const now = this.#clock.now();
    for (const key of this.#levels.keys()) {
      if (key.startsWith(`${budget} `)) this.#levels.set(key, { atMs: now, left: 0 });
    }
  }

  #wait(draw: DrawFrom, now: number): number | undefined {
    const { budgets, background } = this.#settings;
    const allowance = budgets[draw.budget];
    return waitMs(allowance, levelAt(allowance, this.#levels.get(keyOf(draw)), now, background), now, background);
  }
}

function keyOf({ budget, of }: DrawFrom): string {
  return `${budget} ${of}`;
}
