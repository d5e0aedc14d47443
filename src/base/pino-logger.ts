import { type DestinationStream, pino } from "pino";
import type { LogFields, Logger } from "./logger.ts";

/** Lines below this level are dropped. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** Field names whose values never reach a log line, at any depth up to three. */
const SECRET_FIELDS = ["aadClientSecret", "clientSecret", "password", "token", "authorization", "access_token"];

/**
 * A logger that writes JSON lines with an ISO time stamp; secrets are replaced by `[redacted]`.
 *
 * @param destination - anything with `write(line)`; standard error when absent, so that standard output stays free for results.
 */
export function jsonLogger(level: LogLevel, destination: DestinationStream = pino.destination(2)): Logger {
  const paths = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths, censor: "[redacted]" },
  };
  return adapt(pino(options, destination));
}

function adapt(target: pino.Logger): Logger {
  return {
    debug: (message, fields = {}) => target.debug(errorsAsText(fields), message),
    info: (message, fields = {}) => target.info(errorsAsText(fields), message),
    warn: (message, fields = {}) => target.warn(errorsAsText(fields), message),
    error: (message, fields = {}) => target.error(errorsAsText(fields), message),
    child: (fields) => adapt(target.child(errorsAsText(fields))),
  };
}

function errorsAsText(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value]),
  );
}
