import type { Answer } from "../http/exchange.ts";
import type { Call } from "./call.ts";
import type { Derive } from "./derive.ts";
import type { ServiceLimits } from "./limits/limits.ts";
import type { OperationAnswer } from "./resource-routes.ts";

/** Headers of every ARM answer that never change. */
const FIXED: Readonly<Record<string, string>> = {
  "cache-control": "no-cache",
  pragma: "no-cache",
  expires: "-1",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-cache": "CONFIG_NOCACHE",
};

/** Adds the headers that every answer of ARM has. */
export class AnswerHeaders {
  readonly #derive: Derive;
  readonly #now: () => number;
  readonly #limits: ServiceLimits;

  /** @param now - milliseconds since the epoch, for `Date`. */
  constructor(derive: Derive, now: () => number, limits: ServiceLimits) {
    this.#derive = derive;
    this.#now = now;
    this.#limits = limits;
  }

  /**
   * @param nth - how often this method and path were called by now.
   * @param answer - with the guid of the operation that it tells of, which is the request's id too.
   */
  complete(call: Call, nth: number | string, { operationId, ...answer }: OperationAnswer): Answer {
    const { request } = call;
    const correlation = this.#derive.guid("correlation", call.method, call.path.toLowerCase(), nth);
    const date = new Date(this.#now());
    const clientId = request.headers["x-ms-client-request-id"];
    const echo = request.headers["x-ms-return-client-request-id"] === "true" && typeof clientId === "string";
    return {
      ...answer,
      headers: {
        ...FIXED,
        date: date.toUTCString(),
        "x-ms-request-id": operationId ?? correlation,
        "x-ms-correlation-request-id": correlation,
        "x-ms-routing-request-id": `LOOPBACK:${compact(date)}:${correlation}`,
        ...(answer.headers?.["x-ms-failure-cause"] === undefined && this.#limits.headers(call)),
        ...(echo && { "x-ms-client-request-id": clientId }),
        ...answer.headers,
      },
    };
  }
}

/** `20260101T000000Z` */
function compact(date: Date): string {
  return `${date.toISOString().replaceAll(/[-:]/g, "").slice(0, 15)}Z`;
}
