import { describe, expect, it } from "vitest";
import { DEFAULT_PATIENCE, type Setback } from "../../../../../src/azure/arm/queue/options.ts";
import { passing, pauseMs, spent } from "../../../../../src/azure/arm/queue/pace.ts";
import { CloudError } from "../../../../../src/cloudprovider/errors.ts";

const patience = { ...DEFAULT_PATIENCE, pauseMs: 1000, longestPauseMs: 10_000 };
const error = new CloudError("Unavailable", "no");

describe("pause before the next try", () => {
  const cases: readonly { because: Setback; told?: number; inARow: number; draw: number; want: number }[] = [
    { because: "conflicted", inARow: 1, draw: 1, want: 0 },
    { because: "conflicted", inARow: 2, draw: 0, want: 500 },
    { because: "conflicted", inARow: 2, draw: 1, want: 1000 },
    { because: "conflicted", inARow: 3, draw: 1, want: 2000 },
    { because: "lost", inARow: 1, draw: 1, want: 0 },
    { because: "broken", inARow: 1, draw: 1, want: 0 },
    { because: "busy", inARow: 1, draw: 1, want: 1000 },
    { because: "busy", told: 12_000, inARow: 1, draw: 0, want: 12_000 },
    { because: "throttled", told: 0, inARow: 5, draw: 1, want: 0 },
    { because: "throttled", inARow: 99, draw: 1, want: 10_000 },
    { because: "unread", inARow: 2, draw: 0.5, want: 1500 },
  ];
  for (const { because, told, inARow, draw, want } of cases) {
    it(`${because}, ${inARow} in a row, told ${told ?? "nothing"}, draw ${draw}: ${want} ms`, () => {
      expect(pauseMs({ because, error, retryAfterMs: told }, inARow, draw, patience)).toBe(want);
    });
  }
});

describe("failures before a write", () => {
  it("pass when ARM is busy or away, and else not", () => {
    expect(passing(new CloudError("Throttled", "", { retryAfterMs: 5 }))).toMatchObject({
      because: "throttled",
      retryAfterMs: 5,
    });
    expect(passing(new CloudError("Timeout", ""))?.because).toBe("unread");
    expect(passing(new CloudError("Unavailable", ""))?.because).toBe("unread");
    expect(passing(new CloudError("PermissionDenied", ""))).toBeUndefined();
  });
});

describe("the end of patience", () => {
  it("is a Conflict after conflicts, with the last refusal as its cause, and else the last error", () => {
    const conflict = spent({ because: "conflicted", error });
    expect([conflict.code, conflict.cause]).toEqual(["Conflict", error]);
    expect(spent({ because: "lost", error })).toBe(error);
  });
});
