import { PROVIDER_EVENTS } from "../../src/azure/loadbalancer/events.ts";
import { DRIFT_EVENTS } from "../../src/azure/plan/drift.ts";
import { SERVICE_EVENTS } from "../../src/controller/service/events.ts";
import { code, page, table } from "./markdown.ts";

/** docs/reference/events.md. */
export function eventsReference(): string {
  return page(
    "Events",
    "the event tables beside the code that records them",
    "Words in braces are filled in. Equal events on one object are counted, not repeated.",
    "## On Services, by the service controller",
    table(
      ["reason", "type", "message"],
      Object.entries(SERVICE_EVENTS).map(([reason, { type, message }]) => [code(reason), type, message]),
    ),
    "## By the provider",
    "All of type Warning, on Services; `CreateOrUpdateInterface` is on a Node.",
    table(
      ["reason", "message or meaning"],
      Object.entries(PROVIDER_EVENTS).map(([reason, message]) => [code(reason), message]),
    ),
    "## On Services, by the provider in observe mode",
    table(
      ["reason", "type", "message"],
      Object.entries(DRIFT_EVENTS).map(([reason, { type, message }]) => [code(reason), type, message]),
    ),
    "## What stands for `{error}`",
    "What happened, its stable code in brackets, what was tried, what you can do, when it is tried next, the id of Azure's request, and what Azure said, cut where the event would get too long. The same failure again is the same event: it is counted and shows the newest text. [Errors](errors.md) has all codes.",
  );
}
