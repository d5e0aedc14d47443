import type { JsonObject } from "./json.ts";

/** A resource group. */
export interface ResourceGroup {
  readonly subscription: string;
  readonly name: string;
  readonly location: string;
  tags: JsonObject | undefined;
  deleting: boolean;
}
