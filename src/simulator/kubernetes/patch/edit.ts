import { isJsonList, isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { KubernetesObject } from "../object.ts";

/** A patch that is ready to be applied. */
export interface Edit {
  /** The patch as it was sent: refusals quote it. */
  readonly sent: Json;
  /** The object after the patch, not yet checked. @throws `PatchError` */
  readonly apply: (current: KubernetesObject) => JsonObject;
}

/** `value` as Go prints a decoded JSON value: `map[spec:map[ports:[80 443]]]`. */
export function describeLikeGo(value: Json | undefined): string {
  if (isJsonList(value)) return `[${value.map(describeLikeGo).join(" ")}]`;
  if (!isJsonObject(value)) return value === null || value === undefined ? "<nil>" : String(value);
  const members = Object.keys(value).sort();
  return `map[${members.map((key) => `${key}:${describeLikeGo(value[key])}`).join(" ")}]`;
}
