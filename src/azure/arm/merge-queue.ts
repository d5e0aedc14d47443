import { abortReason } from "../../base/clock.ts";
import { CloudError } from "../../cloudprovider/errors.ts";
import type { Document, Edit, WriteFailure } from "./port.ts";
import { type Decision, decide } from "./queue/fold.ts";
import { Lineup, type Party } from "./queue/lineup.ts";
import {
  DEFAULTS,
  type EditQueue,
  type MergeQueueOptions,
  type QueueEvent,
  type SettledOptions,
} from "./queue/options.ts";
import { type FailedTry, passing, pauseMs, spent } from "./queue/pace.ts";
import { Removal } from "./queue/removal.ts";
import { Repairs } from "./queue/repairs.ts";
import type { Rider } from "./queue/rider.ts";
import { conditionOf, Sight } from "./queue/sight.ts";
import { mentions } from "./queue/split.ts";

type Riders<T> = readonly Rider<T>[];
type Work<T> = NonNullable<Decision<T, Rider<T>>["work"]>;

/**
 * The one writer of one ARM resource: group commit, as in a database log. Edits that arrive while a write is in flight ride
 * together in the next one. Nothing is locked: whoever waits, waits for a promise.
 *
 * A caller's promise resolves only when ARM has confirmed a write that carried its edit, or when there was nothing to
 * change. A newer edit of the same owner takes the place of a waiting one, and all callers of both follow its fate.
 */
export class MergeQueue<T> implements EditQueue<T> {
  readonly #options: SettledOptions<T>;
  readonly #lineup = new Lineup<T>();
  readonly #sight: Sight<T>;
  readonly #removal: Removal<T>;
  readonly #repairs: Repairs;
  readonly #stopping = new AbortController();
  readonly #life: AbortSignal;
  readonly #onEnd = (): void => void this.stop();
  #running: Promise<void> | undefined;
  #failuresInARow = 0;
  #notBeforeMs = 0;
  /** Riders on the write in flight. */
  #sent: Riders<T> = [];

  constructor(options: MergeQueueOptions<T>) {
    const { port, view, clock, repair } = options;
    this.#options = { ...DEFAULTS, ...options };
    this.#sight = new Sight(port, view, clock);
    this.#removal = new Removal(options.prepareRemoval);
    this.#repairs = new Repairs(async (resourceId, waitMs) => {
      await clock.sleep(waitMs, this.#stopping.signal);
      await repair?.(resourceId, this.#stopping.signal);
    });
    this.#life = options.life ?? new AbortController().signal;
  }

  /** True when the queue holds nothing that a new one for the same resource would not know. */
  get idle(): boolean {
    return this.#running === undefined && this.#repairs.idle && !this.#sight.unsettled && this.#lineup.empty;
  }

