import { isDeepStrictEqual } from "node:util";
import type { Action } from "./action.ts";
import { gatewayError } from "./arm-error.ts";
import { type ArmId, ancestor, nameOf } from "./arm-id.ts";
import { failedCondition } from "./conditions.ts";
import { draftOf, patchedTags, withChild, withoutChild } from "./draft.ts";
import type { Faults } from "./faults.ts";
import { refusedReference } from "./integrity.ts";
import type { JsonObject } from "./json.ts";
import type { LatencyProfile } from "./latency.ts";
import type { QuotaDraft } from "./limits/quotas.ts";
import { ListHistory } from "./list-history.ts";
import { OperationRunner } from "./operation-runner.ts";
import type { Operation, Operations } from "./operations.ts";
import { refusedOverlap } from "./overlap.ts";
import type { ResourceRecord } from "./record.ts";
import { serves } from "./registry.ts";
import { etagOf, partOf, Renderer } from "./render.ts";
import type { Store } from "./store.ts";
import type { Write } from "./write.ts";
import { WriteEvents } from "./write-events.ts";

/** What an engine works with. */
export interface EngineParts {
  readonly store: Store;
  readonly operations: Operations;
  readonly latency: LatencyProfile;
  readonly faults: Faults;
  /** Says why a write is refused that would make too many of something; nothing is counted when absent. */
  readonly overQuota?: (draft: QuotaDraft) => Error | undefined;
}

/** What a write comes to. */
export interface Outcome {
  readonly status: number;
  /** The resource as JSON. */
  readonly text?: string;
  readonly etag?: string;
  /** The operation to tell of in headers. */
  readonly operation?: Operation;
}

/** What a write is about, as it is now. */
interface Place {
  /** Of the resource itself, also when a child is written. */
  readonly recordId: ArmId;
  readonly record: ResourceRecord | undefined;
  readonly isChild: boolean;
  /** Whether the resource, or the child, is there. */
  readonly exists: boolean;
}

/** Every write goes through here, one after the other: checks, commit, operation. */
export class Engine {
  readonly store: Store;
  readonly operations: Operations;
  readonly latency: LatencyProfile;
  readonly renderer: Renderer;
  /** How resources looked, for lists that lag behind. */
  readonly history: ListHistory;
  /** Every write at every moment of its life. */
  readonly events = new WriteEvents();
  readonly #runner: OperationRunner;

  readonly #overQuota: EngineParts["overQuota"];

  constructor({ store, operations, latency, faults, overQuota }: EngineParts) {
    this.#overQuota = overQuota;
    this.store = store;
    this.operations = operations;
    this.latency = latency;
    this.renderer = new Renderer(store);
    this.history = new ListHistory(store, this.renderer);
    this.#runner = new OperationRunner({ store, operations, latency, faults, events: this.events });
  }

  /** Creates or replaces a resource or child. @throws ArmError when ARM refuses. */
  put(write: Write): Outcome {
    const place = this.#locate(write);
    this.#check(write, place);
    const document = this.#admit(write, place, this.#asked(write, place));
    const created = place.record === undefined;
    const record = place.record ?? this.store.create(place.recordId, write.type);
    const unchanged = !created && isQuiet(record) && isDeepStrictEqual(record.shown, document);
    const started = this.#runner.start(write, { record, document, created, unchanged });
    const fresh = !place.exists || (unchanged && write.type.noop === "created" && !place.isChild);
    const status = write.type.put === "accepted" ? 202 : fresh ? (write.type.createdStatus ?? 201) : 200;
    const outcome = this.#answer(write, record, status, started.told);
    started.run();
    return outcome;
  }

  /** Deletes a resource or child: 204 when there is none. @throws ArmError when ARM refuses. */
  delete(write: Write): Outcome {
    const { id, type } = write;
    const place = this.#locate(write);
    const { record, exists, isChild } = place;
    if (record === undefined || !exists) return { status: 204 };
    const going = write.direct || isChild ? undefined : deletionOf(record);
    if (going !== undefined) return { status: type.deleteStatus, operation: going };
    this.#check(write, place);
    const remaining = isChild
      ? (document: JsonObject): JsonObject => withoutChild(document, id.types.at(-1) ?? "", nameOf(id))
      : undefined;
    if (remaining === undefined) this.#refuseBlocked(record);
    else this.#admit(write, place, remaining(record.shown));
    const started = this.#runner.startDelete(write, record, remaining);
    started.run();
    return { status: type.deleteStatus, ...(started.told !== undefined && { operation: started.told }) };
  }

