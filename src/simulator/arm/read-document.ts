import { parseDocument } from "yaml";
import type { z } from "zod";
import type { Checked, Problem } from "../../base/checked.ts";

/** Reads YAML (JSON is YAML too). Empty text is `undefined`. */
export function readYaml(text: string): Checked<unknown> {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error === undefined) return { ok: true, value: document.toJS() ?? undefined };
  const line = error.linePos?.[0].line;
  return { ok: false, problems: [{ field: `line ${line ?? 1}`, got: error.message.split("\n")[0], want: "YAML" }] };
}

/**
 * Holds what somebody wrote against a schema. Every problem names its field and quotes what was written.
 *
 * @param at - where `input` stands in a larger document: `faults[2]`; empty for the document itself.
 */
export function checkDocument<T>(schema: z.ZodType<T>, input: unknown, at = ""): Checked<T> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => problemsOf(issue, input, at)) };
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown, at: string): readonly Problem[] {
  const path = pathOf(issue.path, at);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ field: path === "" ? key : `${path}.${key}`, got: key, want: "a known field" }));
  }
  return [{ field: path === "" ? "document" : path, got: written(issue.path, input), want: wantOf(issue) }];
}

/** What is accepted, where a schema says nothing of its own about it. */
const KINDS: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  string: "text",
  number: "a number",
  boolean: "true or false",
};

function wantOf(issue: z.core.$ZodIssue): string {
  const isDefault = issue.code === "invalid_type" && issue.message.startsWith("Invalid input");
  return (isDefault && KINDS[issue.expected]) || issue.message;
}

function pathOf(path: readonly PropertyKey[], at: string): string {
  const inner = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return `${at}${inner}`.replace(/^\./, "");
}

function written(path: readonly PropertyKey[], input: unknown): string | undefined {
  const value = path.reduce<unknown>(
    (holder, key) => (holder as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  return value === undefined ? undefined : typeof value === "string" ? value : JSON.stringify(value);
}
