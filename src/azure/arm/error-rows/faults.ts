import type { ErrorRow } from "./error-row.ts";

/** Azure's own faults: the write may have been applied. */
export const FAULTS: readonly ErrorRow[] = [
  {
    arm: [
      "InternalServerError",
      "InternalExecutionError",
      "InternalOperationError",
      "BadGateway",
      "ServerTimeout",
      "ServiceUnavailable",
      "GatewayTimeout",
    ],
    class: "unsure",
    code: "Unavailable",
    says: "Azure had an internal problem",
  },
];
