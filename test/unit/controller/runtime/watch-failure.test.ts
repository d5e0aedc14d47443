import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { apiErrorFrom } from "../../../../src/controller/runtime/api-error.ts";
import {
  afterListFailure,
  afterWatchFailure,
  type NextStep,
} from "../../../../src/controller/runtime/watch-failure.ts";

const expired = apiErrorFrom(410, { reason: "Expired" });
const ahead = apiErrorFrom(504, { reason: "Timeout", details: { causes: [{ reason: "ResourceVersionTooLarge" }] } });
const busy = apiErrorFrom(429, { reason: "TooManyRequests" }, 7);

describe("after a watch has failed", () => {
  const cases: readonly { name: string; error: unknown; listedAgoMs?: number; step: NextStep }[] = [
    {
      name: "an old version is listed at once",
      error: expired,
      step: { next: "list", forgetVersion: false, wait: "none" },
    },
    {
      name: "a version just listed that is too old already is waited for",
      error: expired,
      listedAgoMs: 4000,
      step: { next: "list", forgetVersion: false, wait: "backoff" },
    },
    {
      name: "a version that the server has not reached is forgotten",
      error: ahead,
      step: { next: "list", forgetVersion: true, wait: "backoff" },
    },
    {
      name: "a busy server is watched on when it says",
      error: busy,
      step: { next: "watch", forgetVersion: false, wait: { ms: 7000 } },
    },
    {
      name: "a server in trouble is watched on",
      error: apiErrorFrom(503, "no"),
      step: { next: "watch", forgetVersion: false, wait: "backoff" },
    },
    {
      name: "a broken connection is taken up",
      error: apiErrorFrom(0, "reset"),
      step: { next: "watch", forgetVersion: false, wait: "backoff" },
    },
    {
      name: "what is not allowed to be watched is listed, which tells whether it may be seen at all",
      error: apiErrorFrom(403, { reason: "Forbidden" }),
      step: { next: "list", forgetVersion: false, wait: "backoff" },
    },
  ];
  for (const { name, error, listedAgoMs = 60_000, step } of cases) {
    it(name, () => assert.deepEqual(afterWatchFailure(error, listedAgoMs), step));
  }
});

describe("after a list has failed", () => {
  it("an old version is forgotten at once", () => {
    assert.deepEqual(afterListFailure(expired, true), { next: "list", forgetVersion: true, wait: "none" });
  });
  it("a list that named no version and is too old all the same is waited for", () => {
    assert.deepEqual(afterListFailure(expired, false), { next: "list", forgetVersion: true, wait: "backoff" });
  });
  it("a busy server is asked when it says", () => {
    assert.deepEqual(afterListFailure(busy, true), { next: "list", forgetVersion: false, wait: { ms: 7000 } });
  });
});
