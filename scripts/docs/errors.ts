import { ERROR_TABLE, type ErrorClass, type ErrorRow, STATUS_TABLE } from "../../src/azure/arm/error-table.ts";
import { ADVICE, type CloudErrorCode, RETRY_ADVICE } from "../../src/cloudprovider/errors.ts";
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
    "Every failure that a Service meets is one event: what happened, its code in brackets (ours, and Azure's if it gave one), what was tried, what you can do, when it is tried next, and what Azure said. The same failure again is the same event, counted. [`azure-ccm explain`](../guides/explain.md) shows it with the requests behind it.",
    "## Codes",
    table(
      [
        "code",
        "what the controllers do, unless Azure names a delay",
        "what you can do, if the error says nothing better",
      ],
      Object.entries(RETRY_ADVICE).map(([name, retry]) => [
        code(name),
        retry === "backoff" ? "try again, later each time" : "wait until the object changes",
        ADVICE[name as CloudErrorCode],
      ]),
    ),
    "## What becomes of a refused write",
    table(
      ["class", "meaning"],
      Object.entries(CLASSES).map(([name, meaning]) => [code(name), meaning]),
    ),
    "## Azure's codes",
    "The first row that fits counts. A row with a pattern fits only when code and message together match it.",
    table(["Azure says", "pattern", "code", "meaning", "what we do", "what you can do"], ERROR_TABLE.map(armRow)),
    "## Answers with a code that is not listed",
    table(
      ["status up to", "code", "meaning", "what we do", "what you can do"],
      STATUS_TABLE.map(({ upTo, row }) => [String(upTo), code(row.code), row.says, deedOf(row), row.advice]),
    ),
  );
}

function armRow(row: ErrorRow): readonly string[] {
  return [row.arm.map(code).join(" "), code(row.when?.source), code(row.code), row.says, deedOf(row), row.advice];
}

/** In a few words; the class is explained above. The compiler wants words for a new class. */
const DEEDS: Readonly<Record<ErrorClass, string>> = {
  conflicted: "read again, write again",
  busy: "wait, write again",
  throttled: "hold back all requests of that kind, then write again",
  unprovisioned: "mend what it refers to, write again",
  content: "leave this edit out, write the others",
  everyone: "tell all Services that wait for the write",
  unsure: "look, write again",
};

function deedOf(row: ErrorRow): string {
  return `${DEEDS[row.class]} (${code(row.class)})`;
}
