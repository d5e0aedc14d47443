import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../../base/clock.ts";
import { codeOf } from "../../cloudprovider/errors.ts";
import type { ObservedRequest } from "./policies/observe.ts";
import type { QueueEvent } from "./queue/options.ts";
import { idKey } from "./resource-id.ts";

/** One call to ARM: a write with everything that was asked to see its end, or a read with all its pages and tries. */
export interface RecordedCall {
  /** When its first request was answered, RFC 3339. */
  readonly at: string;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Of the write, or of the newest request of a read; 0 when no answer came. */
  readonly status: number;
  /** ARM's id of that request, to be quoted to its support. */
  readonly requestId?: string;
  /** The same for every request of the call. */
  readonly correlationId?: string;
  /** Requests sent so far: polls, pages and tries counted. */
  readonly requests: number;
  /** Until the newest answer, milliseconds on the wire. */
  readonly ms: number;
  /** Edits that a write carried, of Services and of the cluster; absent for reads. */
  readonly riders?: number;
  /** Stable code of the failure that the write ended in. */
  readonly failure?: string;
}

/** How much is kept. */
export interface CallLogBounds {
  /** Calls of one owner; the oldest go first. */
  readonly perOwner: number;
  /** Calls of all owners together; those of owners that were quiet longest go first. */
  readonly inAll: number;
}

/** Twenty calls tell a story, and ten thousand of them take a few megabytes. */
const DEFAULT_BOUNDS: CallLogBounds = { perOwner: 20, inAll: 10_000 };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Kept = Mutable<RecordedCall>;

/**
 * The last calls to ARM of every Service, for people who ask why something does not work. Nothing is decided by it.
 *
 * Who a call belongs to travels with it through `await`: a write belongs to all riders that it carries, a read to whom it
 * was first needed for.
 */
export class CallLog {
  readonly #clock: Clock;
  readonly #bounds: CallLogBounds;
  readonly #behalf = new AsyncLocalStorage<readonly string[]>();
  /** By owner, quietest first. */
  readonly #rings = new Map<string, Kept[]>();
  #kept = 0;

  constructor(clock: Clock, bounds: CallLogBounds = DEFAULT_BOUNDS) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Runs `work`, whose requests belong to `owners`. */
  onBehalfOf<T>(owners: readonly string[], work: () => T): T {
    return this.#behalf.run(owners, work);
  }

  /** Takes down a request, in the context in which it was sent. */
  request(seen: ObservedRequest): void {
    const owners = this.#behalf.getStore() ?? [];
    if (owners.length === 0) return;
    const known = this.#callOf(seen, owners);
    if (known !== undefined) this.#goOn(known, seen);
    else this.#begin(seen, owners);
  }

  /** Takes down how a write ended. */
  write({ id, event }: { readonly id: string; readonly event: QueueEvent }): void {
    if (event.kind !== "failed") return;
    const [owner = ""] = event.riders;
    const call = this.#rings.get(owner)?.findLast(({ path, method }) => method !== "GET" && idKey(path) === idKey(id));
    if (call !== undefined) call.failure = codeOf(event.failure.error);
  }

  /** The last calls of an owner, oldest first. The array is the caller's. */
  of(owner: string): readonly RecordedCall[] {
    return (this.#rings.get(owner) ?? []).map((call) => ({ ...call }));
  }

  #callOf({ correlationId }: ObservedRequest, [owner = ""]: readonly string[]): Kept | undefined {
    if (correlationId === undefined) return undefined;
    return this.#rings.get(owner)?.findLast((call) => call.correlationId === correlationId);
  }

  #goOn(call: Kept, { status, requestId, ms }: ObservedRequest): void {
    call.requests++;
    call.ms += ms;
    if (call.method !== "GET") return; // polls say nothing of the write's own answer
    call.status = status;
    if (requestId !== undefined) call.requestId = requestId;
  }

  #begin({ method, path, status, ms, requestId, correlationId }: ObservedRequest, owners: readonly string[]): void {
    const call: Kept = {
      at: new Date(this.#clock.now()).toISOString(),
      method,
      path,
      status,
      ...(requestId !== undefined && { requestId }),
      ...(correlationId !== undefined && { correlationId }),
      requests: 1,
      ms,
      ...(method !== "GET" && { riders: owners.length }),
    };
    for (const owner of owners) this.#keep(owner, call);
    this.#shrink();
  }

  #keep(owner: string, call: Kept): void {
    const ring = this.#rings.get(owner) ?? [];
    this.#rings.delete(owner);
    this.#rings.set(owner, ring);
    ring.push(call);
    this.#kept++;
    if (ring.length > this.#bounds.perOwner) {
      ring.shift();
      this.#kept--;
    }
  }

  #shrink(): void {
    for (const [owner, ring] of this.#rings) {
      if (this.#kept <= this.#bounds.inAll) return;
      this.#rings.delete(owner);
      this.#kept -= ring.length;
    }
  }
}
