import { ArmError } from "../arm-error.ts";
import type { Allowance } from "./allowance.ts";
import { armClass } from "./classes.ts";
import type { DrawFrom } from "./draws.ts";

/** A request that is one too many. */
export interface OneTooMany {
  readonly draw: DrawFrom;
  readonly allowance: Allowance;
  readonly method: string;
  readonly subscription: string;
  /** Object id of the caller. */
  readonly actor: string;
  /** Until the next one is allowed, whole seconds, 1 or more. */
  readonly retryAfterSeconds: number;
  readonly nowMs: number;
  /** How many were asked for since the window began. */
  readonly measured: number;
}

/** The 429 of the layer whose budget is used up. */
export function throttledError(excess: OneTooMany): ArmError {
  const { budget } = excess.draw;
  if (budget.startsWith("arm")) return byArm(excess);
  if (budget.startsWith("network")) return byNetwork(excess);
  return budget.startsWith("storage") ? byStorage(excess) : byCompute(excess);
}

const OPERATIONS = { reads: "read", writes: "write", deletes: "delete" } as const;

function byArm({ method, subscription, actor, retryAfterSeconds, draw }: OneTooMany): ArmError {
  const kind = armClass(method);
  const retry = { "retry-after": String(retryAfterSeconds) };
  const names = draw.budget.includes("global") ? `global-${kind}` : kind;
  const headers = { ...retry, [`x-ms-ratelimit-remaining-subscription-${names}`]: "0" };
  if (draw.budget.includes("global")) {
    const message = `The request for subscription '${subscription}' could not be processed due to an excessive volume of traffic. Please try again later.`;
    return new ArmError(429, "TooManyRequests", message, { author: "gateway", headers });
  }
  const message = `Number of '${OPERATIONS[kind]}' requests for subscription '${subscription}' actor '${actor}' exceeded. Please try again after '${retryAfterSeconds}' seconds.`;
  return new ArmError(429, "SubscriptionRequestsThrottled", message, { author: "gateway", headers });
}

function byNetwork({ subscription, retryAfterSeconds }: OneTooMany): ArmError {
  const message = `Subscription ${subscription} was used to perform too many calls within last 5 minutes. The number of calls exceeds Microsoft.Network throttling limit. The call can be retried in ${retryAfterSeconds} seconds.`;
  return new ArmError(429, "RetryableError", "A retryable error occurred.", {
    details: [{ code: "RetryableErrorDueToTooManyCalls", message }],
    headers: { "retry-after": String(retryAfterSeconds) },
  });
}

function byStorage({ draw, retryAfterSeconds }: OneTooMany): ArmError {
  const kind = draw.budget.slice("storage.".length);
  const message = `The request is being throttled as the limit has been reached for operation type - ${kind}. For more information, see - https://aka.ms/srpthrottlinglimits`;
  return new ArmError(429, "TooManyRequests", message, { headers: { "retry-after": String(retryAfterSeconds) } });
}

/** The message of the detail is JSON in a text. */
function byCompute({ draw, allowance, retryAfterSeconds, nowMs, measured }: OneTooMany): ArmError {
  const spanMs = allowance.kind === "window" ? allowance.windowMs : (allowance.size / allowance.perSecond) * 1000;
  const endMs = nowMs + retryAfterSeconds * 1000;
  const detail = JSON.stringify({
    operationGroup: draw.budget,
    startTime: precise(endMs - spanMs),
    endTime: precise(endMs),
    allowedRequestCount: allowance.size,
    measuredRequestCount: measured,
  });
  const message = "The server rejected the request because too many requests have been received for this subscription.";
  return new ArmError(429, "OperationNotAllowed", message, {
    details: [{ code: "TooManyRequests", target: draw.budget, message: detail }],
    headers: {
      "retry-after": String(retryAfterSeconds),
      "x-ms-ratelimit-remaining-resource": `Microsoft.Compute/${draw.budget};0`,
    },
  });
}

function precise(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "0000+00:00");
}
