import { describe, expect, it } from "vitest";
import { retryAfterOf } from "../../../../src/azure/arm/retry-after.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

describe("Retry-After", () => {
  const cases: readonly [name: string, headers: Record<string, string>, ms: number | undefined][] = [
    ["is seconds", { "retry-after": "17" }, 17_000],
    ["may have a fraction", { "retry-after": "0.5" }, 500],
    ["F07 is an HTTP date", { "retry-after": "Thu, 01 Jan 2026 12:00:30 GMT" }, 30_000],
    [
      "F67 is an HTTP date of a server whose clock is an hour ahead",
      { "retry-after": "Thu, 01 Jan 2026 13:00:30 GMT", date: "Thu, 01 Jan 2026 13:00:00 GMT" },
      30_000,
    ],
    ["that is a date that has passed asks for nothing", { "retry-after": "Thu, 01 Jan 2026 11:00:00 GMT" }, undefined],
    ["that is the present asks for nothing", { "retry-after": "Thu, 01 Jan 2026 12:00:00 GMT" }, undefined],
    ["is at most an hour, the longest of Azure's windows", { "retry-after": "86400" }, 3_600_000],
    ["is at most an hour as a date, too", { "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }, 3_600_000],
    ["is at most an hour in milliseconds, too", { "retry-after-ms": "1e300" }, 3_600_000],
    ["yields to the one in milliseconds", { "retry-after": "9", "x-ms-retry-after-ms": "250" }, 250],
    ["of zero asks for nothing", { "retry-after": "0" }, undefined],
    ["INS 27: soon is no time", { "retry-after": "soon" }, undefined],
    ["below zero asks for nothing", { "retry-after": "-5" }, undefined],
    ["is absent", {}, undefined],
  ];
  for (const [name, headers, ms] of cases) {
    it(name, () => {
      expect(retryAfterOf({ get: (header) => headers[header] }, NOW)).toBe(ms);
    });
  }
});
