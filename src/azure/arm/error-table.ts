import { ACCESS } from "./error-rows/access.ts";
import { CONTENT } from "./error-rows/content.ts";
import type { ErrorRow } from "./error-rows/error-row.ts";
import { FAULTS } from "./error-rows/faults.ts";
import { LIMITS } from "./error-rows/limits.ts";
import { PLACES } from "./error-rows/places.ts";
import { WAITING } from "./error-rows/waiting.ts";

export type { ErrorClass, ErrorRow } from "./error-rows/error-row.ts";

/** Every ARM code that we tell apart, the first match wins. The documentation's table of errors is made from it. */
export const ERROR_TABLE: readonly ErrorRow[] = [...WAITING, ...LIMITS, ...ACCESS, ...PLACES, ...CONTENT, ...FAULTS];

/** What a status means when no code of the answer is in {@link ERROR_TABLE}; the first range that holds it. */
export const STATUS_TABLE: readonly { readonly upTo: number; readonly row: ErrorRow }[] = [
  { upTo: 400, row: { arm: [], class: "content", code: "InvalidArgument", says: "Azure does not accept the request" } },
  {
    upTo: 401,
    row: { arm: [], class: "everyone", code: "Unauthenticated", says: "Azure does not accept our credentials" },
  },
  { upTo: 403, row: { arm: [], class: "everyone", code: "PermissionDenied", says: "it is not permitted" } },
  { upTo: 404, row: { arm: [], class: "content", code: "NotFound", says: "it does not exist" } },
  { upTo: 405, row: { arm: [], class: "everyone", code: "Internal", says: "Azure does not know this request" } },
  { upTo: 408, row: { arm: [], class: "unsure", code: "Timeout", says: "Azure gave up waiting" } },
  {
    upTo: 409,
    row: { arm: [], class: "content", code: "Conflict", says: "it conflicts with the state of the resource" },
  },
  { upTo: 411, row: { arm: [], class: "content", code: "InvalidArgument", says: "Azure does not accept the request" } },
  {
    upTo: 412,
    row: { arm: [], class: "conflicted", code: "Conflict", says: "somebody else changed the resource first" },
  },
  { upTo: 428, row: { arm: [], class: "content", code: "InvalidArgument", says: "Azure does not accept the request" } },
  { upTo: 429, row: { arm: [], class: "throttled", code: "Throttled", says: "Azure asks us to wait" } },
  { upTo: 499, row: { arm: [], class: "content", code: "InvalidArgument", says: "Azure does not accept the request" } },
  { upTo: 999, row: { arm: [], class: "unsure", code: "Unavailable", says: "Azure is not available" } },
];
