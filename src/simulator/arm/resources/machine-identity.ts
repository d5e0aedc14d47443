import type { ArmId } from "../arm-id.ts";
import { type JsonObject, objectAt, textAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";

/** `identity` as ARM prints it: nothing for `None`, ids for one that the system assigns. */
export function identityOf(
  given: JsonObject,
  id: ArmId,
  previous: ResourceRecord | undefined,
  world: Store,
): JsonObject | undefined {
  const type = textAt(given, "type");
  if (type === undefined || type === "None") return undefined;
  if (!type.includes("SystemAssigned")) return given;
  const known = previous && textAt(objectAt(previous.shown, "identity"), "principalId");
  return {
    ...given,
    principalId: known ?? world.derive.guid("principal", id.key),
    tenantId: world.derive.guid("tenant"),
  };
}
