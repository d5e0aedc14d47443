import { MergeQueue } from "../../../../src/azure/arm/merge-queue.ts";
import type { Document, Edit, ResourcePort, WriteCondition, WriteFailure } from "../../../../src/azure/arm/port.ts";
import {
  DEFAULT_PATIENCE,
  type MergeQueueOptions,
  type QueueEvent,
  rememberingView,
} from "../../../../src/azure/arm/queue/options.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { CloudError, type CloudErrorCode } from "../../../../src/cloudprovider/errors.ts";

/** A resource as the tests see it: one value per owner. */
export type Slices = Readonly<Record<string, string>>;

/** What the fake does with one write: `commit` says whether the body is in effect although the answer is a failure. */
export interface Fault {
  readonly failure: WriteFailure;
  readonly commit?: boolean;
}

class Failed extends Error {
  readonly failure: WriteFailure;
  constructor(failure: WriteFailure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

export interface Write {
  readonly verb: "put" | "remove";
  readonly body: Slices | undefined;
  readonly condition: WriteCondition;
}

/** One ARM resource with etags, scripted faults and writes that can be held in flight. */
export class FakeArm implements ResourcePort<Slices> {
  readonly writes: Write[] = [];
  reads = 0;
  inFlight = 0;
  mostInFlight = 0;
  current: Document<Slices> | undefined;
  versionless = false;
  /** One per write to come; undefined lets it pass. */
  readonly script: (Fault | undefined)[] = [];
  readonly readScript: (CloudError | undefined)[] = [];
  /** Judges every write that the script says nothing about. */
  judge: (write: Write) => Fault | undefined = () => undefined;
  /** Runs between a read's answer and whatever follows: a foreign writer. */
  afterRead: () => void = () => {};
  #version = 0;
  #held: (() => void)[] | undefined;

  constructor(initial?: Slices) {
    if (initial !== undefined) this.foreignWrite(initial);
  }

  foreignWrite(value: Slices): void {
    this.current = { value, etag: this.versionless ? undefined : `v${++this.#version}` };
  }

  hold(): void {
    this.#held = [];
  }

  /** Lets the writes in flight end; later ones pass unless held again. */
  async release(): Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const go of held) go();
    await settled();
  }

  async read(signal: AbortSignal): Promise<Document<Slices> | undefined> {
    signal.throwIfAborted();
    this.reads++;
    const answer = this.current;
    await Promise.resolve();
    const failure = this.readScript.shift();
    if (failure !== undefined) throw failure;
    this.afterRead();
    return answer;
  }

  async put(next: Slices, condition: WriteCondition, signal: AbortSignal): Promise<Document<Slices>> {
    await this.#write({ verb: "put", body: next, condition }, signal, () => this.foreignWrite(next));
    return this.current as Document<Slices>;
  }

  async remove(condition: WriteCondition, signal: AbortSignal): Promise<void> {
    await this.#write({ verb: "remove", body: undefined, condition }, signal, () => {
      this.current = undefined;
    });
  }

  classify(error: unknown): WriteFailure {
    if (error instanceof Failed) return error.failure;
    return { outcome: "lost", error: CloudError.from(error, "fake") };
  }

  async #write(write: Write, signal: AbortSignal, commit: () => void): Promise<void> {
    this.writes.push(write);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      if (!this.#holds(write.condition)) throw new Failed(conflicted);
      const fault = this.script.length > 0 ? this.script.shift() : this.judge(write);
      if (fault === undefined || fault.commit === true) commit();
      await this.#wait(signal);
      if (fault !== undefined) throw new Failed(fault.failure);
    } finally {
      this.inFlight--;
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const held = this.#held;
    if (held === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      held.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  }

  #holds(condition: WriteCondition): boolean {
    if (condition === "unconditional") return true;
    if ("ifNoneMatch" in condition) return this.current === undefined;
    return this.current?.etag === condition.ifMatch;
  }
}

