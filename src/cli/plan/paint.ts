import { styleText } from "node:util";
import type { Risk } from "../../azure/index.ts";

/** Colours text, or leaves it as it is. */
export type Paint = (style: "risk" | "sign" | "dim" | "bold", text: string, risk?: Risk) => string;

const COLOURS = { adds: "green", changes: "yellow", interrupts: "red", releases: "red" } as const;

/** Nobody wants colours in a file, and some want none at all: https://no-color.org. */
export function wantsColour(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

/** Paints for a terminal. */
export const inColour: Paint = (style, text, risk = "changes") => {
  const format = style === "dim" || style === "bold" ? style : COLOURS[risk];
  return styleText(format, text, { validateStream: false });
};

/** Leaves text as it is. */
export const plain: Paint = (_style, text) => text;
