import { z } from "zod";

/** What a person should know of a key, written once, beside its schema. */
interface Words {
  /** What the key does: one or two sentences. */
  readonly doc: string;
  /** Why the default is what it is. */
  readonly because?: string;
  /** The default as the reference page shows it, where other keys decide it. */
  readonly shown?: string;
  /** Set when the key is read and accepted but changes nothing: the reason. */
  readonly inert?: string;
}

/**
 * One key of azure.json: schema, accepted values, default and documentation in one literal. The parser, the JSON Schema
 * and `docs/reference/configuration.md` are made from it.
 */
export interface Key<S extends z.ZodType = z.ZodType> extends Words {
  readonly schema: S;
  /** What is accepted, as a phrase: "a whole number of seconds". */
  readonly accepts: string;
  /** The default as text; undefined when the key is then simply absent. */
  readonly fallback?: string;
  /** A secret never reaches a log, a problem or {@link redacted}. */
  readonly secret?: true;
  /** Numbers and booleans are taken as their text. The original does so for some keys only; see `scalarText`. */
  readonly takesScalars?: true;
  /** Accepted spellings; letter case is ignored and the canonical spelling is what the rest sees. */
  readonly choices?: readonly string[];
  /** The choice that any other word stands for, with a remark; without it another word is refused. */
  readonly otherwise?: string;
  /** Canonical names of the fields of the object (or of each object of the list); letter case is ignored. */
  readonly fields?: readonly string[];
  /** Values that count as "not set": the empty string, or zero where zero stands for the default. */
  readonly absentWhen?: (value: unknown) => boolean;
}

const isEmptyText = (value: unknown): boolean => value === "";
const isZero = (value: unknown): boolean => value === 0;

/** Free text; not set by default. A number is refused: YAML would have dropped its leading zeros already. */
export function text(words: Words): Key<z.ZodExactOptional<z.ZodString>> {
  return { ...words, schema: z.string({ error: "text" }).exactOptional(), accepts: "text", absentWhen: isEmptyText };
}

/** Free text where the original also takes an unquoted number or boolean. */
export function scalarText(words: Words): Key<z.ZodExactOptional<z.ZodString>> {
  return { ...text(words), takesScalars: true };
}

/** Text that must never be shown. */
export function secretText(words: Words): Key<z.ZodExactOptional<z.ZodString>> {
  return { ...text(words), secret: true };
}

/** Free text with a default. */
export function textOr(fallback: string, words: Words): Key<z.ZodDefault<z.ZodString>> {
  const schema = z.string({ error: "text" }).default(fallback);
  return { ...words, schema, accepts: "text", fallback, takesScalars: true, absentWhen: isEmptyText };
}

/** One of a few words, in any letter case; an empty text counts as not set. */
export function choice<const V extends readonly string[]>(
  choices: V,
  words: Words,
): Key<z.ZodExactOptional<z.ZodEnum<{ [K in V[number]]: K }>>> {
  const accepts = `one of ${choices.join(", ")}`;
  const schema = z.enum(choices, { error: accepts }).exactOptional();
  return { ...words, schema, accepts, choices, takesScalars: true, absentWhen: isEmptyText };
}

/** {@link choice} with a default. */
export function choiceOr<const V extends readonly string[]>(
  choices: V,
  fallback: V[number],
  words: Words,
): Key<z.ZodDefault<z.ZodEnum<{ [K in V[number]]: K }>>> {
  const accepts = `one of ${choices.join(", ")}`;
  const inner = z.enum(choices, { error: accepts });
  const schema = inner.default(fallback as z.util.NoUndefined<z.output<typeof inner>>);
  return { ...words, schema, accepts, fallback, choices, takesScalars: true, absentWhen: isEmptyText };
}

/** True or false, false by default. The text "true" is refused, as in the original. */
export function flag(words: Words): Key<z.ZodDefault<z.ZodBoolean>> {
  const schema = z.boolean({ error: "true or false, without quotes" }).default(false);
  return { ...words, schema, accepts: "true or false", fallback: "false" };
}

/** True, false or not set, where "not set" means something of its own. */
export function triState(words: Words): Key<z.ZodExactOptional<z.ZodBoolean>> {
  const schema = z.boolean({ error: "true or false, without quotes" }).exactOptional();
  return { ...words, schema, accepts: "true or false" };
}

/** A whole number with a default that 0 selects too, as in the original. */
export function wholeOr(fallback: number, unit: string, words: Words): Key<z.ZodDefault<z.ZodInt>> {
  const accepts = `a whole number of ${unit}`;
  const schema = z.int({ error: accepts }).default(fallback);
  return { ...words, schema, accepts, fallback: String(fallback), absentWhen: isZero };
}

/** A whole number in a range. */
export function wholeIn(
  range: readonly [least: number, most: number],
  fallback: number,
  words: Words,
): Key<z.ZodDefault<z.ZodInt>> {
  const accepts = `a whole number, ${range[0]} to ${range[1]}`;
  const schema = z.int({ error: accepts }).min(range[0], accepts).max(range[1], accepts).default(fallback);
  return { ...words, schema, accepts, fallback: String(fallback), absentWhen: isZero };
}

/** A number, not set by default. */
export function decimal(words: Words): Key<z.ZodExactOptional<z.ZodNumber>> {
  return { ...words, schema: z.number({ error: "a number" }).exactOptional(), accepts: "a number" };
}
