import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import type { Control } from "./control.ts";
import { skip } from "./skip.ts";

/** Virtual milliseconds that a request which waits is given at a time. */
const STEP_MS = 50;

/** Waits for an answer of a simulator. */
export type Waiting = <T>(work: Promise<T>) => Promise<T>;

const JUST_WAIT: Waiting = (work) => work;

/**
 * Lets the clock of a test move that of a simulator in another process, which is a manual one. An automatic clock cannot
 * know there when to jump: it moves in small steps while a request is open, and as far as the test sleeps.
 */
export function leadWith(clock: unknown, control: Control): Waiting {
  if (!(clock instanceof VirtualClock)) return JUST_WAIT;
  const advance = clock.advance.bind(clock);
  const move = (ms: number): void => void control.ask("POST", "/clock/advance", { ms });
  define(clock, "advance", async (ms: number) => {
    move(ms);
    await advance(ms);
  });
  Object.defineProperty(clock, "pending", { get: () => skip("clock.pending") });
  if (clock.mode === "manual") return JUST_WAIT;
  define(clock, "now", () => control.ask("GET", "/clock").nowMs);
  define(clock, "sleep", async (ms: number) => move(ms));
  return async (work) => {
    let open = true;
    const end = (): void => {
      open = false;
    };
    work.then(end, end);
    for (await turn(); open; await turn()) move(STEP_MS);
    return await work;
  };
}

function define(clock: VirtualClock, member: "advance" | "now" | "sleep", value: (ms: number) => unknown): void {
  Object.defineProperty(clock, member, { value });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
