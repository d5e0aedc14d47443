import { describe, expect, it } from "vitest";
import { CloudError } from "../../../../src/cloudprovider/index.ts";
import { ServiceJournal } from "../../../../src/controller/service/index.ts";

const busy = (requestId: string): CloudError =>
  new CloudError("Conflict", "busy", { cloudCode: "Busy", attempted: "writing lb", requestId });

describe("what the controller remembers of a Service", () => {
  it("is nothing before its first pass has ended", () => {
    expect(new ServiceJournal().of("shop/web")).toBeUndefined();
  });

  it("is its failure, counted while it is the same one", () => {
    const journal = new ServiceJournal();
    journal.failed("shop/web", { error: busy("1"), next: { afterMs: 5000 }, nowMs: 0 });
    journal.failed("shop/web", { error: busy("2"), next: { afterMs: 10_000 }, nowMs: 5000 });
    expect(journal.of("shop/web")).toEqual({
      failure: {
        code: "Conflict/Busy",
        summary: "busy",
        attempted: "writing lb",
        advice: expect.stringContaining("Nothing"),
        requestId: "2",
        firstAt: "1970-01-01T00:00:00.000Z",
        lastAt: "1970-01-01T00:00:05.000Z",
        times: 2,
        nextTryAt: "1970-01-01T00:00:15.000Z",
      },
    });
    const refused = new CloudError("InvalidArgument", "no");
    journal.failed("shop/web", { error: refused, next: "object-change", nowMs: 6000 });
    const { failure } = journal.of("shop/web") ?? {};
    expect([failure?.times, failure?.nextTryAt]).toEqual([1, undefined]);
  });

  it("is when it last succeeded, and the failure is over", () => {
    const journal = new ServiceJournal();
    journal.failed("shop/web", { error: busy("1"), next: { afterMs: 0 }, nowMs: 0 });
    journal.succeeded("shop/web", 1000);
    expect(journal.of("shop/web")).toEqual({ succeededAt: "1970-01-01T00:00:01.000Z" });
    journal.failed("shop/web", { error: busy("1"), next: { afterMs: 0 }, nowMs: 2000 });
    expect(journal.of("shop/web")).toMatchObject({ succeededAt: "1970-01-01T00:00:01.000Z", failure: { times: 1 } });
  });

  it("is nothing of a former Service with its name", () => {
    const journal = new ServiceJournal();
    journal.succeeded("shop/web", 0);
    journal.forget("shop/web");
    expect(journal.of("shop/web")).toBeUndefined();
  });

  it("is bounded: who was worked on longest ago is forgotten first", () => {
    const journal = new ServiceJournal();
    for (let each = 0; each <= 10_000; each++) journal.succeeded(`shop/${each}`, 0);
    expect(journal.of("shop/0")).toBeUndefined();
    expect(journal.of("shop/1")).toBeDefined();
  });
});