/** Lets every promise that can settle do so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function error(code: CloudErrorCode, message: string, cloudCode?: string): CloudError {
  return new CloudError(code, message, cloudCode === undefined ? {} : { cloudCode });
}

export const conflicted: WriteFailure = { outcome: "conflicted", error: error("Conflict", "etag does not match") };
export const lost: WriteFailure = { outcome: "lost", error: error("Timeout", "no answer") };
export const broken: WriteFailure = { outcome: "broken", error: error("Unavailable", "operation failed") };
export const forbidden: WriteFailure = {
  outcome: "refused",
  cause: "everyone",
  error: error("Locked", "scope is locked", "ScopeLocked"),
};

export function wait(cause: "busy" | "throttled", retryAfterMs?: number): WriteFailure {
  return { outcome: "refused", cause, retryAfterMs, error: error("Throttled", cause) };
}

export function unprovisioned(resourceId: string): WriteFailure {
  return {
    outcome: "refused",
    cause: "unprovisioned",
    resourceId,
    error: error("Unavailable", `${resourceId} is not ready`),
  };
}

export function content(message: string, culprit?: string): WriteFailure {
  return { outcome: "refused", cause: "content", culprit, error: error("InvalidArgument", message, "InvalidBody") };
}

/** Sets the owner's slice. */
export function set(owner: string, value = "on", more: Partial<Edit<Slices>> = {}): Edit<Slices> {
  return {
    owner,
    order: owner,
    apply: (current) => (current?.[owner] === value ? current : { ...current, [owner]: value }),
    ...more,
  };
}

/** Takes the owner's slice out. */
export function drop(owner: string): Edit<Slices> {
  return {
    owner,
    order: owner,
    apply: (current) => {
      if (current?.[owner] === undefined) return current;
      return Object.fromEntries(Object.entries(current).filter(([key]) => key !== owner));
    },
  };
}

export interface Harness {
  readonly arm: FakeArm;
  readonly clock: VirtualClock;
  readonly queue: MergeQueue<Slices>;
  readonly events: QueueEvent[];
  readonly view: ReturnType<typeof rememberingView<Slices>>;
  /** Hands in an edit; the value that was confirmed. */
  readonly go: (edit: Edit<Slices>, signal?: AbortSignal) => Promise<Slices | undefined>;
}

/** A queue over a fake resource that exists (unless `initial` is undefined) and that the view already knows. */
export function harness(initial: Slices | undefined, more: Partial<MergeQueueOptions<Slices>> = {}): Harness {
  const arm = new FakeArm(initial);
  const clock = new VirtualClock();
  const view = rememberingView<Slices>();
  const events: QueueEvent[] = [];
  if (initial !== undefined) view.learned(arm.current, 0);
  const queue = new MergeQueue<Slices>({
    port: arm,
    clock,
    view,
    random: () => 1,
    observe: (event) => events.push(event),
    patience: { ...DEFAULT_PATIENCE, pauseMs: 1000 },
    ...more,
  });
  const go = (edit: Edit<Slices>, signal = new AbortController().signal): Promise<Slices | undefined> => {
    const promise = queue.submit(edit, signal).then((document) => document?.value);
    promise.catch(() => {}); // most tests look at it later
    return promise;
  };
  return { arm, clock, view, events, queue, go };
}

/** How a promise stands now: `waiting`, `done`, or the code (else the message) of its error. */
export async function standing(promise: Promise<unknown>): Promise<string> {
  await settled();
  const waiting = Symbol("waiting");
  try {
    const winner = await Promise.race([promise, Promise.resolve(waiting)]);
    return winner === waiting ? "waiting" : "done";
  } catch (reason) {
    return reason instanceof CloudError ? reason.code : (reason as Error).message;
  }
}

/** {@link standing} of several promises. */
export function standings(promises: readonly Promise<unknown>[]): Promise<string[]> {
  return Promise.all(promises.map(standing));
}
