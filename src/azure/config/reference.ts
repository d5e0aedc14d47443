import type { Key } from "./key.ts";
import { FORMER_KEYS, KEY_GROUPS } from "./schema.ts";

const INTRODUCTION = `# Configuration: azure.json

Generated from \`src/azure/config/keys\`; do not edit.

The file is JSON or YAML 1.1. Letter case of keys and of fixed words is ignored, unknown keys are tolerated with a
warning, and every problem is reported at once. With a file and a Secret, \`cloudConfigType\` decides which counts.
`;

/** The text of docs/reference/configuration.md: every key with meaning, accepted values and default. */
export function configurationReference(): string {
  const sections = KEY_GROUPS.map(({ title, keys }) => {
    const rows = Object.entries(keys).map(([name, key]) => row(name, key));
    return [`## ${title}`, "", "| Key | Accepts | Default | Meaning |", "| --- | --- | --- | --- |", ...rows].join(
      "\n",
    );
  });
  const former = `## No longer read\n\n${FORMER_KEYS.map((key) => `\`${key}\``).join(", ")} and the rate limits of single clients at top level.`;
  return `${[INTRODUCTION, ...sections, former].join("\n\n").replaceAll("\n\n\n", "\n\n")}\n`;
}

function row(name: string, key: Key): string {
  const notes = [
    key.doc,
    ...(key.because === undefined ? [] : [`Default: ${key.because}.`]),
    ...(key.inert === undefined ? [] : [`**No effect**: ${key.inert}.`]),
    ...(key.secret === true ? ["Secret: never logged."] : []),
  ];
  const fallback = key.shown ?? (key.fallback === undefined ? "not set" : key.fallback);
  return `| ${[`\`${name}\``, key.accepts, fallback, notes.join(" ")].map(cell).join(" | ")} |`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
