import { describe, expect, it } from "vitest";
import { type Logger, silentLogger } from "../../../src/base/logger.ts";
import { jsonLogger, type LogLevel } from "../../../src/base/pino-logger.ts";

/** What a logger writes, line by line. */
function recorded(level: LogLevel): { readonly log: Logger; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { log: jsonLogger(level, destination), lines };
}

describe("the log", () => {
  it("is JSON with level, time, message and fields", () => {
    const { log, lines } = recorded("info");
    log.info("applied", { service: "shop/web", puts: 2 });
    expect(lines).toEqual([
      { level: "info", time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), service: "shop/web", puts: 2, msg: "applied" },
    ]);
  });

  it("drops what is below its level", () => {
    const { log, lines } = recorded("warn");
    for (const level of ["debug", "info", "warn", "error"] as const) log[level]("x");
    expect(lines.map(({ level }) => level)).toEqual(["warn", "error"]);
  });

  it("repeats a child's fields", () => {
    const { log, lines } = recorded("info");
    log.child({ service: "shop/web" }).child({ pass: 3 }).info("done", { ms: 4 });
    expect(lines[0]).toMatchObject({ service: "shop/web", pass: 3, ms: 4 });
  });

  it("writes an error as its message", () => {
    const { log, lines } = recorded("info");
    log.error("failed", { error: new Error("no route") });
    expect(lines[0]).toMatchObject({ error: "no route" });
  });

  const secrets = ["aadClientSecret", "clientSecret", "password", "token", "authorization", "access_token"];
  for (const name of secrets) {
    it(`never shows ${name}, also deeper down and in a child`, () => {
      const { log, lines } = recorded("debug");
      log.info("a", { [name]: "s3cret" });
      log.info("b", { config: { [name]: "s3cret" } });
      log.info("c", { a: { b: { [name]: "s3cret" } } });
      log.child({ [name]: "s3cret" }).info("d");
      expect(JSON.stringify(lines)).not.toContain("s3cret");
      expect(lines).toHaveLength(4);
    });
  }

  it("may be silent", () => {
    const { log, lines } = recorded("silent");
    log.error("x");
    silentLogger.child({ a: 1 }).error("x");
    expect(lines).toEqual([]);
  });
});
