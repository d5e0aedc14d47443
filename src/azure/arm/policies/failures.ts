import type { PipelinePolicy, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import type { Clock } from "../../../base/clock.ts";
import type { CallScope } from "../call-scope.ts";
import { ArmFailure, readErrorBody } from "../failure.ts";
import { retryAfterOf } from "../retry-after.ts";

/**
 * Turns every answer that is no success, and every body that cannot be trusted, into an {@link ArmFailure} with all that
 * ARM said. The SDK would lose details of long-running calls, and read an empty body as an empty resource. Bodies that
 * pass are noted in the call, as they came over the wire.
 */
export function failures(clock: Clock, scope: CallScope): PipelinePolicy {
  return {
    name: "failures",
    async sendRequest(request, next) {
      let response: PipelineResponse;
      try {
        response = await next(request);
      } catch (caught) {
        throw asUnanswered(caught, request);
      }
      if (response.status >= 300) throw refusal(response, request, clock.now());
      const body = jsonObject(response.bodyAsText);
      if (body !== undefined) scope.current?.bodies.push(body);
      else if (request.method === "GET" || request.method === "PUT") throw unreadable(response, request);
      return response;
    },
  };
}

/** The failure of an answer that ARM gave. */
export function refusal(response: PipelineResponse, request: PipelineRequest, nowMs: number): ArmFailure {
  const { status, headers } = response;
  const header = headers.get("x-ms-error-code");
  const body = readErrorBody(response.bodyAsText ?? "", header ?? "");
  const words = [body.message, ...body.details.map(({ message }) => message)].filter((each) => each !== "");
  const said = [...new Set(words)].join(" ");
  const message = said === "" ? `status ${status} on ${request.method} ${new URL(request.url).pathname}` : said;
  return new ArmFailure(
    {
      kind: "response",
      status,
      body,
      retryAfterMs: retryAfterOf(headers, nowMs),
      gateway: headers.get("x-ms-failure-cause")?.toLowerCase() === "gateway",
      requestId: headers.get("x-ms-request-id"),
    },
    message,
  );
}

/** An error of the transport as an {@link ArmFailure}; failures of ours and aborts of the caller pass untouched. */
export function asUnanswered(caught: unknown, request: PipelineRequest): unknown {
  if (caught instanceof ArmFailure || request.abortSignal?.aborted === true) return caught;
  const { name, code, message } = caught as { name?: unknown; code?: unknown; message?: unknown };
  if (name !== "RestError" && typeof code !== "string") return caught;
  const broken = code === "PARSE_ERROR";
  const where = `${request.method} ${new URL(request.url).origin}`;
  const text = `${broken ? "unreadable answer to" : "no answer to"} ${where}: ${String(message)}`;
  // Not as its cause: the SDK's error holds the request, and with it the token.
  return new ArmFailure(
    { kind: "unanswered", why: broken ? "body" : "transport", code: typeof code === "string" ? code : "" },
    text,
  );
}

function unreadable({ bodyAsText }: PipelineResponse, { method, url }: PipelineRequest): ArmFailure {
  const what = bodyAsText ? "something that is not JSON" : "an empty body";
  const message = `${method} ${new URL(url).pathname} was answered with ${what}`;
  return new ArmFailure({ kind: "unanswered", why: "body", code: "UnreadableAnswer" }, message);
}

function jsonObject(text: string | null | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
