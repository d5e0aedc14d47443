import type { ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { Clock } from "../../base/clock.ts";
import type { Answer, Spoiling } from "./exchange.ts";

/** What sending needs besides the answer. */
export interface Sending {
  readonly clock: Clock;
  /** Ends a slow answer. */
  readonly signal: AbortSignal;
  readonly spoiling: Spoiling | undefined;
}

/** Sends an answer, whole or as the connection spoils it. Resolves when it has left. */
export async function sendAnswer(answer: Answer, response: ServerResponse, sending: Sending): Promise<void> {
  const { body, stream } = answer;
  setHead(answer, response);
  if (stream !== undefined) {
    await stream(response);
    return;
  }
  const text = typeof body === "object" ? JSON.stringify(body) : (body ?? "");
  if (answer.status !== 204) response.setHeader("content-length", Buffer.byteLength(text)); // RFC 9110: a 204 has none
  const { spoiling } = sending;
  if (spoiling?.kind === "truncated") {
    const whole = Buffer.from(text);
    await sendPart(whole.subarray(0, Math.min(spoiling.bytes, Math.floor(whole.length / 2))), response);
    return;
  }
  if (spoiling?.kind === "slow") await trickle(Buffer.from(text), response, { ...sending, spoiling });
  else response.end(text);
  await finished(response);
}

function setHead({ status, headers = {}, body, stream }: Answer, response: ServerResponse): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (stream === undefined && typeof body === "object" && !response.hasHeader("content-type")) {
    response.setHeader("content-type", "application/json; charset=utf-8");
  }
}

async function sendPart(part: Buffer, response: ServerResponse): Promise<void> {
  response.flushHeaders();
  await new Promise<void>((resolve) => response.write(part, () => resolve()));
  response.socket?.destroySoon();
}

interface Trickle extends Sending {
  readonly spoiling: Extract<Spoiling, { readonly kind: "slow" }>;
}

async function trickle(whole: Buffer, response: ServerResponse, { clock, signal, spoiling }: Trickle): Promise<void> {
  const step = Math.max(1, spoiling.bytes);
  response.flushHeaders();
  for (let start = 0; start < whole.length; start += step) {
    await clock.parked(clock.sleep(spoiling.everyMs, signal));
    response.write(whole.subarray(start, start + step));
  }
  response.end();
}
