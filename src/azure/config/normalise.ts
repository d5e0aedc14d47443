import type { Problem } from "../../base/checked.ts";
import { gatherClientLimits } from "./client-limits.ts";
import type { Key } from "./key.ts";
import { CONFIG_KEYS, FORMER_KEYS } from "./schema.ts";

/** Something in a configuration that is accepted and deserves a word: an unknown key, a key without effect. */
export interface Remark {
  /** The key as it was written. */
  readonly field: string;
  /** A sentence; it never quotes the value of an unknown key, which may be a misspelt secret. */
  readonly text: string;
}

/** A configuration in canonical spelling, still unchecked. */
export interface Normalised {
  readonly values: Readonly<Record<string, unknown>>;
  readonly remarks: readonly Remark[];
}

const CANONICAL = new Map(Object.keys(CONFIG_KEYS).map((key) => [key.toLowerCase(), key]));
const FORMER = new Set(FORMER_KEYS.map((key) => key.toLowerCase()));

/**
 * Brings keys and choices into canonical spelling and drops what counts as not set.
 *
 * Letter case of keys is ignored. Of several spellings of one key the exact one wins, else the last in byte order,
 * which is what Go's decoder makes of them in the original.
 */
export function normalise(written: Readonly<Record<string, unknown>>): Normalised {
  const raw = gatherClientLimits(written);
  const values: Record<string, unknown> = {};
  const remarks: Remark[] = [];
  for (const [canonical, spelling] of spellings(raw, remarks)) {
    const key = CONFIG_KEYS[canonical] as Key;
    const value = inCanonicalSpelling(canonical, key, raw[spelling], remarks);
    if (value === undefined || value === null || key.absentWhen?.(value) === true) continue;
    if (key.inert !== undefined) remarks.push({ field: spelling, text: `has no effect: ${key.inert}` });
    values[canonical] = value;
  }
  return { values, remarks };
}

/** Which spelling of each known key counts; remarks on the others and on unknown keys. */
function spellings(raw: Readonly<Record<string, unknown>>, remarks: Remark[]): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>();
  for (const written of Object.keys(raw).toSorted()) {
    const canonical = CANONICAL.get(written.toLowerCase());
    if (canonical === undefined) {
      const former = FORMER.has(written.toLowerCase());
      remarks.push({ field: written, text: former ? "is no longer read" : "is not a known key and is ignored" });
      continue;
    }
    const before = chosen.get(canonical);
    if (before !== undefined)
      remarks.push({ field: canonical, text: "is written more than once, in different letter case" });
    if (before !== canonical) chosen.set(canonical, written);
  }
  return chosen;
}

function inCanonicalSpelling(name: string, key: Key, value: unknown, remarks: Remark[]): unknown {
  const scalar = key.takesScalars === true && (typeof value === "number" || typeof value === "boolean");
  const plain = scalar ? String(value) : value;
  if (key.choices !== undefined && typeof plain === "string" && plain !== "") return chosen(name, key, plain, remarks);
  if (key.fields !== undefined) return withFields(plain, key.fields);
  return plain;
}

function chosen(name: string, key: Key, written: string, remarks: Remark[]): string {
  const match = key.choices?.find((choice) => choice.toLowerCase() === written.trim().toLowerCase());
  if (match !== undefined) return match;
  if (key.otherwise === undefined) return written;
  remarks.push({
    field: name,
    text: `got ${JSON.stringify(written)}, which is read as ${key.otherwise}; want ${key.accepts}`,
  });
  return key.otherwise;
}

function withFields(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => withFields(element, fields));
  if (typeof value !== "object" || value === null) return value;
  const canonical = new Map(fields.map((field) => [field.toLowerCase(), field]));
  const entries = Object.entries(value as Record<string, unknown>)
    .filter(([, inner]) => inner !== null)
    .map(([key, inner]) => [canonical.get(key.toLowerCase()) ?? key, inner] as const);
  return Object.fromEntries(entries);
}

/** A refused value as it may be shown: secrets are not quoted. */
export function quoted(field: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (CONFIG_KEYS[field]?.secret === true) return "[redacted]";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Problems in a stable order: by field. */
export function sortedProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.field < b.field ? -1 : a.field > b.field ? 1 : 0));
}
