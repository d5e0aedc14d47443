/** What the house rules need to know of a source file, read from its text: what it imports, and its code without comments. */

/** One import or re-export. */
export interface Import {
  readonly from: string;
  /** Erased by the compiler: nothing is loaded. */
  readonly typeOnly: boolean;
  /** Loaded when the code gets there (`import()`), not when the file is. */
  readonly lazy: boolean;
  /** Names between the braces; empty for namespaces and bare imports. */
  readonly names: readonly string[];
}

const STATIC = /^[ \t]*(?:import|export)\s+(type\s+)?(?:([\w$*\s,{}]*?)\s*from\s*)?["']([^"'\n]+)["']/gm;
const DYNAMIC = /\b(typeof\s+)?import\(\s*["']([^"'\n]+)["']\s*\)(\s*\.\s*[A-Z]\w*)?/g;

/** Every import of a TypeScript text. */
export function importsOf(text: string): readonly Import[] {
  const code = withoutComments(text);
  const found: Import[] = [];
  for (const [, type, clause = "", from = ""] of code.matchAll(STATIC)) {
    found.push({ from, typeOnly: type !== undefined, lazy: false, names: namesIn(clause) });
  }
  for (const [, type, from = "", member] of code.matchAll(DYNAMIC)) {
    found.push({ from, typeOnly: type !== undefined || member !== undefined, lazy: true, names: [] });
  }
  return found;
}

function namesIn(clause: string): readonly string[] {
  const inside = /\{([^}]*)\}/.exec(clause)?.[1] ?? "";
  return inside
    .split(",")
    .map(
      (part) =>
        part
          .trim()
          .replace(/^type\s+/, "")
          .split(/\s+as\s+/)[0] ?? "",
    )
    .filter((name) => name !== "");
}

/** The text with comments blanked; strings, templates and regular expressions are left as they are. */
export function withoutComments(text: string): string {
  return text.replace(TOKENS, (token) => (token.startsWith("//") || token.startsWith("/*") ? blank(token) : token));
}

/** As {@link withoutComments}, and with the insides of strings and templates blanked too. */
export function codeOnly(text: string): string {
  return text.replace(TOKENS, (token) => (token.startsWith("`") ? substitutions(token) : blank(token)));
}

// in this order: comments, strings, templates, and regular expressions where a value may stand
const TOKENS = new RegExp(
  [
    /\/\*[\s\S]*?\*\//,
    /\/\/[^\n]*/,
    /"(?:\\.|[^"\\\n])*"/,
    /'(?:\\.|[^'\\\n])*'/,
    /`(?:\\[\s\S]|\$\{(?:[^{}]|\{[^{}]*\})*\}|[^`\\])*`/,
    /(?<=[=(,:[!&|?{};\n]\s*|\breturn\s+)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

function blank(token: string): string {
  return token.replace(/[^\n]/g, " ");
}

/** A template's code: what stands in `${}`. */
function substitutions(template: string): string {
  return [...template.matchAll(/\$\{((?:[^{}]|\{[^{}]*\})*)\}/g)]
    .map(([, code = ""]) => ` ${codeOnly(code)} `)
    .join("");
}
