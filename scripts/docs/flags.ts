import type { Command, Option } from "commander";
import { program } from "../../src/cli/program.ts";
import { code, page, table } from "./markdown.ts";

/** docs/reference/flags.md. */
export function flagsReference(): string {
  const root = program();
  return page(
    "Flags",
    "`src/cli/program.ts`",
    `\`${root.name()} --help\` and \`${root.name()} COMMAND --help\` say the same.`,
    ...root.commands.flatMap((command) => commandReference(root, command)),
  );
}

function commandReference(root: Command, command: Command): readonly string[] {
  return [
    `## ${root.name()} ${command.name()}`,
    command.description(),
    table(["flag", "default", "meaning"], command.options.map(optionRow)),
  ];
}

function optionRow({ flags, mandatory, defaultValue, description, argChoices }: Option): readonly string[] {
  const choices = argChoices === undefined ? "" : `: ${argChoices.map(code).join(", ")}`;
  const value = defaultValue as string | number | undefined;
  return [code(flags), mandatory ? "required" : code(value?.toString()), `${description}${choices}`];
}
