import type { PlannedChange } from "../arm/index.ts";
import { nameOf } from "../arm/resource-id.ts";
import { ARM_TYPE } from "../arm/resource-types.ts";
import { attributionOf } from "./attribution.ts";
import { differences, pathText } from "./difference.ts";
import { gravest, NODES, type PlannedField, type PlannedResource } from "./plan.ts";
import { judge, judgeResource } from "./risk.ts";

/**
 * Turns what the dry engine has noted about one resource into what people are told of it.
 *
 * @param services - keys of the Services whose edits count as theirs; what others bring counts as the nodes'.
 */
export function plannedResource(change: PlannedChange, services: ReadonlySet<string>): PlannedResource | undefined {
  const { type, id, verb, steps, bodyBefore: before, bodyAfter: after } = change;
  if (verb === "nothing") return undefined;
  const fields = verb === "remove" ? [] : plannedFields(change, services);
  const risk = gravest(fields.map((field) => field.risk));
  return {
    id,
    type: ARM_TYPE[type],
    name: nameOf(id),
    verb,
    ...(judgeResource(type, verb) ?? { risk, why: whyOf(fields) }),
    for: groupsOf(
      steps.map(({ owner }) => owner),
      services,
    ),
    before: before ?? null,
    after: after ?? null,
    fields,
  };
}

function plannedFields(change: PlannedChange, services: ReadonlySet<string>): readonly PlannedField[] {
  const { type, steps, bodyBefore: before, bodyAfter: after } = change;
  const attribution = attributionOf(steps);
  return differences(before, after).map((difference) => ({
    path: pathText(difference.path),
    old: difference.old ?? null,
    new: difference.new ?? null,
    ...judge(difference, { type, before, after }),
    for: groupsOf(attribution(difference.path), services),
  }));
}

function whyOf(fields: readonly PlannedField[]): string {
  const [only, ...more] = new Set(fields.map(({ why }) => why));
  if (only === undefined) return "its last write failed or has not ended, so it is written again as it is";
  return more.length === 0 ? only : "several things are asked for";
}

function groupsOf(owners: readonly string[], services: ReadonlySet<string>): readonly string[] {
  return [...new Set(owners.map((owner) => (services.has(owner) ? owner : NODES)))].toSorted();
}
