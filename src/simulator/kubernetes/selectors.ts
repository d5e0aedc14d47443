import { badRequest } from "./api-error.ts";

/** One term of a label selector. */
type Requirement =
  | { readonly key: string; readonly op: "in" | "notin"; readonly values: readonly string[] }
  | { readonly key: string; readonly op: "exists" | "absent" };

/** Decides whether an object with these labels or fields is selected. */
export type Selector<T> = (values: T) => boolean;

type Labels = Readonly<Record<string, string>>;

const TERM =
  /^\s*(?:(!)\s*([^\s=!,()]+)|([^\s=!,()]+)\s*(?:(==|=|!=)\s*([^\s=!,()]*)|\s(in|notin)\s*\(([^()]*)\))?)\s*$/;

/**
 * Reads a label selector: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined by commas.
 *
 * @throws `ApiError` 400 for anything else.
 */
export function parseLabelSelector(text: string): Selector<Labels> {
  const requirements = splitTerms(text).map(parseTerm);
  return (labels) => requirements.every((requirement) => meets(labels, requirement));
}

/**
 * Reads a field selector: `path=value`, `path==value`, `path!=value`, joined by commas.
 *
 * @param known - the paths that the kind can be selected by.
 * @throws `ApiError` 400 for another path, or another operator.
 */
export function parseFieldSelector(text: string, known: (path: string) => boolean): Selector<Labels> {
  const terms = text.split(",").filter((term) => term.trim() !== "");
  const requirements = terms.map((term) => {
    const match = /^([^=!]+?)(==|=|!=)(.*)$/.exec(term.trim());
    if (match === null) throw badRequest(`invalid field selector ${JSON.stringify(term)}; can't understand it`);
    const [, path = "", op = "", value = ""] = match;
    if (!known(path)) throw badRequest(`field label not supported: ${path}`);
    return { path, value, equal: op !== "!=" };
  });
  return (fields) => requirements.every(({ path, value, equal }) => ((fields[path] ?? "") === value) === equal);
}

function splitTerms(text: string): readonly string[] {
  // Commas inside parentheses separate values, not terms.
  return text.trim() === "" ? [] : text.split(/,(?![^()]*\))/);
}

function parseTerm(term: string): Requirement {
  const match = TERM.exec(term);
  if (match === null) throw badRequest(`unable to parse requirement: found ${JSON.stringify(term.trim())}`);
  const [, not, absent = "", key = "", compare] = match;
  if (not !== undefined) return { key: absent, op: "absent" };
  if (compare === undefined) return parseSet(key, match[6], match[7] ?? "");
  return { key, op: compare === "!=" ? "notin" : "in", values: [match[5] ?? ""] };
}

function parseSet(key: string, op: string | undefined, values: string): Requirement {
  if (op !== "in" && op !== "notin") return { key, op: "exists" };
  return { key, op, values: values.split(",").map((item) => item.trim()) };
}

function meets(labels: Labels, requirement: Requirement): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.op) {
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "in":
      return value !== undefined && requirement.values.includes(value);
    case "notin":
      return value === undefined || !requirement.values.includes(value);
    default:
      return false;
  }
}
