import { describe, expect, it } from "vitest";
import { ADVICE, CloudError, type CloudErrorCode, RETRY_ADVICE } from "../../../src/cloudprovider/errors.ts";
import { failureSeries, failureText, nextText, plainText } from "../../../src/cloudprovider/rules/index.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

function quota(more: { quote?: string; requestId?: string } = {}): CloudError {
  return new CloudError("QuotaExceeded", "writing pip: no more (Limit: no)", {
    cloudCode: "Limit",
    summary: "there may be no more",
    attempted: "writing pip",
    advice: "Ask for more.",
    ...more,
  });
}

describe("a failure for people", () => {
  it("says what happened with its code, what was tried, what to do, when it is tried again, what the cloud said", () => {
    const error = quota({ quote: "Cannot create more than 10.", requestId: "r-1" }).within("failed to ensure");
    expect(failureText(error, { afterMs: 5000 }, NOW)).toBe(
      'failed to ensure: there may be no more [QuotaExceeded/Limit]. Tried: writing pip. Ask for more. Next try in 5 s, at 03:04:10Z. Request r-1. The cloud says: "Cannot create more than 10".',
    );
  });

  it("is the message where there is nothing else, and has advice for every code", () => {
    for (const code of Object.keys(RETRY_ADVICE) as CloudErrorCode[]) {
      const text = failureText(new CloudError(code, "it is so."), undefined, NOW);
      expect(text).toBe(`it is so [${code}]. ${ADVICE[code]}`);
    }
  });

  it("fits into an event, whatever the cloud says", () => {
    const text = failureText(quota({ quote: "x ".repeat(5000) }), { afterMs: 0 }, NOW);
    expect(text.length).toBeLessThanOrEqual(900);
    expect(text).toMatch(/Next try at once\. The cloud says: ".*…"\.$/);
  });

  for (const [name, raw, plain] of [
    ["HTML", "<html><head><style>p{}</style></head><h2>Not now</h2>\n</html>", "Not now"],
    ["a stack trace", "boom\n    at run (file.ts:1:2)\n    at next", "boom"],
    ["JSON", 'too many {"group":"High",\n"n":1}', "too many"],
    ["lines", " a\n\n b ", "a b"],
  ] as const) {
    it(`is free of ${name}`, () => expect(plainText(raw)).toBe(plain));
  }

  it("is the same failure when only what differs each time differs", () => {
    expect(failureSeries(quota({ requestId: "1", quote: "at 10:00" }))).toBe(failureSeries(quota({ requestId: "2" })));
    expect(failureSeries(quota())).not.toBe(failureSeries(quota().within("deleting")));
    expect(failureSeries(new CloudError("InvalidArgument", "a"))).not.toBe(
      failureSeries(new CloudError("InvalidArgument", "b")),
    );
  });

  it("names the next try", () => {
    expect(nextText("object-change", NOW)).toBe("Next try when the object changes.");
    expect(nextText({ afterMs: 250 }, NOW)).toBe("Next try in 0.3 s, at 03:04:05Z.");
    expect(nextText({ afterMs: 90_000 }, NOW)).toBe("Next try in 90 s, at 03:05:35Z.");
  });
});

describe("a page in place of a sentence", () => {
  it("is read no further than needed, however long it is", () => {
    expect(plainText(`busy ${"<a".repeat(100_000)}`).length).toBeLessThanOrEqual(8_000);
  });

  it("leaves nothing of a script whose end is too far away", () => {
    expect(plainText(`<html>busy<script>let a = 1; ${"x".repeat(10_000)}</script></html>`)).toBe("busy");
  });
});
