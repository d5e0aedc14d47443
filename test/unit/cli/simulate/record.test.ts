import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { journalInto } from "../../../../src/cli/simulate/record.ts";
import { Journal, type JournalEntry } from "../../../../src/simulator/index.ts";

let folder: string;
let journal: Journal;
let told: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "journal-"));
  journal = new Journal();
  told = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entry = (number: number): JournalEntry => ({
  number,
  method: "GET",
  path: "/subscriptions",
  query: "",
  status: 200,
  atMs: 0,
  tookMs: 0,
  requestBytes: 0,
  responseBytes: 0,
});
const into = (path: string) => journalInto(path, { journal }, (message) => told.push(message));
const numbers = async (path: string): Promise<readonly number[]> =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as JournalEntry).number);

describe("a journal that goes into a file", () => {
  it("has a line for each request of a client, and every one of them when it is closed", async () => {
    const path = join(folder, "journal");
    const file = await into(path);
    for (let number = 1; number <= 500; number++) journal.add(entry(number));
    await file.close();
    expect(await numbers(path)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    expect(told).toEqual([]);
  });

  it("goes on in a new file when somebody has moved the old one away", async () => {
    const path = join(folder, "journal");
    let file = await into(path);
    journal.add(entry(1));
    await file.close();
    file = await into(path);
    await rename(path, `${path}.1`);
    journal.add(entry(2));
    await file.close();
    expect([await numbers(`${path}.1`), await numbers(path)]).toEqual([[1], [2]]);
  });

  it("says once that its folder has gone, and troubles nobody after that", async () => {
    const file = await into(join(folder, "journal"));
    await rm(folder, { recursive: true });
    journal.add(entry(1));
    journal.add(entry(2));
    await file.close();
    journal.add(entry(3));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^--journal: ENOENT.*no more requests are written to .*, and the simulator goes on$/);
    expect(journal.entries()).toHaveLength(3);
  });

  it.runIf(existsSync("/dev/full"))("says once that the disk is full", async () => {
    const file = await into("/dev/full");
    journal.add(entry(1));
    await file.close();
    journal.add(entry(2));
    await file.close();
    expect(told).toEqual([expect.stringMatching(/^--journal: ENOSPC: no space left on device/)]);
  });

  it("is refused at the start where it cannot be opened", async () => {
    await expect(into(join(folder, "no", "journal"))).rejects.toThrow(/^--journal: ENOENT/);
  });
});
