import { CloudError, type CloudErrorCode } from "../../cloudprovider/errors.ts";
import { culpritOf, unprovisionedResourceOf } from "./culprit.ts";
import { ERROR_TABLE, type ErrorRow, STATUS_TABLE } from "./error-table.ts";
import { type ArmErrorBody, type ArmErrorDetail, type ArmFact, ArmFailure } from "./failure.ts";
import type { WriteFailure } from "./port.ts";

/** The row of {@link ERROR_TABLE} for an ARM error, and ARM's code that led to it. */
export interface Diagnosis {
  readonly row: ErrorRow;
  readonly armCode: string;
}

/**
 * Finds what an ARM error means. Details are asked before the outer code, because ARM wraps: `RetryableError` around
 * `ReferencedResourceNotProvisioned`, `OperationNotAllowed` around `TooManyRequests`.
 *
 * @param status - decides when no code is known; 200 for the document of a failed operation.
 */
export function diagnose(status: number, body: ArmErrorBody): Diagnosis {
  const everything = [body.message, ...body.details.map(({ message }) => message)].join(" ");
  for (const each of [...body.details, body]) {
    const row = rowOf(each, everything);
    if (row !== undefined) return { row, armCode: each.code };
  }
  const fallback = STATUS_TABLE.find(({ upTo }) => status <= upTo) ?? STATUS_TABLE.at(-1)!;
  return { row: fallback.row, armCode: body.code };
}

function rowOf({ code }: ArmErrorDetail, everything: string): ErrorRow | undefined {
  const wanted = code.toLowerCase();
  const named = ERROR_TABLE.filter(({ arm }) => arm.some((each) => each.toLowerCase() === wanted));
  return named.find(({ when }) => when?.test(everything)) ?? named.find(({ when }) => when === undefined);
}

/**
 * Whether an ARM answer says that the resource itself is not there. A 404 in any other words (an unknown subscription,
 * a proxy's page) is no evidence.
 */
export function saysAbsent(error: unknown): boolean {
  if (!(error instanceof ArmFailure) || error.fact.kind !== "response" || error.fact.status !== 404) return false;
  return ABSENT.has(error.fact.body.code.toLowerCase());
}

const ABSENT = new Set(["resourcenotfound", "notfound", "parentresourcenotfound", "resourcegroupnotfound"]);

/** Whether an answer closes the throttle gate: other 429s are about one resource and say nothing of the next request. */
export function saysThrottled(status: number, body: ArmErrorBody): boolean {
  return status === 429 && diagnose(status, body).row.class === "throttled";
}

/**
 * Turns anything caught in this room into the error that may leave it.
 *
 * @param doing - what was tried, as a phrase that names the resource: "writing load balancer kubernetes".
 */
export function toCloudError(error: unknown, doing: string): CloudError {
  if (!(error instanceof ArmFailure)) return CloudError.from(error, doing);
  const { fact } = error;
  switch (fact.kind) {
    case "response":
      return spell(error, doing, diagnose(fact.status, fact.body), fact.retryAfterMs);
    case "operation":
      return spell(error, doing, diagnose(200, fact.body), undefined);
    case "unanswered":
    case "unsent":
      return withoutAnswer(error, fact, doing);
  }
}

