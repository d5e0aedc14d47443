import type { Annotation } from "./define.ts";
import { ANNOTATION_GROUPS } from "./registry.ts";

/** The reference page of all annotations, as Markdown: one table per group. Ends in a newline. */
export function annotationsReference(): string {
  const groups = ANNOTATION_GROUPS.map(
    ({ title, annotations }) =>
      `## ${title}\n\n| annotation | value | default | what it does |\n| --- | --- | --- | --- |\n${annotations.map(row).join("\n")}\n`,
  );
  return `${INTRODUCTION}\n${groups.join("\n")}`;
}

const INTRODUCTION = `# Annotations of a Service

Generated from \`src/azure/loadbalancer/annotations\`; do not edit.

Keys are matched exactly. \`<port>\` stands for a port number of the Service (\`spec.ports[].port\`). Switches are on
when the value is \`true\` in any letter case. A value that is not accepted changes nothing that works: the Service gets
one event that names annotation, value and what is accepted. It never blocks deletion.
`;

function row(annotation: Annotation<unknown>): string {
  const cells = [
    `\`${annotation.key}\``,
    annotation.accepts,
    annotation.shown ?? defaultText(annotation.fallback),
    annotation.doc,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function defaultText(fallback: unknown): string {
  switch (typeof fallback) {
    case "boolean":
    case "number":
      return String(fallback);
    default:
      return "none";
  }
}
