/** A Markdown table; bars in cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text as code, or a dash when there is none. */
export function code(text: string | undefined): string {
  return text === undefined || text === "" ? "–" : `\`${text}\``;
}

/** A page: title, where it comes from, and its parts, one blank line between them. */
export function page(title: string, source: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, `Generated from ${source}; do not edit.`, ...parts].join("\n\n")}\n`;
}
