/** Writes what is generated of `docs` from its sources; with `--check` only says what is stale, and fails when something is. */
import { stalePages, writePage } from "./docs/pages.ts";

const check = process.argv.includes("--check");
const stale = stalePages();
for (const page of stale) {
  if (!check) writePage(page);
  console.log(check ? `${page.file} is stale; run: npm run docs` : `wrote ${page.file}`);
}
process.exitCode = check && stale.length > 0 ? 1 : 0;
