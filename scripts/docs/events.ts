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
  );
}
