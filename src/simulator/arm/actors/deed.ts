import type { JsonObject } from "../json.ts";

/** What an actor may do in the subscription: see `ArmSimulator`. */
export interface ActorsHands {
  readonly resources: {
    get(id: string): JsonObject | undefined;
    list(type: string): readonly JsonObject[];
  };
  put(id: string, body: JsonObject): JsonObject;
  remove(id: string): boolean;
}

/** What an actor does once its moment has come. */
export type Deed = (arm: ActorsHands) => Promise<void> | void;
