import { NODES, nounOf, type PlannedField, type PlannedResource, type PlannedService } from "../../azure/index.ts";
import { groupsOf, type PlanDocument, type PlanSummary } from "./document.ts";
import { fieldLines, riskTag } from "./field-lines.ts";
import type { Paint } from "./paint.ts";

/** A plan for people: by Service, then by resource, then by field. No blanks at the end of lines. */
export function planReport(plan: PlanDocument, paint: Paint): string {
  const sections = groupsOf(plan)
    .map((group) => section(plan, group, paint))
    .filter((text) => text !== "");
  return [...sections, closing(plan.summary, paint)].join("\n\n");
}

function section(plan: PlanDocument, group: string, paint: Paint): string {
  const service = plan.services.find((each) => each.service === group);
  const resources = plan.resources.flatMap((resource) => resourceLines(resource, group, paint));
  const notes = service === undefined ? [] : notesOf(service, paint);
  if (resources.length === 0 && notes.length === 0) return "";
  return [paint("bold", titleOf(group, service)), ...notes, ...resources].join("\n");
}

function titleOf(group: string, service: PlannedService | undefined): string {
  if (group === NODES) return "Nodes";
  if (service === undefined) return `Service ${group}`;
  const doing = service.action === "delete" ? " (its balancer goes)" : "";
  return `Service ${group}${doing}`;
}

function notesOf({ error, remarks }: PlannedService, paint: Paint): readonly string[] {
  const failed =
    error === null ? [] : [`  error: ${error.message}${error.advice === undefined ? "" : ` ${error.advice}`}`];
  return [
    ...failed.map((line) => paint("risk", line, "interrupts")),
    ...remarks.map(({ reason, text }) => `  warning: ${reason}: ${text}`),
  ];
}

const SIGNS = { create: "+", update: "~", remove: "-" } as const;
const DOINGS = { create: "is created", update: "changes", remove: "is removed" } as const;

/** Nothing for a group that brings nothing of it; a resource that goes is told to all it is for. */
function resourceLines(resource: PlannedResource, group: string, paint: Paint): readonly string[] {
  const { fields } = resource;
  const own = fields.filter((field) => field.for.includes(group));
  const concerned = own.length > 0 || (fields.length === 0 && resource.for.includes(group));
  if (!concerned) return [];
  const isNew = resource.verb === "create" && group !== NODES;
  return ["", headLine(resource, { own, isNew }, paint), ...fieldLines(own, { group, isNew }, paint)];
}

function headLine(
  { verb, type, name, risk, why }: PlannedResource,
  { own, isNew }: { readonly own: readonly PlannedField[]; readonly isNew: boolean },
  paint: Paint,
): string {
  const what = `${nounOf(type)} ${name}`;
  if (verb === "create" && !isNew) return `  ${paint("sign", "~", "adds")} ${what}, which is new`;
  const sign = paint("sign", SIGNS[verb], verb === "create" ? "adds" : risk);
  if (own.length > 0) return `  ${sign} ${what} ${DOINGS[verb]}`;
  return `  ${sign} ${what} ${DOINGS[verb]}: ${why}${riskTag(risk, paint)}`;
}

function closing({ creates, updates, removes, risks, failed }: PlanSummary, paint: Paint): string {
  const failures = failed === 0 ? [] : [`${counted(failed, "Service")} could not be planned.`];
  if (creates + updates + removes === 0) return ["Nothing would change.", ...failures].join(" ");
  const what = [`${creates} to create`, `${updates} to change`, `${removes} to remove`].join(", ");
  const grave = [
    ...(risks.interrupts > 0
      ? [paint("risk", `${counted(risks.interrupts, "change")} may interrupt traffic.`, "interrupts")]
      : []),
    ...(risks.releases > 0
      ? [paint("risk", `${counted(risks.releases, "address")} would be released.`, "releases")]
      : []),
  ];
  return [`ARM resources: ${what}.`, ...grave, ...failures, "Nothing was written."].join(" ");
}

function counted(count: number, noun: string): string {
  const plural = noun.endsWith("s") ? `${noun}es` : `${noun}s`;
  return `${count} ${count === 1 ? noun : plural}`;
}
