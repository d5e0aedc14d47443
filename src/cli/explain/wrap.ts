/** What lines start with. */
export interface Indents {
  readonly indent: string;
  /** In its place on the first line. */
  readonly first?: string;
}

/**
 * Breaks text at blanks. A word that is longer than a line stands alone.
 *
 * @param width - longest line, characters.
 */
export function wrap(text: string, width: number, { indent, first = indent }: Indents = { indent: "" }): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/\s+/)) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`;
    if (isEmpty || longer.length <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = `${indent}${word}`;
    }
    isEmpty = false;
  }
  return [...lines, line].join("\n");
}
