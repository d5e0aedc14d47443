/**
 * Lines up rows in columns, as kubectl prints them: two blanks between columns, no blanks at the end of a line.
 *
 * @param rows - the first one is the heading; every row has as many cells.
 * @param indent - blanks before each line.
 */
export function table(rows: readonly (readonly string[])[], indent = 0): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => {
      const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
      return " ".repeat(indent) + line.trimEnd();
    })
    .join("\n");
}
