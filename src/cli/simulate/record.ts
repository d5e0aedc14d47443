import { appendFile, rename, writeFile } from "node:fs/promises";
import type { ArmSimulator, SimulatorState } from "../../simulator/index.ts";

/** A journal on its way into a file. */
export interface JournalFile {
  /** Resolves when every line is written, or writing has been given up. */
  close(): Promise<void>;
}

/**
 * Appends a JSON line to the file for each request that a client sends from now on. The file is opened for each batch, so
 * that it may be moved away meanwhile, and so that a folder that has gone is noticed.
 *
 * @param failed - told once, in a sentence, when a line cannot be written; nothing more is written then.
 * @throws Error when the file cannot be opened.
 */
export async function journalInto(
  path: string,
  { journal }: Pick<ArmSimulator, "journal">,
  failed: (message: string) => void,
): Promise<JournalFile> {
  await appendFile(path, "").catch((error: unknown) => {
    throw new Error(`--journal: ${textOf(error)}`, { cause: error });
  });
  const lines: string[] = [];
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    try {
      while (lines.length > 0) await appendFile(path, lines.splice(0).join(""));
    } catch (error) {
      stop();
      failed(`--journal: ${textOf(error)}; no more requests are written to ${path}, and the simulator goes on`);
    } finally {
      writing = undefined;
    }
  };
  const stop = journal.follow((entry) => {
    lines.push(`${JSON.stringify(entry)}\n`);
    writing ??= write();
  });
  return {
    close: async () => {
      stop();
      await writing;
    },
  };
}

/** Writes a dump, whole or not at all. */
export async function saveState(path: string, state: SimulatorState): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
