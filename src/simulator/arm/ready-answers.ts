import type { Answer } from "../http/exchange.ts";
import { ArmError } from "./arm-error.ts";

/** ARM's usual refusals, for scripted faults. */
export const readyAnswers = {
  /** 429 of the front door. @param retryAfterSeconds - sent as `Retry-After`; none when absent. */
  throttled(retryAfterSeconds?: number): Answer {
    const message = "Number of requests for subscription exceeded the limit. Please try again after some time.";
    return answer(429, "SubscriptionRequestsThrottled", message, retryAfterSeconds);
  },

  /** The network provider is busy with the same or a dependent resource. */
  anotherOperationInProgress(retryAfterSeconds?: number): Answer {
    const message = "Another operation on this or dependent resource is in progress.";
    return answer(409, "AnotherOperationInProgress", message, retryAfterSeconds);
  },

  /** The etag did not match. */
  preconditionFailed(): Answer {
    return answer(412, "PreconditionFailed", "Precondition failed.");
  },

  /** The network provider broke. */
  internalServerError(): Answer {
    return answer(500, "InternalServerError", "An error occurred.");
  },

  /** The front door waited too long for the provider; the write may have been applied. */
  gatewayTimeout(): Answer {
    const text = "The gateway did not receive a response from 'Microsoft.Network' within the specified time period.";
    return answer(504, "GatewayTimeout", text);
  },

  /** 429 that names a referenced resource which is not in state Succeeded. */
  referencedResourceNotProvisioned(resourceId: string, usedById: string): Answer {
    return notProvisioned({
      resourceId,
      usedById,
      state: "Updating",
      operation: "PutPublicIpAddressOperation",
    }).toAnswer();
  },
};

/** What {@link notProvisioned} says. */
export interface NotProvisioned {
  readonly resourceId: string;
  readonly usedById: string;
  readonly state: string;
  readonly operation: string;
}

/** A write that refers to a resource which is being written, or whose last write failed. */
export function notProvisioned({ resourceId, usedById, state, operation }: NotProvisioned): ArmError {
  const message = `Cannot proceed with operation because resource ${resourceId} used by resource ${usedById} is not in Succeeded state. Resource is in ${state} state and the last operation that updated/is updating the resource is ${operation}.`;
  const details = [{ code: "ReferencedResourceNotProvisioned", message }];
  return new ArmError(429, "RetryableError", "A retryable error occurred.", { details });
}

function answer(status: number, code: string, message: string, retryAfterSeconds?: number): Answer {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return new ArmError(status, code, message, { details: [], headers }).toAnswer();
}
