import { type Document, LineCounter, parseDocument, type Tags } from "yaml";
import type { Checked } from "../../base/checked.ts";

/** A configuration as text, and what to call it in messages: a path, or `Secret kube-system/azure-cloud-provider`. */
export interface ConfigSource {
  readonly name: string;
  readonly text: string;
}

const WANT = "JSON or YAML with one object of keys";

// Go's decoder knows neither times of day nor dates in this place: 12:30 and 2026-01-01 stay text.
const withoutTimes = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === "string" || (!tag.tag.endsWith(":timestamp") && tag.format !== "TIME"));

/**
 * Reads a configuration as the original does: as YAML 1.1, of which JSON is a part. So comments and trailing commas are
 * accepted in JSON, `yes` and `on` are true, `0123` is 83, and of equal keys the last wins. Empty text is an empty object.
 *
 * Syntax errors name line and column and never quote the text, which may hold a secret.
 */
export function decodeConfig(source: ConfigSource): Checked<Readonly<Record<string, unknown>>> {
  const lines = new LineCounter();
  const document = parseDocument(source.text, {
    version: "1.1",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    lineCounter: lines,
    customTags: withoutTimes,
  });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { field: `${source.name}:${line}:${col}`, got: withoutQuotation(error.message), want: WANT };
    });
    return { ok: false, problems };
  }
  const value = plainValue(document);
  if (value instanceof Error) {
    const got = withoutQuotation(value.message);
    return { ok: false, problems: [{ field: source.name, got, want: WANT }] };
  }
  if (value === null || value === undefined) return { ok: true, value: {} };
  if (typeof value !== "object" || Array.isArray(value)) {
    const got = Array.isArray(value) ? "a list" : "a plain value";
    return { ok: false, problems: [{ field: source.name, got, want: WANT }] };
  }
  return { ok: true, value: value as Readonly<Record<string, unknown>> };
}

// Aliases that are nowhere anchored, or that would grow without bound, only show when they are followed.
function plainValue(document: Document): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    return error instanceof Error ? error : new Error("cannot be read");
  }
}

/** The parser's sentence up to the point where it may quote the document. */
function withoutQuotation(message: string): string {
  return (message.split(/[:"'`]/)[0] ?? "").trim();
}
