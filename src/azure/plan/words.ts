/**
 * The same document with words in place of stand-ins, wherever they occur in its texts or are its numbers. A stand-in is found only where no
 * further letter, digit or dot makes it part of something else.
 */
export function inWords<T>(document: T, words: ReadonlyMap<string, string>): T {
  if (words.size === 0) return document;
  const found = [...words.keys()].toSorted((a, b) => b.length - a.length).map((each) => each.replaceAll(".", "\\."));
  const pattern = new RegExp(`(?<![0-9A-Fa-f.:])(?:${found.join("|")})(?![0-9A-Fa-f.:])`, "g");
  const inText = (text: string): string => text.replace(pattern, (standIn) => words.get(standIn) ?? standIn);
  return replaced(document, (value) => (typeof value === "string" ? inText(value) : words.get(String(value)))) as T;
}

function replaced(value: unknown, replace: (value: string | number) => string | undefined): unknown {
  if (typeof value === "string" || typeof value === "number") return replace(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => replaced(each, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each, replace)]));
}
