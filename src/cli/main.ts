import { existsSync, realpathSync } from "node:fs";
import { CommanderError } from "commander";
import { endWithoutReader } from "./broken-pipe.ts";
import { EXIT_FAILED } from "./exit.ts";
import { program } from "./program.ts";

/**
 * `azure-ccm`: reads the arguments and runs the command they name.
 *
 * Sets `process.exitCode`; never throws.
 *
 * @param args - without the interpreter and the script.
 */
export async function main(args: readonly string[]): Promise<void> {
  endWithoutReader();
  try {
    await program().parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode;
      return;
    }
    process.stderr.write(`azure-ccm: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT_FAILED;
  }
}

/** Whether Node was started with this very file, as in `node dist/cli/main.js`; Node 22 has no `import.meta.main`. */
function isEntry(): boolean {
  const [, script] = process.argv;
  if (import.meta.main !== undefined) return import.meta.main;
  return script !== undefined && existsSync(script) && realpathSync(script) === import.meta.filename;
}

if (isEntry()) await main(process.argv.slice(2));
