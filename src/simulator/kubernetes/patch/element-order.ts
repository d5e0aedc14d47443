import { isJsonObject, type Json } from "../json.ts";

/** What `$setElementOrder` says about a list, and how the list was before the patch. */
export interface ElementOrder {
  /** The member that identifies an item; undefined for a list of scalars. */
  readonly key: string | undefined;
  readonly order: readonly Json[];
  readonly before: readonly Json[];
}

/**
 * Sorts `items` as the patch asks. Items that the patch does not name keep their order and stand, as well as that can be
 * done, where they stood: before the first named item that followed them.
 */
export function orderItems({ key, order, before }: ElementOrder, items: readonly Json[]): readonly Json[] {
  const wanted = order.map((item) => identity(item, key));
  const past = before.map((item) => identity(item, key));
  const place = (item: Json): number => wanted.indexOf(identity(item, key));
  const named = items.filter((item) => place(item) >= 0).sort((a, b) => place(a) - place(b));
  const others = items.filter((item) => place(item) < 0);
  const result: Json[] = [];
  while (named.length > 0 && others.length > 0) {
    const stoodAt = past.indexOf(identity(others[0] ?? null, key));
    const namedStoodAt = past.indexOf(identity(named[0] ?? null, key));
    const otherFirst = stoodAt >= 0 && namedStoodAt >= 0 && stoodAt < namedStoodAt;
    result.push(...(otherFirst ? others : named).splice(0, 1));
  }
  return [...result, ...named, ...others];
}

function identity(item: Json, key: string | undefined): Json | undefined {
  return key !== undefined && isJsonObject(item) ? item[key] : item;
}
