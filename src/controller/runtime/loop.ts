import { assertNever } from "../../base/checked.ts";
import type { Logger } from "../../base/logger.ts";
import type { Outcome } from "./outcome.ts";
import type { WorkQueue } from "./work-queue.ts";

/** What a loop runs on. */
export interface LoopOptions {
  readonly queue: WorkQueue;
  /** Passes at once, each over another key; a pass that waits for the cloud costs its memory, nothing else. */
  readonly concurrency: number;
  /** One pass. What it throws counts as a failure. */
  readonly pass: (key: string, signal: AbortSignal) => Promise<Outcome>;
  readonly logger: Logger;
}

/**
 * Works the queue until it is shut down, which happens when `signal` aborts.
 *
 * @returns a promise that resolves when the last pass in progress has ended; it never rejects.
 */
export async function runLoop(options: LoopOptions, signal: AbortSignal): Promise<void> {
  const { queue, concurrency } = options;
  const stop = (): void => queue.shutDown();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  await Promise.all(Array.from({ length: concurrency }, () => work(options, signal)));
  signal.removeEventListener("abort", stop);
}

async function work(options: LoopOptions, signal: AbortSignal): Promise<void> {
  const { queue } = options;
  for (;;) {
    const key = await queue.get();
    if (key === undefined) return;
    if (!signal.aborted) settle(queue, key, await attempt(options, key, signal));
    queue.done(key);
  }
}

async function attempt({ pass, logger }: LoopOptions, key: string, signal: AbortSignal): Promise<Outcome> {
  try {
    return await pass(key, signal);
  } catch (error) {
    if (!signal.aborted) logger.error("a pass failed in an unexpected way", { key, error });
    return { kind: "backoff" };
  }
}

function settle(queue: WorkQueue, key: string, outcome: Outcome): void {
  switch (outcome.kind) {
    case "done":
    case "parked":
      queue.forget(key);
      break;
    case "again":
      queue.addAfter(key, outcome.afterMs);
      break;
    case "backoff":
      queue.addRateLimited(key);
      break;
    default:
      assertNever(outcome);
  }
}
