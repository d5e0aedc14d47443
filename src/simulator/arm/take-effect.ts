import type { ResourceRecord } from "./record.ts";
import type { Store } from "./store.ts";

/** Puts the shown document of a resource into effect, as the successful end of an operation does. */
export function takeEffect(record: ResourceRecord, world: Store): void {
  const { type } = record;
  record.state = "Succeeded";
  record.failure = undefined;
  record.shown = type.complete?.(record, world) ?? record.shown;
  record.effect = record.shown;
  record.computed = { ...record.computed, ...type.finish?.(record, world) };
}
