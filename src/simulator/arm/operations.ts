import type { Clock } from "../../base/clock.ts";
import { ArmError } from "./arm-error.ts";
import { type JsonObject, wordAt } from "./json.ts";
import type { RetryAfter } from "./latency.ts";

/** How an operation can end. */
export type OperationEnd =
  | { readonly status: "Succeeded" }
  | { readonly status: "Failed" | "Canceled"; readonly error: JsonObject };

/** What a new operation is. */
export interface OperationStart {
  /** Guid. */
  readonly id: string;
  /** Decides the URL and the form of the document. */
  readonly namespace: "Microsoft.Network" | "Microsoft.Compute" | "Microsoft.Resources";
  readonly location: string;
  readonly subscription: string;
  /** Id of the resource or child that it is about; absent for resource groups. */
  readonly about?: string;
  /** `PutLoadBalancerOperation` */
  readonly name: string;
  readonly verb: "PUT" | "DELETE" | "POST";
  /** The word before the guid in its URL; `operations` when absent. */
  readonly list?: "DiskOperations";
  /** Seconds to send, already scaled. */
  readonly retryAfter: RetryAfter;
}

/** A long-running operation. Its document stays readable for an hour after its end. */
export interface Operation extends OperationStart {
  readonly startedMs: number;
  endedMs: number | undefined;
  end: OperationEnd | undefined;
  /** Result that the document of a finished operation repeats. */
  output: JsonObject | undefined;
}

/** How long the document of an operation that has ended can be read: ours; nobody has measured it. */
const READABLE_MS = 3_600_000;

/** Operations that run or have ended within the last hour, by id. */
export class Operations {
  readonly #clock: Clock;
  readonly #operations = new Map<string, Operation>();
  /** Those that have ended, in the order of their ends. */
  readonly #ended = new Set<Operation>();
  readonly #cancel = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(id: string): Operation | undefined {
    return this.#operations.get(id.toLowerCase());
  }

  /** Every operation, in the order of their starts. */
  all(): readonly Operation[] {
    return [...this.#operations.values()];
  }

  /** Forgets all operations and their timers, and takes over others that have ended. */
  reset(ended: readonly Operation[]): void {
    this.close();
    this.#operations.clear();
    for (const operation of ended) this.#operations.set(operation.id, operation);
  }

  /** Registers a running operation. */
  open(start: OperationStart): Operation {
    const operation: Operation = {
      ...start,
      startedMs: this.#clock.now(),
      endedMs: undefined,
      end: undefined,
      output: undefined,
    };
    this.#forgetOld(operation.startedMs);
    this.#operations.set(start.id, operation);
    return operation;
  }

  /** Calls `finish` in `ms` milliseconds, at once for 0, unless the operation was ended before. */
  finishAfter(operation: Operation, ms: number, finish: () => void): void {
    if (ms <= 0) {
      finish();
      return;
    }
    this.#cancel.set(operation.id, this.#clock.schedule(ms, finish));
  }

  /** Ends the operation; what was scheduled for it never runs. Ending it again does nothing. */
  end(operation: Operation, end: OperationEnd): void {
    if (operation.end !== undefined) return;
    this.#cancel.get(operation.id)?.();
    this.#cancel.delete(operation.id);
    operation.end = end;
    operation.endedMs = this.#clock.now();
    this.#ended.add(operation);
  }

  /** Lets go of all timers. */
  close(): void {
    for (const cancel of this.#cancel.values()) cancel();
    this.#cancel.clear();
  }

  #forgetOld(now: number): void {
    for (const operation of this.#ended) {
      if ((operation.endedMs ?? now) > now - READABLE_MS) return;
      this.#ended.delete(operation);
      this.#operations.delete(operation.id);
    }
  }
}

/** The error of the sync call that `Location` repeats after a failure. */
export function endedBadly({ end }: Operation): ArmError | undefined {
  if (end === undefined || end.status === "Succeeded") return undefined;
  return new ArmError(409, wordAt(end.error, "code"), wordAt(end.error, "message"));
}
