import { type FaultRow, gateway, network, type Refusal, refuse, rewritten } from "./fault-row.ts";
import { emptied, emptyPage, nearlyUsedUp, novel, recased, skewed, stale } from "./rewrites.ts";

const READ = { methods: ["GET"] };
const OPERATION = /\/locations\/[^/]+\/(?:operations|operationResults|DiskOperations)\//i;

const timedOut: Refusal = {
  status: 504,
  headers: { "x-ms-failure-cause": "service" },
  body: {
    error: {
      code: "GatewayTimeout",
      message: "The gateway did not receive a response from '{namespace}' within the specified time period.",
    },
  },
};

const edge: Refusal = {
  status: 502,
  headers: { "content-type": "text/html", "x-msedge-ref": "Ref A: 1 Ref B: 2 Ref C: {now}" },
  body: "<html><head><title>502</title></head><body><h2>Our services aren't available right now</h2></body></html>",
};

const notServed = gateway(503, "ServiceUnavailable", "The service is temporarily unavailable. Please try again later.");

/** F44 to F53, F64 to F68, F73 and F74, and faults of the transport that have no number: what happens to any answer. */
export const TRANSPORT_ROWS = {
  F44: refuse("gateway timeout", timedOut, { at: "committed" }),
  F45: { title: "connection reset after commit", at: "committed", effect: { kind: "cut", fate: "reset" } },
  F46: refuse("operation unknown", network(404, "OperationNotFound", "The operation '{name}' was not found."), {
    ...READ,
    path: OPERATION,
  }),
  F47: refuse("operation document without status", { status: 200, body: {} }, { ...READ, path: OPERATION }),
  F49: refuse(
    "404 although the operation succeeded",
    gateway(
      404,
      "ResourceNotFound",
      "The Resource '{namespace}/{types}/{name}' under resource group '{group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    ),
    READ,
  ),
  F50: rewritten("2xx without body", emptied),
  F51: rewritten("list from before", stale, READ),
  F52: rewritten("empty page with a next one", emptyPage, READ),
  F53: rewritten("resource group in upper case", recased),
  F64: { title: "connection reset", effect: { kind: "cut", fate: "reset" } },
  F65: refuse("HTML from the edge", edge),
  F66: {
    title: "answer cut short",
    at: "committed",
    effect: { kind: "spoil", spoiling: { kind: "truncated", bytes: 20 } },
  },
  F67: rewritten("server's clock an hour ahead", skewed),
  F68: refuse("region down", notServed, { path: /\/providers\/microsoft\./i }),
  F73: rewritten("members nobody knows", novel, READ),
  F74: rewritten("budget nearly used up", nearlyUsedUp),
  hang: { title: "no answer ever", effect: { kind: "cut", fate: "hang" } },
  slow: {
    title: "answer trickles",
    at: "committed",
    effect: { kind: "spoil", spoiling: { kind: "slow", bytes: 64, everyMs: 1000 } },
  },
  "half-open": {
    title: "connection dead after the answer, without a word",
    at: "committed",
    effect: { kind: "spoil", spoiling: { kind: "half-open" } },
  },
  "request-timeout": refuse("408", gateway(408, "RequestTimeout", "The request timed out.")),
  "internal-error": {
    title: "500",
    effect: {
      kind: "refuse",
      refusal: network(500, "InternalServerError", "An error occurred."),
      compute: {
        status: 500,
        body: {
          error: {
            code: "InternalExecutionError",
            message: "An internal execution error occurred. Please retry later.",
          },
        },
      },
    },
  },
  "server-timeout": refuse(
    "503 with Retry-After",
    gateway(503, "ServerTimeout", "The request timed out. Diagnostic information: timestamp '{now}'.", {
      retryAfterSeconds: 5,
    }),
  ),
} as const satisfies Readonly<Record<string, FaultRow>>;
