import { numberAt, objectAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";

/** How many instances a scale set is asked to have; `undefined` when it was not told. */
export function capacityOf({ shown }: ResourceRecord): number | undefined {
  return numberAt(objectAt(shown, "sku"), "capacity");
}

/** Counts the changes of a scale set's model that have taken effect; an instance notes the one that it was made from. */
export function modelNumber({ hidden }: ResourceRecord): number {
  return typeof hidden["model"] === "number" ? hidden["model"] : 0;
}

/** Corrects the capacity of a scale set by instances that came or went without it being asked. */
export function changeCapacity(scaleSet: ResourceRecord, by: number): void {
  const capacity = Math.max(0, (capacityOf(scaleSet) ?? 0) + by);
  scaleSet.shown = { ...scaleSet.shown, sku: { ...objectAt(scaleSet.shown, "sku"), capacity } };
  if (scaleSet.effect !== undefined) {
    scaleSet.effect = { ...scaleSet.effect, sku: { ...objectAt(scaleSet.effect, "sku"), capacity } };
  }
  scaleSet.touch();
}
