import type { JsonObject } from "./json.ts";
import type { WriteTiming } from "./latency.ts";
import type { ResourceRecord } from "./record.ts";
import type { Store } from "./store.ts";

/** A POST on a resource. */
export interface ActionRequest {
  readonly record: ResourceRecord;
  readonly body: JsonObject;
}

/** What an action comes to, once it was allowed. */
export interface ActionPlan {
  /** Body of the answer of an action that is answered at once. */
  readonly answer?: JsonObject;
  /** Status of an answer without a body; 204 when absent. */
  readonly status?: 200;
  /** A body that is merged into the resource as a PUT would be, and refused as a PUT would be. */
  readonly merge?: JsonObject;
  /** The operation puts the shown document into effect, as a PUT would. */
  readonly applies?: true;
  /** Changes that count when its operation has succeeded; at once for an action without one. */
  readonly finish?: () => void;
  /** `properties.output` of the operation's document, after {@link finish}. */
  readonly output?: () => JsonObject;
}

/** `POST {resource}/{name}`. */
export interface Action {
  /** Its operation is called `{verb}{noun}Operation`: `Start`. */
  readonly verb: string;
  /** How long its operation takes; absent for an action without one. */
  readonly timing?: WriteTiming;
  /** `untold`: 200 with the plan's answer while an operation that no header tells of runs. Default `told`: 202. */
  readonly operation?: "told" | "untold";
  /** Throws ArmError when the action is refused, and does what takes effect at acceptance. */
  plan(request: ActionRequest, world: Store): ActionPlan;
}
