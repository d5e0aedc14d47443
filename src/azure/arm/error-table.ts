import { ACCESS } from "./error-rows/access.ts";
import { CONTENT } from "./error-rows/content.ts";
import type { ErrorRow } from "./error-rows/error-row.ts";
import { FAULTS } from "./error-rows/faults.ts";
import { LIMITS } from "./error-rows/limits.ts";
import { LOGIN } from "./error-rows/login.ts";
import { MACHINES } from "./error-rows/machines.ts";
import { NETWORK } from "./error-rows/network.ts";
import { PLACES } from "./error-rows/places.ts";
import { REQUESTS } from "./error-rows/requests.ts";
import { WAITING } from "./error-rows/waiting.ts";

export type { ErrorClass, ErrorRow } from "./error-rows/error-row.ts";

/** Every ARM code that we tell apart, the first match wins. The documentation's table of errors is made from it. */
export const ERROR_TABLE: readonly ErrorRow[] = [
  ...WAITING,
  ...LIMITS,
  ...ACCESS,
  ...LOGIN,
  ...PLACES,
  ...CONTENT,
  ...NETWORK,
  ...MACHINES,
  ...REQUESTS,
  ...FAULTS,
];

const REFUSED: ErrorRow = {
  arm: [],
  class: "content",
  code: "InvalidArgument",
  says: "Azure does not accept the request",
  advice: "Correct what the message names.",
};

/** What a status means when no code of the answer is in {@link ERROR_TABLE}; the first range that holds it. */
export const STATUS_TABLE: readonly { readonly upTo: number; readonly row: ErrorRow }[] = [
  { upTo: 400, row: REFUSED },
  {
    upTo: 401,
    row: {
      arm: [],
      class: "everyone",
      code: "Unauthenticated",
      says: "Azure does not accept our credentials",
      advice: "Check the client id, its secret or certificate, and the tenant in azure.json.",
    },
  },
  {
    upTo: 403,
    row: {
      arm: [],
      class: "everyone",
      code: "PermissionDenied",
      says: "it is not permitted",
      advice: "Assign the role that the message names.",
    },
  },
  {
    upTo: 404,
    row: {
      arm: [],
      class: "content",
      code: "NotFound",
      says: "it does not exist",
      advice: "Create it, or correct its name where it is asked for.",
    },
  },
  {
    upTo: 405,
    row: {
      arm: [],
      class: "everyone",
      code: "Internal",
      says: "Azure does not know this request",
      advice: "Check that `cloud` in azure.json is the cloud of the endpoint.",
    },
  },
  {
    upTo: 408,
    row: {
      arm: [],
      class: "unsure",
      code: "Timeout",
      says: "Azure gave up waiting",
      advice: "Nothing, unless it lasts: then look at https://status.azure.com.",
    },
  },
  {
    upTo: 409,
    row: {
      arm: [],
      class: "content",
      code: "Conflict",
      says: "it conflicts with the state of the resource",
      advice: "Look at the resource in Azure: something that the message names must change first.",
    },
  },
  { upTo: 411, row: REFUSED },
  {
    upTo: 412,
    row: {
      arm: [],
      class: "conflicted",
      code: "Conflict",
      says: "somebody else changed the resource first",
      advice: "Nothing, unless it lasts: then find out who else changes this resource.",
    },
  },
  { upTo: 428, row: REFUSED },
  {
    upTo: 429,
    row: {
      arm: [],
      class: "throttled",
      code: "Throttled",
      says: "Azure asks us to wait",
      advice: "It is sent again when Azure allows. If this lasts, find who else uses this subscription.",
    },
  },
  { upTo: 499, row: REFUSED },
  {
    upTo: 999,
    row: {
      arm: [],
      class: "unsure",
      code: "Unavailable",
      says: "Azure is not available",
      advice: "Nothing, unless it lasts: then look at https://status.azure.com.",
    },
  },
];
