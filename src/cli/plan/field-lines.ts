import type { PlannedField, Risk } from "../../azure/index.ts";
import type { Paint } from "./paint.ts";
import { shown, shownChild } from "./value.ts";

/** Lines that say the same of many children of a list stop after this many, and tell how many more there are. */
const ALIKE_SHOWN = 5;

const INDENT = " ".repeat(6);

/** The fields of one resource for one group, a line each; what a new resource is made with stands in one line. */
export function fieldLines(
  fields: readonly PlannedField[],
  about: { readonly group: string; readonly isNew: boolean },
  paint: Paint,
): readonly string[] {
  const plainFields = about.isNew ? fields.filter(({ path }) => !path.includes("[")) : [];
  const told = fields.filter((field) => !plainFields.includes(field));
  const alike = [...Map.groupBy(told, alikeKey).values()];
  return [
    ...withLine(plainFields, paint),
    ...alike.flatMap((some) => [
      ...some.slice(0, ALIKE_SHOWN).map((field) => fieldLine(field, about.group, paint)),
      ...moreLine(some, paint),
    ]),
  ];
}

function withLine(fields: readonly PlannedField[], paint: Paint): readonly string[] {
  if (fields.length === 0) return [];
  const parts = fields.map(({ path, new: now }) => `${placeOf(path)} ${shown(now)}`);
  return [`${INDENT}${paint("sign", "+", "adds")} with ${parts.join(", ")}`];
}

function alikeKey({ path, old, new: now, why }: PlannedField): string {
  const list = listOf(path);
  return list === undefined
    ? path
    : JSON.stringify([path.slice(0, path.lastIndexOf("[")), old === null, now === null, why]);
}

function moreLine(fields: readonly PlannedField[], paint: Paint): readonly string[] {
  const more = fields.length - ALIKE_SHOWN;
  return more > 0 ? [`${INDENT}${paint("dim", `  and ${more} more like these`)}`] : [];
}

function fieldLine(field: PlannedField, group: string, paint: Paint): string {
  const { path, old, new: now, risk, why } = field;
  const sign = old === null ? "+" : now === null ? "-" : "~";
  const others = field.for.filter((each) => each !== group);
  const shared = others.length === 0 ? "" : `, with ${others.join(", ")}`;
  const remark = paint("dim", `# ${why}${shared}`);
  return `${INDENT}${paint("sign", sign, risk)} ${placeOf(path)}: ${changeOf(path, old, now)}  ${remark}${riskTag(risk, paint)}`;
}

function changeOf(path: string, old: unknown, now: unknown): string {
  const list = listOf(path);
  if (old !== null && now !== null) return `${shown(old)} -> ${shown(now)}`;
  return list === undefined ? shown(now ?? old) : shownChild(list, now ?? old);
}

/** The list that a path ends in a child of. */
function listOf(path: string): string | undefined {
  return /([A-Za-z]+)\[[^\]]*\]$/.exec(path)?.[1];
}

function placeOf(path: string): string {
  return path.replaceAll("properties.", "");
}

const TAGS: Readonly<Record<Risk, string>> = {
  adds: "",
  changes: "",
  interrupts: "INTERRUPTS TRAFFIC",
  releases: "RELEASES AN ADDRESS",
};

/** What is said loudly of a risk, with blanks in front; empty for the harmless ones. */
export function riskTag(risk: Risk, paint: Paint): string {
  return TAGS[risk] === "" ? "" : `  ${paint("risk", TAGS[risk], risk)}`;
}
