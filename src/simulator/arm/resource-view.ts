import type { JsonObject } from "./json.ts";
import type { Store } from "./store.ts";

/** A read-only list that is computed from other resources. */
export interface ResourceView {
  /** Full type name of the items. */
  readonly name: string;
  readonly apiVersions: readonly string[];
  /** A list of the subscription's, or of one of its locations, on one page; one below a resource when absent. */
  readonly scope?: "subscription" | "location";
  /**
   * All items below a parent, sorted.
   *
   * @param names - of the parent and its parents; that of the location, as ARM spells it, for a list of one.
   * @param parentKey - id of the parent in lower case; it exists. That of a location, as it is printed.
   */
  list(names: readonly string[], parentKey: string, world: Store): readonly JsonObject[];
  /** Whether the request's `$filter` keeps an item; every item is kept when absent. */
  keeps?(item: JsonObject, filter: string): boolean;
}
