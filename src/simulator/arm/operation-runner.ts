import type { Action, ActionPlan } from "./action.ts";
import type { BadEnd, Faults } from "./faults.ts";
import { type JsonObject, wordAt } from "./json.ts";
import type { LatencyProfile, WriteTiming } from "./latency.ts";
import type { Operation, OperationEnd, Operations } from "./operations.ts";
import { supersededEnd } from "./overlap.ts";
import type { ResourceRecord } from "./record.ts";
import { renderDocument } from "./render.ts";
import type { PutHabit, ResourceType } from "./resource-type.ts";
import type { Store } from "./store.ts";
import { takeEffect } from "./take-effect.ts";
import type { Write } from "./write.ts";
import type { WriteEvents, WriteMoment } from "./write-events.ts";

/** What a runner works with. */
export interface RunnerParts {
  readonly store: Store;
  readonly operations: Operations;
  readonly latency: LatencyProfile;
  readonly faults: Faults;
  readonly events: WriteEvents;
}

/** A document that was admitted. */
export interface Change {
  readonly record: ResourceRecord;
  readonly document: JsonObject;
  readonly created: boolean;
  readonly unchanged: boolean;
}

/** An action that was admitted. */
export interface ActionStart {
  readonly record: ResourceRecord;
  readonly action: Action;
  readonly plan: ActionPlan;
  /** The document that the action changes the resource to, if it does. */
  readonly document: JsonObject | undefined;
}

/** What a new operation is about. */
interface Opening {
  readonly write: Write;
  readonly record: ResourceRecord;
  readonly location: string;
  /** `Put`, `Delete`, `Start` */
  readonly verb: string;
  readonly timing: WriteTiming;
}

/** A committed write: what to tell the caller, and what comes after its answer was put together. */
export interface Started {
  /** The operation that headers tell of; `undefined` for a synchronous or direct write. */
  readonly told: Operation | undefined;
  /** Lets the operation run to its end, now or later. */
  run(): void;
}

/** A write whose operation runs. */
interface Running {
  readonly record: ResourceRecord;
  readonly operation: Operation;
  readonly write: Write;
}

/** Habits of {@link ResourceType.noop} whose operation is over when it is told of. */
const DOES_NOTHING: ReadonlySet<ResourceType["noop"]> = new Set(["succeeded", "created"]);

const SUCCEEDED: OperationEnd = { status: "Succeeded" };

/** Commits writes and runs their operations. */
export class OperationRunner {
  readonly #store: Store;
  readonly #operations: Operations;
  readonly #latency: LatencyProfile;
  readonly #faults: Faults;
  readonly #events: WriteEvents;
  /** The write of each operation that runs: told of when a newer one takes over. */
  readonly #writes = new WeakMap<Operation, Write>();

  constructor({ store, operations, latency, faults, events }: RunnerParts) {
    this.#store = store;
    this.#operations = operations;
    this.#latency = latency;
    this.#faults = faults;
    this.#events = events;
  }

