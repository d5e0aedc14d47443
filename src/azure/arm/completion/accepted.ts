import type { PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { ArmFailure } from "../failure.ts";
import type { SeenAnswer } from "../operations.ts";

/** The parts of an answer that tell about an operation. */
export function seen({ status, headers, bodyAsText }: PipelineResponse): SeenAnswer {
  return { status, header: (name) => headers.get(name), body: parsed(bodyAsText) };
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

type OperationBody = Extract<ArmFailure["fact"], { readonly kind: "operation" }>["body"];

/** The operation of an accepted write has failed or was cancelled, in ARM's words. */
export function failed(
  verdict: { readonly as: string; readonly body: OperationBody },
  write: PipelineRequest,
): ArmFailure {
  const words = [verdict.body.message, ...verdict.body.details.map(({ message }) => message)].filter(
    (each) => each !== "",
  );
  const message = words.length === 0 ? `the operation of ${describe(write)} ended as ${verdict.as}` : words.join(" ");
  return new ArmFailure({ kind: "operation", state: verdict.as, body: verdict.body }, message);
}

/** An accepted write whose end cannot be seen. */
export function lost(write: PipelineRequest, why: string, cause: unknown): ArmFailure {
  const message = `${describe(write)} was accepted, but its end is unknown: ${why}`;
  return new ArmFailure({ kind: "unanswered", why: "operation", code: "OperationLost" }, message, cause);
}

/** An accepted write that has not ended in time. */
export function overdue(write: PipelineRequest, patienceMs: number): ArmFailure {
  const message = `${describe(write)} was accepted, but has not ended after ${patienceMs / 1000} s`;
  return new ArmFailure({ kind: "unanswered", why: "deadline", code: "OperationDeadlineExceeded" }, message);
}

function describe({ method, url }: PipelineRequest): string {
  return `${method} ${new URL(url).pathname}`;
}