function spell(error: ArmFailure, doing: string, diagnosis: Diagnosis, retryAfterMs: number | undefined): CloudError {
  const { row, armCode } = diagnosis;
  const quoted = [armCode, error.message].filter((part) => part !== "").join(": ");
  const requestId = error.fact.kind === "response" ? error.fact.requestId : undefined;
  return new CloudError(row.code, `${doing}: ${row.says} (${quoted})`, {
    cause: error,
    cloudCode: armCode,
    advice: row.advice,
    summary: row.says,
    attempted: doing,
    quote: error.message,
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** No usable answer: what is said about it. */
interface Silence {
  readonly code: CloudErrorCode;
  readonly summary: string;
}

const SILENCE: Readonly<Record<Extract<ArmFact, { readonly kind: "unanswered" }>["why"], Silence>> = {
  deadline: { code: "Timeout", summary: "Azure did not answer in time" },
  transport: { code: "Unavailable", summary: "the connection to Azure broke" },
  body: { code: "Unavailable", summary: "Azure's answer could not be read" },
  operation: { code: "Unavailable", summary: "Azure accepted it, and how it ended cannot be found out" },
};

const SILENCE_ADVICE =
  "Nothing, unless it lasts: then check DNS, proxy and firewall between this controller and Azure, and https://status.azure.com.";

type WithoutAnswer = Extract<ArmFact, { readonly kind: "unanswered" | "unsent" }>;

function withoutAnswer(error: ArmFailure, fact: WithoutAnswer, doing: string): CloudError {
  const message = `${doing}: ${error.message}`;
  const common = { cause: error, attempted: doing };
  if (fact.kind === "unanswered") {
    const { code, summary } = SILENCE[fact.why];
    return new CloudError(code, message, { ...common, summary, cloudCode: fact.code, advice: SILENCE_ADVICE });
  }
  const { retryAfterMs } = fact;
  switch (fact.why) {
    case "token":
      return withoutToken(error, doing);
    case "gate":
      return new CloudError("Throttled", message, {
        ...common,
        summary: "Azure limits how many requests this subscription may send, and this one was held back",
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
    case "host":
      return new CloudError("Internal", message, { ...common, summary: error.message });
  }
}

/** The login service's own code, which is in its words only. */
const LOGIN_CODE = /\bAADSTS\d+\b/;

const NO_TOKEN: Pick<ErrorRow, "code" | "says" | "advice"> = {
  code: "Unauthenticated",
  says: "no token for Azure could be had",
  advice: "Check the identity in azure.json, and that the login service can be reached from here.",
};

function withoutToken(error: ArmFailure, doing: string): CloudError {
  const { message } = error;
  const cloudCode = loginCodeIn(message);
  const row = rowOf({ code: cloudCode ?? "", message, target: undefined }, message) ?? NO_TOKEN;
  const from = cloudCode === undefined ? -1 : message.indexOf(cloudCode);
  return new CloudError(row.code, `${doing}: ${message}`, {
    cause: error,
    attempted: doing,
    summary: row.says,
    advice: row.advice,
    ...(cloudCode !== undefined && { cloudCode }),
    ...(from >= 0 && { quote: message.slice(from) }),
  });
}

function loginCodeIn(message: string): string | undefined {
  return /identity not found/i.test(message) ? "ManagedIdentityNotFound" : LOGIN_CODE.exec(message)?.[0];
}

/**
 * What a failed PUT or DELETE means for the edits it carried; the `classify` of every port. Total: what is not known to
 * have changed nothing counts as lost.
 *
 * @param doing - as for {@link toCloudError}.
 */
export function classifyWriteFailure(caught: unknown, doing: string): WriteFailure {
  const error = toCloudError(caught, doing);
  // Our own checks refuse before anything is sent.
  if (caught instanceof CloudError) return { outcome: "refused", cause: "everyone", error };
  if (!(caught instanceof ArmFailure)) return { outcome: "lost", error };
  const { fact } = caught;
  switch (fact.kind) {
    case "operation":
      return { outcome: "broken", error };
    case "unanswered":
      return { outcome: "lost", error };
    case "unsent":
      return fact.why === "gate"
        ? { outcome: "refused", cause: "throttled", retryAfterMs: fact.retryAfterMs, error }
        : { outcome: "refused", cause: "everyone", error };
    case "response":
      return classifyResponse(fact, error);
  }
}

function classifyResponse(fact: Extract<ArmFact, { readonly kind: "response" }>, error: CloudError): WriteFailure {
  const { row } = diagnose(fact.status, fact.body);
  switch (row.class) {
    case "conflicted":
      return { outcome: "conflicted", error };
    case "unsure":
      return { outcome: "lost", error };
    case "busy":
    case "throttled":
      return { outcome: "refused", cause: row.class, retryAfterMs: fact.retryAfterMs, error };
    case "everyone":
      return { outcome: "refused", cause: "everyone", error };
    case "content":
      return { outcome: "refused", cause: "content", culprit: culpritOf(fact.body), error };
    case "unprovisioned": {
      const resourceId = unprovisionedResourceOf(fact.body);
      // A sentence we cannot read names nobody: then the whole resource waits.
      return resourceId === undefined
        ? { outcome: "refused", cause: "busy", retryAfterMs: fact.retryAfterMs, error }
        : { outcome: "refused", cause: "unprovisioned", resourceId, error };
    }
  }
}