  /** Runs an action on a resource that exists. @throws ArmError when ARM refuses. */
  act(write: Write, record: ResourceRecord, action: Action): Outcome {
    const place = this.#locate(write);
    this.#check(write, place);
    const plan = action.plan({ record, body: write.body }, this.store);
    const document = plan.merge && this.#admit(write, place, this.#asked({ ...write, body: plan.merge }, place));
    const text = plan.answer === undefined ? {} : { text: JSON.stringify(plan.answer) };
    const answered = { status: plan.answer === undefined ? (plan.status ?? 204) : 200, ...text };
    if (action.timing === undefined) {
      plan.finish?.();
      return answered;
    }
    const started = this.#runner.startAction(write, action.timing, { record, action, plan, document });
    started.run();
    return started.told === undefined ? answered : { status: 202, operation: started.told };
  }

  /** Replaces the tags of a network resource, at once. */
  patchTags(write: Write, record: ResourceRecord): Outcome {
    this.#refuseConditions(write, record, true);
    const tags = patchedTags(write.body);
    record.shown = { ...record.shown, tags };
    if (record.effect !== undefined) record.effect = { ...record.effect, tags };
    record.bump();
    for (const moment of ["accepted", "completed"] as const) {
      this.events.emit({ moment, method: "PATCH", id: write.id.text, direct: write.direct });
    }
    return this.#answer(write, record, 200, undefined);
  }

  #locate({ id, depth }: Write): Place {
    const recordId = ancestor(id, depth);
    const record = this.store.get(recordId.key);
    const isChild = id.types.length > depth;
    const exists = record !== undefined && (!isChild || this.renderer.child(record, id) !== undefined);
    return { recordId, record, isChild, exists };
  }

  #asked(write: Write, { record, isChild, recordId }: Place): JsonObject {
    const keepUnknown = this.store.behaviour.unknownProperties === "keep";
    const incoming = { ...write, previous: record, keepUnknown };
    if (!isChild) return draftOf(incoming);
    if (record === undefined) throw parentNotFound(write.id, recordId);
    return withChild(incoming, record);
  }

  #refuseBlocked(record: ResourceRecord): void {
    const blocked = record.type.blocked?.(record, this.store);
    if (blocked !== undefined) throw blocked;
  }

  #check(write: Write, { record, exists }: Place): void {
    if (write.direct) return;
    this.#refuseConditions(write, record, exists);
    const running = record?.operation;
    if (record === undefined || running === undefined) return;
    const { method, caller } = write;
    const retryAfter = this.latency.retryAfterSeconds(10);
    const refused = refusedOverlap({ record, running, method, caller, retryAfter }, this.store.behaviour);
    if (refused !== undefined) throw refused;
  }

  #refuseConditions({ conditions: given, id, type }: Write, record: ResourceRecord | undefined, exists: boolean): void {
    const conditions = this.store.behaviour.ifNoneMatch === "honour" ? given : { ...given, ifNoneMatch: undefined };
    if (type.withoutEtag === true) return;
    const etag = exists && record !== undefined ? etagOf(record, this.store) : undefined;
    const target = { id: record?.id.text ?? id.text, provider: type.provider, etag };
    const failed = failedCondition(conditions, target);
    if (failed !== undefined) throw failed;
  }

  /** Checks a whole document and fills in what depends on other resources. */
  #admit(write: Write, { recordId: id, record: previous }: Place, asked: JsonObject): JsonObject {
    const { type } = write;
    const refused = refusedReference({ id, type, document: asked, serves }, this.store, !write.direct);
    if (refused !== undefined) throw refused;
    const draft = { id, previous, child: write.id.types[write.depth], direct: write.direct };
    const document = type.prepare?.({ ...draft, document: asked }, this.store) ?? asked;
    type.validate?.({ ...draft, document }, this.store);
    const over = write.direct ? undefined : this.#overQuota?.({ id, document, previous, world: this.store });
    if (over !== undefined) throw over;
    return document;
  }

  #answer(write: Write, record: ResourceRecord, status: number, operation: Operation | undefined): Outcome {
    const { id, depth, type } = write;
    const isChild = id.types.length > depth;
    const text = isChild ? JSON.stringify(this.renderer.child(record, id)) : this.#text(record);
    return {
      status,
      text,
      ...(type.provider === "compute" && type.withoutEtag !== true && { etag: etagOf(record, this.store) }),
      ...(operation !== undefined && { operation }),
    };
  }

  #text(record: ResourceRecord): string {
    const { text, document } = this.renderer.render(record);
    return record.type.put === "accepted" ? JSON.stringify(partOf(document)) : text;
  }
}

/** Whether nothing is going on with the resource, so that writing the same again changes nothing. */
function isQuiet(record: ResourceRecord): boolean {
  return record.state === "Succeeded" && record.operation === undefined;
}

/** The operation that deletes the resource, if one does. */
function deletionOf({ state, busyChild, operation }: ResourceRecord): Operation | undefined {
  return state === "Deleting" && busyChild === undefined ? operation : undefined;
}

function parentNotFound(id: ArmId, parent: ArmId): Error {
  const type = id.types.join("/");
  const message = `Failed to perform 'write' on resource(s) of type '${type}', because the parent resource '${parent.text}' could not be found.`;
  return gatewayError(404, "ParentResourceNotFound", message);
}
