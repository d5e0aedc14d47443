import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { describe, expect, it } from "vitest";
import { DEFAULT_PACE, Durations } from "../../../../../src/azure/arm/completion/poll-pace.ts";
import { Progress } from "../../../../../src/azure/arm/completion/progress.ts";
import { Pursuit } from "../../../../../src/azure/arm/completion/pursuit.ts";
import { ArmFailure } from "../../../../../src/azure/arm/failure.ts";
import type { PollTarget } from "../../../../../src/azure/arm/operations.ts";
import { VirtualClock } from "../../../../../src/base/virtual-clock.ts";

const ARM = "https://management.azure.com";
const RESOURCE = `${ARM}/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/ip`;
const OPERATION = `${ARM}/subscriptions/s/providers/Microsoft.Network/locations/here/operations/1`;

interface Scripted {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const ok = (status: string): Scripted => ({ status: 200, body: { status } });
const hiccup: Scripted = { status: 503 };
const absent = (code: string): Scripted => ({ status: 404, body: { error: { code, message: "" } } });

/** Follows a write through these answers; the last one is repeated. Tells what was asked, and when. */
async function follow(method: HttpMethods, answers: readonly Scripted[], mode: PollTarget["mode"] = "operation") {
  const clock = new VirtualClock("auto", 0);
  const asked: string[] = [];
  const next = (request: { readonly url: string }): Promise<PipelineResponse> => {
    const { status, body, headers = {} } = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push(`${request.url.slice(request.url.lastIndexOf("/") + 1)}@${clock.now()}`);
    const bodyAsText = body === undefined ? "" : JSON.stringify(body);
    const whole = createPipelineRequest({ url: request.url });
    return Promise.resolve({ request: whole, status, headers: createHttpHeaders(headers), bodyAsText });
  };
  const options = { pace: DEFAULT_PACE, patienceMs: 900_000, watchMs: 30_000, hiccups: 2 };
  const write = createPipelineRequest({ url: RESOURCE, method });
  const pursuit = new Pursuit(write, next, { clock, options, createRequest: createPipelineRequest });
  const durations = new Durations();
  const progress = new Progress("", { clock, pace: DEFAULT_PACE, durations });
  const end = await pursuit.toTheEnd({ mode, url: OPERATION }, progress, 100).catch((caught: unknown) => caught);
  clock.stop();
  const taken = durations.expectedMs("");
  return {
    asked,
    taken,
    lost: end instanceof ArmFailure && end.fact.kind === "unanswered" ? end.fact.code : undefined,
  };
}

describe("a pursuit", () => {
  it("lives through as many hiccups in a row as it may, again and again", async () => {
    const twice = [hiccup, hiccup];
    const { lost, asked } = await follow("PUT", [...twice, ok("InProgress"), ...twice, ok("Succeeded")]);
    expect(lost).toBeUndefined();
    expect(asked).toHaveLength(6);
  });

  it("is lost after one more", async () => {
    const { lost, asked } = await follow("PUT", [hiccup, hiccup, hiccup, ok("Succeeded")]);
    expect(lost).toBe("OperationLost");
    expect(asked).toHaveLength(3);
  });

  it("looks no sooner than a hiccup asks", async () => {
    const busy = { status: 429, headers: { "retry-after": "7" } };
    expect((await follow("PUT", [busy, ok("Succeeded")])).asked).toEqual(["1@100", "1@7100"]);
  });

  it("learns from an operation that fails how long it ran at least", async () => {
    const { asked, taken } = await follow("PUT", [...Array.from({ length: 4 }, () => ok("InProgress")), ok("Failed")]);
    expect(asked.at(-2)).toBe("1@1500");
    expect(taken).toBe(1_500);
  });

  it("goes where the place of the result has moved", async () => {
    const moved = { status: 202, headers: { location: OPERATION.replace(/1$/, "2") } };
    expect((await follow("DELETE", [moved, { status: 202 }, { status: 204 }], "location")).asked).toEqual([
      "1@100",
      "2@400",
      "2@1000",
    ]);
  });

  it("waits no longer than its patience, whatever it is asked, and looks once more then", async () => {
    const later = { ...ok("InProgress"), headers: { "retry-after": "3600" } };
    const { asked, lost } = await follow("PUT", [later]);
    expect(asked).toEqual(["1@100", "1@900000"]);
    expect(lost).toBe("OperationDeadlineExceeded");
  });

  for (const [code, lost] of [
    ["ResourceNotFound", undefined],
    ["SubscriptionNotFound", "OperationLost"],
  ] as const) {
    it(`of a DELETE whose operation is forgotten takes ${code} ${lost ? "for nothing" : "for its end"}`, async () => {
      const run = await follow("DELETE", [absent("OperationNotFound"), absent(code)]);
      expect(run.asked).toEqual(["1@100", "ip@100"]);
      expect(run.lost).toBe(lost);
    });
  }
});