  submit(edit: Edit<T>, signal: AbortSignal): Promise<Document<T> | undefined> {
    if (this.#stopped) return Promise.reject(stopped());
    if (signal.aborted) return Promise.reject(abortReason(signal));
    const answer = this.#lineup.place(edit).join(signal);
    this.#removal.disturb();
    this.#wake();
    return answer;
  }

  /** Drops what waits (its callers get `Aborted`) and resolves when the write that was sent has ended. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort(stopped());
    for (const rider of this.#lineup.drain()) rider.reject(stopped());
    await Promise.all([this.#running, this.#repairs.settled()]);
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted || this.#life.aborted;
  }

  #wake(): void {
    this.#life.addEventListener("abort", this.#onEnd);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Edits handed in within one turn of the event loop meet here; it costs no timer, so a lone edit pays no delay.
    await Promise.resolve();
    for (let party = this.#next(); party !== undefined; party = this.#next()) await this.#turn(party);
    this.#failuresInARow = 0;
    this.#running = undefined;
    // The process outlives its queues: it must not hold those that nobody needs any more
    if (this.#repairs.idle) this.#life.removeEventListener("abort", this.#onEnd);
  }

  #next(): Party<T> | undefined {
    for (const { riders, error } of this.#lineup.judge()) this.#reject(riders, error);
    return this.#lineup.next();
  }

  async #turn(party: Party<T>): Promise<void> {
    const { clock } = this.#options;
    try {
      const restMs = this.#notBeforeMs - clock.now();
      if (restMs > 0) await clock.sleep(restMs, this.#stopping.signal);
      await this.#attempt(party);
    } catch (reason) {
      const error = CloudError.from(reason, "before the write");
      if (this.#sent.length > 0) this.#sight.unsettle(); // not even classified: it may be in effect or not
      const riders = [...this.#sent, ...this.#lineup.ready(party)];
      this.#lineup.take(party, riders);
      const failed = passing(error);
      if (failed === undefined) this.#reject(riders, error);
      else this.#again(party, riders, failed);
    } finally {
      this.#sent = [];
    }
  }

  async #attempt(party: Party<T>): Promise<void> {
    const { signal } = this.#stopping;
    let seen = await this.#sight.look(signal);
    const planned = this.#decide(party, seen.document);
    if (planned === undefined) return;
    if (this.#removal.mustPrepare(planned.verb)) {
      await this.#removal.prepare(seen.document, signal).finally(() => this.#sight.overtaken());
      return;
    }
    const restores = this.#mustRewrite(seen.document);
    await this.#options.admit({ verb: planned.verb, riders: planned.riders.length, restores }, signal);
    try {
      if (!seen.direct) seen = await this.#sight.lookForWriting(seen, signal);
      const work = this.#decide(party, seen.document);
      if (work === undefined || this.#removal.mustPrepare(work.verb)) return;
      await this.#send(party, work, seen.document);
    } finally {
      this.#options.release();
    }
  }

  /** Whether what ARM shows may not be in effect. */
  #mustRewrite(document: Document<T> | undefined): boolean {
    return this.#sight.unsettled || (document !== undefined && !this.#options.inEffect(document.value));
  }

  /** Folds who can ride now, and answers those who need no write. Undefined when nothing is left to send. */
  #decide(party: Party<T>, document: Document<T> | undefined): Work<T> | undefined {
    const base = document?.value;
    const rewrite = this.#mustRewrite(document);
    const { work, done, failed } = decide(base, this.#lineup.ready(party), { ...this.#options, rewrite });
    for (const { rider, error } of failed) {
      this.#lineup.take(party, [rider]);
      this.#reject([rider], error);
    }
    if (done.length > 0) {
      this.#lineup.take(party, done);
      this.#resolve(done, document, { kind: "unchanged", riders: concerned(done) });
    }
    return work;
  }

