import type { ArmId } from "./arm-id.ts";
import type { Conditions } from "./conditions.ts";
import type { JsonObject } from "./json.ts";
import type { Caller } from "./operation-urls.ts";
import type { ResourceType } from "./resource-type.ts";

/** A write on a resource or one of its children. */
export interface Write {
  readonly id: ArmId;
  readonly type: ResourceType;
  /** How many type segments of {@link id} name the resource itself; the rest name a child. */
  readonly depth: number;
  readonly method: "PUT" | "PATCH" | "DELETE" | "POST";
  /** Name of the action that a POST asks for. */
  readonly action?: string;
  readonly body: JsonObject;
  readonly conditions: Conditions;
  readonly caller: Caller;
  /** Somebody's write that skips conditions, operations and faults. */
  readonly direct: boolean;
}
