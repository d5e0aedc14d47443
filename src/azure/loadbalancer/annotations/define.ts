import type { Problem } from "../../../base/checked.ts";

/** Prefix of all annotations of this provider. */
export const PREFIX = "service.beta.kubernetes.io/";

/** Stands for the port number in the key of an annotation that exists once per Service port. */
export const PORT = "<port>";

/** Something that is accepted and deserves a word; becomes a Warning event. */
export interface Remark {
  /** Event reason: one CamelCase word. */
  readonly reason: string;
  /** Annotation key or field path. */
  readonly field: string;
  /** A sentence for people. */
  readonly text: string;
}

/** What a parser made of a value: the value, perhaps with a word about it, or undefined when it is refused. */
export type Parsed<T> = { readonly value: T; readonly remark?: string } | undefined;

/** One annotation: key, documentation, accepted values, default and parser. The reference page is made from it. */
export interface Annotation<T> {
  /** The full key; {@link PORT} in it stands for a port number. */
  readonly key: string;
  /** What it does, one or two sentences. */
  readonly doc: string;
  /** What we recommend to write, as a phrase: "whole minutes, 4 to 100". */
  readonly accepts: string;
  /** What counts when it is absent. */
  readonly fallback: T;
  /** The default in words, where it is decided elsewhere. */
  readonly shown?: string;
  readonly parse: (raw: string) => Parsed<T>;
}

/** What is written once per annotation, whatever its type. */
export interface Words {
  /** Without {@link PREFIX}. */
  readonly key: string;
  readonly doc: string;
  readonly accepts?: string;
  readonly shown?: string;
}

/** Annotations of one Service, and where problems and remarks about them go. */
export interface Intake {
  readonly annotations: Readonly<Record<string, string>>;
  readonly problems: Problem[];
  readonly remarks: Remark[];
}

/** The key of an annotation for one port; the key itself when it is not per port. */
export function keyFor(annotation: Pick<Annotation<unknown>, "key">, port?: number): string {
  return port === undefined ? annotation.key : annotation.key.replace(PORT, String(port));
}

/** The raw value of an annotation; undefined when it is absent. */
export function rawOf(intake: Intake, annotation: Pick<Annotation<unknown>, "key">, port?: number): string | undefined {
  return intake.annotations[keyFor(annotation, port)];
}

/** The value of an annotation. Absent or refused it is the default; a refusal adds to the problems. */
export function read<T>(intake: Intake, annotation: Annotation<T>, port?: number): T {
  return readPresent(intake, annotation, port) ?? annotation.fallback;
}

/** As {@link read}, but undefined where the annotation is absent or refused: for "port, else Service, else default". */
export function readPresent<T>(intake: Intake, annotation: Annotation<T>, port?: number): T | undefined {
  const raw = rawOf(intake, annotation, port);
  if (raw === undefined) return undefined;
  const field = keyFor(annotation, port);
  const parsed = annotation.parse(raw);
  if (parsed === undefined) intake.problems.push({ field, got: raw, want: annotation.accepts });
  else if (parsed.remark !== undefined) {
    intake.remarks.push({ reason: "UnusualAnnotation", field, text: `${field}: ${parsed.remark}` });
  }
  return parsed?.value;
}

/**
 * A switch that is off by default: `true` in any letter case, blanks around it ignored. Everything else is false, as
 * in the original; what is neither `true` nor `false` gets a remark.
 */
export function flag(words: Words): Annotation<boolean> {
  return {
    accepts: "true or false",
    ...spelled(words),
    fallback: false,
    parse: (raw) => {
      const word = raw.trim().toLowerCase();
      if (word === "true") return { value: true };
      return word === "false" ? { value: false } : { value: false, remark: `${JSON.stringify(raw)} is read as false` };
    },
  };
}

/** A whole number in a range; blanks around it are ignored. */
export function integer(
  words: Words & { accepts: string; least: number; most?: number; fallback: number },
): Annotation<number> {
  const { least, most = 2_147_483_647, fallback } = words;
  return {
    ...spelled(words),
    accepts: words.accepts,
    fallback,
    parse: (raw) => {
      const text = raw.trim();
      const value = Number(text);
      return /^[+-]?\d+$/.test(text) && value >= least && value <= most ? { value } : undefined;
    },
  };
}

/** Text without the blanks around it; blank text counts as absent. */
export function text(words: Words & { accepts: string }): Annotation<string | undefined> {
  return {
    ...spelled(words),
    accepts: words.accepts,
    fallback: undefined,
    parse: (raw) => ({ value: raw.trim() === "" ? undefined : raw.trim() }),
  };
}

/** Items between separators, blanks around them ignored, empty ones dropped. */
export function list(words: Words & { accepts: string; separator?: string }): Annotation<readonly string[]> {
  return {
    ...spelled(words),
    accepts: words.accepts,
    fallback: [],
    parse: (raw) => ({ value: splitList(raw, words.separator) }),
  };
}

/** The non-empty items of a list, without the blanks around them. */
export function splitList(raw: string, separator = ","): readonly string[] {
  return raw
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** Any other type: the parser is given. */
export function custom<T>(
  words: Words & { accepts: string },
  fallback: T,
  parse: (raw: string) => Parsed<T>,
): Annotation<T> {
  return { ...spelled(words), accepts: words.accepts, fallback, parse };
}

function spelled({ key, doc, shown }: Words): { key: string; doc: string; shown?: string } {
  return { key: `${PREFIX}${key}`, doc, ...(shown === undefined ? {} : { shown }) };
}
