import type { ArmId } from "./arm-id.ts";
import { draftOf } from "./draft.ts";
import type { JsonObject } from "./json.ts";
import type { ResourceRecord } from "./record.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Store } from "./store.ts";
import { takeEffect } from "./take-effect.ts";

/** A resource that Azure makes because of another one: the disk of a machine, the machines of a scale set. */
export interface Planting {
  readonly id: ArmId;
  readonly type: ResourceType;
  readonly body: JsonObject;
}

/** Makes a resource that is shown and not yet in effect: {@link settle} it when it is ready. */
export function plant({ id, type, body }: Planting, world: Store): ResourceRecord {
  const asked = draftOf({ id, type, body, previous: undefined, keepUnknown: false });
  const record = world.create(id, type);
  record.shown = type.prepare?.({ id, document: asked, previous: undefined, direct: true }, world) ?? asked;
  record.state = "Creating";
  world.insert(record);
  world.index(record);
  return record;
}

/** Puts a planted resource, or what was changed in one, into effect. */
export function settle(record: ResourceRecord, world: Store): void {
  takeEffect(record, world);
  record.touch();
  world.index(record);
}
