import { type ArmError, networkError } from "./arm-error.ts";
import type { ArmId } from "./arm-id.ts";
import { type Json, type JsonObject, textsAt } from "./json.ts";

/** The refusal of a change of availability zones; their order does not matter. */
export function zonesChanged(id: string, before: JsonObject, after: JsonObject): ArmError | undefined {
  const [was, is] = [textsAt(before, "zones"), textsAt(after, "zones")].map((zones) => zones.toSorted().join(", "));
  if (was === is) return undefined;
  const message = `Resource ${id} has an existing availability zone constraint ${was ?? ""} and the request has availability zone constraint ${is ?? ""}, which do not match. Zones cannot be added/updated/removed once the resource is created. The resource cannot be updated from regional to zonal or vice-versa.`;
  return networkError("ResourceAvailabilityZonesCannotBeModified", message);
}

/** The refusal to change a property after creation. ARM's own code for it is unconfirmed. */
export function propertyChanged(id: ArmId, property: string, values: readonly [Json, Json]): ArmError {
  const [before, after] = values.map((value) => JSON.stringify(value));
  const message = `Changing property '${property}' of resource ${id.text} from ${before ?? ""} to ${after ?? ""} is not allowed.`;
  return networkError("PropertyChangeNotAllowed", message);
}
