import { ERROR_TABLE, type ErrorClass, type ErrorRow, STATUS_TABLE } from "../../src/azure/arm/error-table.ts";
import { RETRY_ADVICE } from "../../src/cloudprovider/errors.ts";
import { code, page, table } from "./markdown.ts";

/** What each class means for the edits that ride in a write. The compiler wants a sentence for a new class. */
const CLASSES: Readonly<Record<ErrorClass, string>> = {
  conflicted: "Somebody else wrote first: the resource is read again and the write repeated.",
  busy: "Another operation runs: the write waits, as long as Azure says.",
  throttled: "Too many requests: nothing of that kind is sent until Azure allows it again.",
  unprovisioned: "A resource that the write refers to is not ready: only the edits that name it wait.",
  content: "The body is refused: the edit that causes it is found and leaves, the others go on.",
  everyone: "No edit could be written: all of them fail at once, with this reason.",
  unsure: "The write may have been applied or not: it is looked at and repeated.",
};

/** docs/reference/errors.md. */
export function errorsReference(): string {
  return page(
    "Errors",
    "`src/cloudprovider/errors.ts` and `src/azure/arm/error-table.ts`",
    "An error has a code of ours, a sentence that quotes what was asked, and the cloud's own code if there was one.",
    "## Codes",
    table(
      ["code", "what the controllers do, unless Azure names a delay"],
      Object.entries(RETRY_ADVICE).map(([name, advice]) => [
        code(name),
        advice === "backoff" ? "try again, later each time" : "wait until the object changes",
      ]),
    ),
    "## What becomes of a refused write",
    table(
      ["class", "meaning"],
      Object.entries(CLASSES).map(([name, meaning]) => [code(name), meaning]),
    ),
    "## Azure's codes",
    "The first row that fits counts. A row with a pattern fits only when code and message together match it.",
    table(["Azure says", "pattern", "code", "class", "meaning", "what you can do"], ERROR_TABLE.map(armRow)),
    "## Answers with a code that is not listed",
    table(
      ["status up to", "code", "class", "meaning"],
      STATUS_TABLE.map(({ upTo, row }) => [String(upTo), code(row.code), code(row.class), row.says]),
    ),
  );
}

function armRow(row: ErrorRow): readonly string[] {
  return [
    row.arm.map(code).join(" "),
    code(row.when?.source),
    code(row.code),
    code(row.class),
    row.says,
    row.advice ?? "–",
  ];
}