  async #send(party: Party<T>, { verb, value, riders }: Work<T>, base: Document<T> | undefined): Promise<void> {
    const { port, clock, mayWrite } = this.#options;
    this.#lineup.take(party, riders);
    this.#sent = riders;
    if (!mayWrite()) {
      this.#reject(riders, new CloudError("Aborted", "the lease does not outlive this write, so it was not sent"));
      return;
    }
    const about = { riders: concerned(riders), verb, attempt: this.#failuresInARow + 1 };
    const startedAt = clock.now();
    this.#removal.disturb();
    this.#tell({ kind: "writing", ...about });
    let after: Document<T> | undefined;
    try {
      if (verb === "put") after = await port.put(value, conditionOf(base), this.#life);
      else await port.remove(conditionOf(base), this.#life);
    } catch (reason) {
      const failure = port.classify(reason);
      this.#tell({ kind: "failed", ...about, ms: clock.now() - startedAt, failure });
      this.#failed(party, riders, failure);
      return;
    }
    this.#failuresInARow = 0;
    this.#sight.confirmed(after);
    this.#resolve(riders, after, { kind: "confirmed", ...about, ms: clock.now() - startedAt });
  }

  #failed(party: Party<T>, riders: Riders<T>, failure: WriteFailure): void {
    if (this.#stopped) {
      this.#reject(riders, stopped(failure.error));
    } else if (failure.outcome !== "refused") {
      if (failure.outcome === "conflicted") this.#sight.overtaken();
      else this.#sight.unsettle();
      this.#again(party, riders, { because: failure.outcome, error: failure.error });
    } else if (failure.cause === "busy" || failure.cause === "throttled") {
      this.#again(party, riders, { ...failure, because: failure.cause });
    } else if (failure.cause === "unprovisioned") {
      this.#park(party, riders, failure);
    } else if (failure.cause === "content") {
      if (riders.length > 1) this.#tell({ kind: "split", riders: concerned(riders), culprit: failure.culprit });
      this.#lineup.refused(party, riders, failure);
    } else {
      this.#reject(riders, failure.error);
    }
  }

  /** Another try for the riders after the pause that the failure asks for; newcomers join them. */
  #again(party: Party<T>, riders: Riders<T>, failed: FailedTry): void {
    const { clock, random, patience } = this.#options;
    this.#failuresInARow++;
    const ms = pauseMs(failed, this.#failuresInARow, random(), patience);
    this.#notBeforeMs = clock.now() + ms;
    const patient = this.#seatAgain(party, riders, failed);
    if (patient.length === 0) return;
    this.#tell({ kind: "waiting", riders: concerned(patient), because: failed.because, ms, error: failed.error });
  }

  /** Parks the riders who name the resource, or all when none does, until it is mended; the others go on at once. */
  #park(
    party: Party<T>,
    riders: Riders<T>,
    { resourceId, error }: WriteFailure & { readonly resourceId: string },
  ): void {
    const { random, patience } = this.#options;
    const naming = riders.filter((rider) => mentions(rider.edit, resourceId));
    const parked = naming.length > 0 ? naming : riders;
    for (const rider of parked) rider.heldFor = resourceId;
    const failed: FailedTry = { because: "unprovisioned", error, retryAfterMs: error.retryAfterMs };
    this.#tell({ kind: "parked", riders: concerned(parked), resourceId, error });
    this.#lineup.park(resourceId);
    this.#lineup.putBack(
      party,
      riders.filter((rider) => !parked.includes(rider)),
    );
    this.#seatAgain(party, parked, failed);
    this.#repairs.start(resourceId, pauseMs(failed, 1, random(), patience), () => {
      this.#lineup.unpark(resourceId);
      this.#wake();
    });
  }

  /** Seats riders whose patience lasts, which it returns, and fails the others. */
  #seatAgain(party: Party<T>, riders: Riders<T>, failed: FailedTry): Riders<T> {
    const impatient = riders.filter(
      (rider) => rider.met(failed.because) >= this.#options.patience.tries[failed.because],
    );
    const patient = riders.filter((rider) => !impatient.includes(rider));
    this.#reject(impatient, spent(failed));
    this.#lineup.putBack(party, patient);
    return patient;
  }

  #resolve(riders: Riders<T>, document: Document<T> | undefined, event: QueueEvent): void {
    this.#lineup.succeeded(riders);
    this.#tell(event);
    for (const rider of riders) rider.resolve(document);
  }

  #reject(riders: Riders<T>, error: CloudError): void {
    if (riders.length === 0) return;
    this.#tell({ kind: "rejected", riders: concerned(riders), error });
    for (const rider of riders) rider.reject(error);
  }

  #tell(event: QueueEvent): void {
    try {
      this.#options.observe(event);
    } catch {
      // Whoever watches must not decide whether a write counts.
    }
  }
}

function concerned<T>(riders: Riders<T>): readonly string[] {
  return riders.map((rider) => rider.onBehalfOf);
}

function stopped(cause?: CloudError): CloudError {
  return new CloudError("Aborted", "the merge queue was stopped before the edit was in effect", { cause });
}
