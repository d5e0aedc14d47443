import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { type ArmSimulator, isFromClient, type SimulatorState } from "../../simulator/index.ts";

/** A journal on its way into a file. */
export interface JournalFile {
  /** Resolves when every line is written. */
  close(): Promise<void>;
}

/** Appends a JSON line to the file for each request that a client sends from now on. @throws Error when it cannot be opened. */
export async function journalInto(path: string, { journal }: ArmSimulator): Promise<JournalFile> {
  const stream = createWriteStream(path, { flags: "a" });
  await opened(stream);
  const stop = journal.follow((entry) => {
    if (isFromClient(entry)) stream.write(`${JSON.stringify(entry)}\n`);
  });
  return {
    close: async () => {
      stop();
      stream.end();
      await once(stream, "close");
    },
  };
}

async function opened(stream: WriteStream): Promise<void> {
  try {
    await once(stream, "open");
  } catch (error) {
    throw new Error(`--journal: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Writes a dump, whole or not at all. */
export async function saveState(path: string, state: SimulatorState): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
