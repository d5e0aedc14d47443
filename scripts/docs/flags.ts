import type { Argument, Command, Option } from "commander";
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
  const { registeredArguments: args } = command;
  return [
    `## ${[root.name(), command.name(), ...args.map(wordFor)].join(" ")}`,
    command.description(),
    table(["flag", "default", "meaning"], command.options.map(optionRow)),
  ];
}

/** The argument's one accepted word, or its name in capitals. */
function wordFor({ argChoices, description }: Argument): string {
  return argChoices?.length === 1 ? (argChoices[0] ?? "") : description;
}

function optionRow({ flags, mandatory, defaultValue, description, argChoices }: Option): readonly string[] {
  const choices = argChoices === undefined ? "" : `: ${argChoices.map(code).join(", ")}`;
  const value = defaultValue as string | number | undefined;
  return [code(flags), mandatory ? "required" : code(value?.toString()), `${description}${choices}`];
}
