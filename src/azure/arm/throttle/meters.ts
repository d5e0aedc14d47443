import {
  type Allowance,
  closed,
  corrected,
  drawn,
  emptied,
  full,
  type Level,
  levelAt,
  readyAt,
  returned,
} from "./bucket.ts";
import type { Draw } from "./draws.ts";
import type { Remaining } from "./gate.ts";

/** A token that was taken: which bucket, and how many had been taken before. */
export interface Token {
  readonly draw: Draw;
  readonly index: number;
}

interface Meter {
  allowance: Allowance;
  /** False until an answer has said how much others have left. */
  heard: boolean;
  level: Level;
  /** Tokens ever taken. */
  taken: number;
  /** Those of them that came back. */
  unused: number;
}

/**
 * Requests that may be unanswered at a time while nothing is known of how full one of ARM's buckets is: others may be busy,
 * or we were a moment ago, before a restart. Nearly every answer tells.
 */
const CAUTIOUS = 40;

/** Full buckets are forgotten when there are more than this, so that memory follows what is in use. */
const METERS_KEPT = 256;

/** What every bucket holds. Synchronous; times are milliseconds of one clock. */
export class Meters {
  readonly #meters = new Map<string, Meter>();
  #sweepAbove = METERS_KEPT;

  /** Buckets that are remembered. */
  get size(): number {
    return this.#meters.size;
  }

  /** From when on all buckets have a token. */
  readyAt(draws: readonly Draw[], reserve: boolean, nowMs: number): number {
    let at = nowMs;
    for (const { key, allowance } of draws) {
      const level = this.#meters.get(key)?.level;
      if (level === undefined) continue;
      at = Math.max(at, readyAt(allowance, levelAt(allowance, level, nowMs), reserve));
    }
    return at;
  }

  /** When the last of these buckets opens that ARM has closed; not after `nowMs` when none is closed. */
  closedUntil(draws: readonly Draw[], nowMs: number): number {
    return Math.max(nowMs, ...draws.map(({ key }) => this.#meters.get(key)?.level.atMs ?? 0));
  }

  /** Takes a token from each. */
  take(draws: readonly Draw[], nowMs: number): readonly Token[] {
    return draws.map((draw) => {
      const meter = this.#meter(draw, nowMs);
      meter.level = drawn(meter.level);
      return { draw, index: ++meter.taken };
    });
  }

  /** Tokens of these buckets as if they had been taken just now. */
  newest(draws: readonly Draw[]): readonly Token[] {
    return draws.map((draw) => ({ draw, index: this.#meters.get(draw.key)?.taken ?? 0 }));
  }

  /** Puts tokens back that were not used; a bucket that was closed since opens with one token all the same. */
  giveBack(draws: readonly Draw[], nowMs: number): void {
    for (const draw of draws) {
      const meter = this.#meter(draw, nowMs);
      if (!isClosed(meter, nowMs)) meter.level = returned(meter.allowance, meter.level);
      meter.unused++;
    }
  }

  /**
   * Takes in what an answer says is left of the buckets that its request drew from.
   *
   * @returns whether a bucket holds more than before: answers end the caution.
   */
  correct(tokens: readonly Token[], said: readonly Remaining[], nowMs: number): boolean {
    let rose = false;
    for (const { draw, index } of tokens) {
      const meter = this.#meter(draw, nowMs);
      const before = meter.level.left;
      const left = said.find(({ policy }) => policy === draw.policy)?.left;
      if (!meter.heard && !isClosed(meter, nowMs)) meter.level = lessCautious(meter, left !== undefined);
      if (left !== undefined) {
        meter.heard = true;
        meter.level = corrected(meter.level, left, Math.max(0, meter.taken - index));
      }
      rose ||= meter.level.left > before;
    }
    return rose;
  }

  /**
   * Closes a bucket until then, or only empties it when no time is known.
   *
   * @returns for how much longer it is closed than it was, milliseconds.
   */
  close(draw: Draw, untilMs: number | undefined, nowMs: number): number {
    const meter = this.#meter(draw, nowMs);
    const before = Math.max(nowMs, meter.level.atMs);
    meter.level = untilMs === undefined ? emptied(meter.level) : closed(meter.level, untilMs);
    return Math.max(0, meter.level.atMs - before);
  }

  #meter({ key, allowance, told }: Draw, nowMs: number): Meter {
    const known = this.#meters.get(key);
    if (known !== undefined) {
      known.level = levelAt(allowance, known.level, nowMs);
      known.allowance = allowance;
      return known;
    }
    if (this.#meters.size >= this.#sweepAbove) this.#sweep(nowMs);
    const level = told ? { atMs: nowMs, left: Math.min(CAUTIOUS, allowance.size) } : full(allowance, nowMs);
    const made: Meter = { allowance, heard: told !== true, level, taken: 0, unused: 0 };
    this.#meters.set(key, made);
    return made;
  }

  #sweep(nowMs: number): void {
    for (const [key, { allowance, level }] of this.#meters) {
      const { atMs, left } = levelAt(allowance, level, nowMs);
      if (atMs <= nowMs && left >= allowance.size) this.#meters.delete(key);
    }
    this.#sweepAbove = Math.max(METERS_KEPT, 2 * this.#meters.size);
  }
}

function isClosed({ level }: Meter, nowMs: number): boolean {
  return level.atMs > nowMs;
}

// Who says how full the bucket is frees all that we have not used; any other answer lets one more go.
function lessCautious({ level, allowance, taken, unused }: Meter, told: boolean): Level {
  return told ? { ...level, left: Math.max(0, allowance.size - (taken - unused)) } : returned(allowance, level);
}
