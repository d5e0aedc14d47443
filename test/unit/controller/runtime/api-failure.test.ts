import { describe, expect, it } from "vitest";
import { ApiError } from "../../../../src/controller/runtime/api-error.ts";
import { apiFailure } from "../../../../src/controller/runtime/api-failure.ts";

describe("what the API server refuses", () => {
  for (const [status, code] of [
    [0, "Unavailable"],
    [401, "Unauthenticated"],
    [403, "PermissionDenied"],
    [404, "NotFound"],
    [409, "Conflict"],
    [422, "InvalidArgument"],
    [429, "Throttled"],
    [503, "Unavailable"],
    [418, "Internal"],
  ] as const) {
    it(`${status} is ${code}, and tried again`, () => {
      const failure = apiFailure(new ApiError(status, "no", { retryAfterMs: 1000 }), "writing the status");
      expect(failure).toMatchObject({ code, message: "writing the status: no", retry: "backoff" });
      if (code !== "Internal") expect([failure.advice?.endsWith("."), failure.retryAfterMs]).toEqual([true, 1000]);
    });
  }

  it("leaves every other error to the contract", () => {
    expect(apiFailure(new Error("boom"), "writing")).toMatchObject({ code: "Internal", message: "writing: boom" });
  });
});
