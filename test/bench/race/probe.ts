/** Loaded into a program before it starts: `node --import`. Writes what the program has taken when it ends. */
import { writeFileSync } from "node:fs";
import { FIGURES, watchProcess } from "./process-watch.ts";

let figures = watchProcess();
process.on("SIGUSR2", () => {
  figures();
  figures = watchProcess();
});
process.on("exit", () => {
  const file = process.env[FIGURES];
  if (file !== undefined) writeFileSync(file, JSON.stringify(figures()));
});