  /** Makes a PUT's document the one that ARM shows. */
  start(write: Write, change: Change): Started {
    const { record, unchanged } = change;
    const { noop, timing } = record.type;
    const habit = this.#habit(write, change);
    const end = this.#scripted(write);
    const location = wordAt(change.document, "location");
    const operation = this.#open({ write, record, location, verb: "Put", timing: timing.put });
    const synchronous = write.direct || habit === "synchronous";
    const told = synchronous || (unchanged && noop === "silent") ? undefined : operation;
    if (unchanged && end === undefined && DOES_NOTHING.has(noop)) {
      this.#tell("accepted", write);
      this.#settle(record, operation);
      this.#tell("completed", write);
      return { told, run: () => {} };
    }
    this.#show(write, change, habit);
    this.#tell("accepted", write);
    const finish = (): void => this.#finish({ record, operation, write }, end ?? SUCCEEDED);
    if (synchronous) finish();
    const ms = this.#duration(record, timing.put);
    return { told, run: synchronous ? () => {} : () => this.#operations.finishAfter(operation, ms, finish) };
  }

  /** Starts the deletion of a resource, or of the child that `remaining` leaves out of the document as it is then. */
  startDelete(write: Write, record: ResourceRecord, remaining?: (document: JsonObject) => JsonObject): Started {
    const end = this.#scripted(write);
    const { timing, deletes } = record.type;
    const { location } = record;
    const operation = this.#open({ write, record, location, verb: "Delete", timing: timing.delete });
    const synchronous = write.direct || deletes === "synchronous";
    record.state = "Deleting";
    record.busyChild = remaining === undefined ? undefined : write.id.key;
    record.bump();
    this.#tell("accepted", write);
    const finish = (): void => {
      if (end === undefined && remaining === undefined) this.#gone(record, operation, write);
      else this.#finish({ record, operation, write }, end ?? SUCCEEDED, remaining);
    };
    const ms = synchronous ? 0 : this.#duration(record, timing.delete);
    return {
      told: synchronous ? undefined : operation,
      run: () => this.#operations.finishAfter(operation, ms, finish),
    };
  }

  /** Starts the operation of a POST. */
  startAction(write: Write, timing: WriteTiming, { record, action, plan, document }: ActionStart): Started {
    const end = this.#scripted(write) ?? SUCCEEDED;
    const operation = this.#open({ write, record, location: record.location, verb: action.verb, timing });
    const before = record.state;
    if (action.operation !== "untold") record.state = "Updating";
    record.bump();
    if (document !== undefined) {
      record.shown = document;
      this.#store.index(record);
      record.type.accepted?.(record, this.#store);
    }
    this.#tell("accepted", write);
    const applies = document !== undefined || plan.applies === true || end.status !== "Succeeded";
    const finish = (): void => {
      if (end.status === "Succeeded") plan.finish?.();
      if (applies) this.#finish({ record, operation, write }, end);
      else this.#leave({ record, operation, write }, before);
      if (end.status === "Succeeded") operation.output = plan.output?.();
    };
    const ms = this.#duration(record, timing);
    return {
      told: action.operation === "untold" ? undefined : operation,
      run: () => this.#operations.finishAfter(operation, ms, finish),
    };
  }

  #habit({ id, depth }: Write, { record, created }: Change): PutHabit {
    const { type } = record;
    return type.putNow?.(created ? undefined : record, id.types[depth], this.#store) ?? type.put;
  }

  #scripted({ direct, method, id, action }: Write): BadEnd | undefined {
    const path = action === undefined ? id.text : `${id.text}/${action}`;
    return direct ? undefined : this.#faults.endOf(method, path);
  }

  #show(write: Write, { record, document, created }: Change, habit: PutHabit): void {
    const isChild = write.id.types.length > write.depth;
    record.shown = document;
    record.busyChild = isChild ? write.id.key : undefined;
    const waits = habit === "updating" || habit === "accepted" || isChild;
    record.state = waits ? transitional(record, created) : "Succeeded";
    if (created) this.#store.insert(record);
    else record.bump();
    this.#store.index(record);
    record.type.accepted?.(record, this.#store);
  }

  /** Registers the operation of a write; one that ran on the same resource ends canceled. */
  #open({ write, record, location, verb, timing }: Opening): Operation {
    const { id, type, generation } = record;
    const { first, poll } = timing.retryAfter;
    const operation = this.#operations.open({
      id: this.#store.derive.guid("operation", id.key, generation, ++record.operationCount),
      namespace: type.provider === "compute" ? "Microsoft.Compute" : "Microsoft.Network",
      location: location === "" ? "global" : location,
      subscription: id.subscription,
      about: id.text,
      name: `${verb}${type.operationNoun}Operation`,
      verb: write.method === "PATCH" ? "PUT" : write.method,
      ...(type.operationList !== undefined && { list: type.operationList }),
      retryAfter: { ...this.#scaled("first", first), ...this.#scaled("poll", poll) },
    });
    const running = record.operation;
    if (running !== undefined) this.#supersede(running, operation, type);
    record.operation = operation;
    record.lastOperation = operation.name;
    this.#writes.set(operation, write);
    return operation;
  }

  #supersede(running: Operation, operation: Operation, { overlap }: ResourceType): void {
    this.#operations.end(running, supersededEnd(running, operation, overlap === "preempt"));
    const write = this.#writes.get(running);
    if (write !== undefined) this.#tell("canceled", write);
  }

  #tell(moment: WriteMoment, { method, id, direct }: Write): void {
    this.#events.emit({ moment, method, id: id.text, direct });
  }

  #scaled(key: "first" | "poll", seconds: number | undefined): { first?: number; poll?: number } {
    const scaled = seconds === undefined ? undefined : this.#latency.retryAfterSeconds(seconds);
    return scaled === undefined ? {} : { [key]: scaled };
  }

  #duration({ id, type, generation, operationCount }: ResourceRecord, timing: WriteTiming): number {
    const draw = (part: string): number =>
      this.#store.derive.fraction("duration", part, id.key, generation, operationCount);
    return this.#latency.operationMs(timing.operation, () => [draw("a"), draw("b")], type.name);
  }

  /** Ends an operation that had nothing to do. */
  #settle(record: ResourceRecord, operation: Operation): void {
    this.#operations.end(operation, SUCCEEDED);
    record.operation = undefined;
  }

  #finish(
    { record, operation, write }: Running,
    end: OperationEnd | BadEnd,
    remaining?: (document: JsonObject) => JsonObject,
  ): void {
    if (end.status === "Never") return;
    this.#operations.end(operation, end);
    record.operation = undefined;
    record.busyChild = undefined;
    if (end.status !== "Succeeded") {
      this.#fail(record, end.error);
      this.#tell(end.status === "Canceled" ? "canceled" : "failed", write);
      return;
    }
    this.#succeed(record, operation, remaining);
    this.#tell("completed", write);
  }

  #succeed(record: ResourceRecord, operation: Operation, remaining?: (document: JsonObject) => JsonObject): void {
    const { type } = record;
    const printed = record.state !== "Succeeded" || record.effect === undefined;
    if (remaining !== undefined) record.shown = remaining(record.shown);
    takeEffect(record, this.#store);
    if (type.etagAtCompletion === "new") record.bump();
    else if (printed) record.touch();
    if (type.linksAt === "completion" || remaining !== undefined) this.#store.index(record);
    type.ended?.(record, this.#store, true);
    if (type.operationOutput === true) operation.output ??= renderDocument(record, this.#store);
  }

  /** Keeps what is shown, and what is in effect: the two may differ now. */
  #fail(record: ResourceRecord, error: JsonObject): void {
    record.state = "Failed";
    record.failure = error;
    record.bump();
    record.type.ended?.(record, this.#store, false);
  }

  /** Ends the operation of an action that left the document alone: the resource is as well or as bad as before. */
  #leave({ record, operation, write }: Running, before: ResourceRecord["state"]): void {
    this.#operations.end(operation, SUCCEEDED);
    record.operation = undefined;
    record.state = before;
    record.bump();
    this.#tell("completed", write);
  }

  #gone(record: ResourceRecord, operation: Operation, write: Write): void {
    this.#operations.end(operation, SUCCEEDED);
    record.operation = undefined;
    this.#store.remove(record);
    this.#tell("completed", write);
  }
}

function transitional({ type }: ResourceRecord, created: boolean): "Creating" | "Updating" {
  return created && type.provider === "compute" && type.put !== "accepted" ? "Creating" : "Updating";
}
