import { type ArmErrorBody, readErrorBody } from "./failure.ts";

/** Where the progress of an accepted write is read: its operation, the place of its result, or the resource itself. */
export interface PollTarget {
  readonly mode: "operation" | "location" | "resource";
  readonly url: string;
}

/** What matters of an answer: its body is parsed JSON, or undefined. */
export interface SeenAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: unknown;
}

/** What one look at an operation says. `unclear`: it says nothing about our write, and another look would not either. */
export type OperationVerdict =
  | { readonly state: "running" | "succeeded" | "unclear" }
  | { readonly state: "failed"; readonly as: string; readonly body: ArmErrorBody };

/**
 * Where to follow a write that was answered with success; undefined when it has ended already.
 *
 * A balancer's PUT says `Succeeded` in its body and still has an operation: the header decides, not the body.
 */
export function pollTargetOf(method: string, url: string, answer: SeenAnswer): PollTarget | undefined {
  const operation = answer.header("operation-location") ?? answer.header("azure-asyncoperation");
  if (operation !== undefined) return { mode: "operation", url: operation };
  const location = answer.header("location");
  if (location !== undefined && answer.status === 202) return { mode: "location", url: location };
  const writes = method === "PUT" || method === "PATCH";
  const state = wireState(answer.body);
  return writes && state !== undefined && state !== "succeeded" ? { mode: "resource", url } : undefined;
}

/** Reads one answer to a poll. */
export function judgeOperation({ mode }: PollTarget, answer: SeenAnswer): OperationVerdict {
  switch (mode) {
    case "operation":
      return judgeDocument(answer);
    case "location":
      return judgeLocation(answer);
    case "resource":
      return judgeResource(answer);
  }
}

function judgeDocument({ status, body }: SeenAnswer): OperationVerdict {
  if (status >= 300) return { state: "unclear" };
  const state = textField(body, "status");
  if (state === undefined) return { state: status === 202 ? "running" : "unclear" };
  return judgeState(state, body);
}

// The place of the result answers 202 until there is one, and with the error of the write if it failed.
function judgeLocation({ status, body }: SeenAnswer): OperationVerdict {
  if (status === 202) return { state: "running" };
  if (status < 300) return { state: "succeeded" };
  if (status === 404) return { state: "unclear" };
  return { state: "failed", as: "Failed", body: readErrorBody(body, "") };
}

function judgeResource({ status, body }: SeenAnswer): OperationVerdict {
  if (status >= 300) return { state: "unclear" };
  const state = wireState(body);
  return state === undefined ? { state: "succeeded" } : judgeState(state, undefined);
}

function judgeState(state: string, body: unknown): OperationVerdict {
  switch (state.toLowerCase()) {
    case "succeeded":
    case "completed":
      return { state: "succeeded" };
    case "failed":
    case "canceled":
    case "cancelled":
      return { state: "failed", as: state, body: readErrorBody(errorIn(body), state) };
    default:
      return { state: "running" };
  }
}

/** `properties.provisioningState` of a resource on the wire, lower case. */
function wireState(body: unknown): string | undefined {
  const state = textField(field(body, "properties"), "provisioningState") ?? textField(body, "provisioningState");
  return state?.toLowerCase();
}

/** Whether a resource on the wire says that its last write is done. */
export function saysSucceeded(body: unknown): boolean {
  return wireState(body) === "succeeded";
}

function errorIn(document: unknown): unknown {
  return field(document, "error");
}

function textField(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
