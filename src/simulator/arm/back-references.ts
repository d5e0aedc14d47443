import type { JsonObject } from "./json.ts";
import type { Link } from "./links.ts";

/** A member that a resource or child shows because others refer to it. */
export interface BackReference {
  /** The list of the children that show it; the resource itself does when absent. */
  readonly child?: string;
  /** The member by which others refer to it. */
  readonly by: string;
  /** `subnets`, `ipConfiguration` */
  readonly member: string;
  /** `one`: the member is an object with the first id; `many`: a list of them. Absent while nobody refers to it. */
  readonly shape: "one" | "many";
  /** Part of the ids that count; all do when absent. Others only name it, as a scale set's model names a pool. */
  readonly holders?: RegExp;
}

/**
 * What a resource, or a child of it, shows of the references to it.
 *
 * @param table - all back-references of its type.
 * @param child - the list of the child; undefined for the resource itself.
 * @param inbound - finds the references to it, sorted by holder; not asked where nothing is shown of them.
 */
export function backReferences(
  table: readonly BackReference[] | undefined,
  child: string | undefined,
  inbound: () => readonly Link[],
): JsonObject {
  const entries = (table ?? []).filter((entry) => entry.child === child);
  if (entries.length === 0) return {};
  const links = inbound();
  const members = entries.flatMap((entry) => {
    const ids = links.filter(({ field, from }) => field === entry.by && entry.holders?.test(from) !== false);
    const [first] = ids;
    if (first === undefined) return [];
    const value = entry.shape === "one" ? { id: first.from } : ids.map(({ from }) => ({ id: from }));
    return [[entry.member, value] as const];
  });
  return Object.fromEntries(members);
}
