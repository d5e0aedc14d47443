import { compute, type FaultRow, gateway, network, type Refusal, refuse, WRITES } from "./fault-row.ts";

const READS = ["GET", "HEAD"];
const COMPUTE = /\/providers\/microsoft\.compute\//i;

function subscriptionThrottled(kind: string, retryAfterSeconds: number): Refusal {
  const message = `Number of '${kind}' requests for subscription '{subscription}' actor '{tenant}' exceeded. Please try again after '{retryAfter}' seconds.`;
  const headers = { [`x-ms-ratelimit-remaining-subscription-${kind}s`]: "0" };
  return gateway(429, "SubscriptionRequestsThrottled", message, { retryAfterSeconds, headers });
}

function computeThrottled(group: string, retryAfterSeconds: number): Refusal {
  const measured = JSON.stringify({
    operationGroup: group,
    startTime: "{earlier}",
    endTime: "{now}",
    allowedRequestCount: 800,
    measuredRequestCount: 1238,
  });
  const message = "The server rejected the request because too many requests have been received for this subscription.";
  return compute(429, "OperationNotAllowed", message, {
    extra: { details: [{ code: "TooManyRequests", target: group, message: measured }] },
    retryAfterSeconds,
    headers: { "x-ms-ratelimit-remaining-resource": `Microsoft.Compute/${group};0` },
  });
}

const tooManyCalls = network(429, "RetryableError", "A retryable error occurred.", {
  details: [
    {
      code: "RetryableErrorDueToTooManyCalls",
      message:
        "Subscription {subscription} was used to perform too many calls within last 5 minutes. The number of calls exceeds Microsoft.Network throttling limit. The call can be retried in {retryAfter} seconds.",
    },
  ],
  retryAfterSeconds: 39,
});

const plain429: Refusal = gateway(
  429,
  "TooManyRequests",
  "The request for subscription '{subscription}' could not be processed due to an excessive volume of traffic. Please try again later.",
);

/** F01 to F07: too many requests, as each layer says it. */
export const THROTTLING_ROWS = {
  F01: refuse("read throttled by ARM", subscriptionThrottled("read", 10), { methods: READS }),
  F02: refuse("write throttled by ARM", subscriptionThrottled("write", 10), { methods: WRITES }),
  F03: refuse("throttled by the network provider", tooManyCalls),
  F04: refuse("list throttled by the compute provider", computeThrottled("HighCostGet30Min", 1200), {
    methods: READS,
    path: COMPUTE,
  }),
  F05: refuse("writes of one machine used up", computeThrottled("UpdateVMResource", 15), {
    methods: WRITES,
    path: COMPUTE,
  }),
  F06: refuse("429 without Retry-After", plain429),
  F07: refuse("429 with a date in Retry-After", { ...plain429, retryAfterSeconds: 30, asDate: true }),
} as const satisfies Readonly<Record<string, FaultRow>>;
