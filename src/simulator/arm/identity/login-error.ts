import type { Answer } from "../../http/exchange.ts";

/** A refusal by the login service. */
export class LoginError extends Error {
  override readonly name = "LoginError";
  readonly status: number;
  /** OAuth error: `invalid_client`. */
  readonly error: string;
  /** The number after `AADSTS`. */
  readonly number: number;

  constructor(status: number, error: string, number: number, message: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.number = number;
  }

  /** @param trace - a guid for the error's ids. */
  toAnswer(nowMs: number, trace: string, origin: string): Answer {
    const timestamp = `${new Date(nowMs).toISOString().slice(0, 19).replace("T", " ")}Z`;
    const ids = `Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`;
    const body = {
      error: this.error,
      error_description: `AADSTS${this.number}: ${this.message} ${ids}`,
      error_codes: [this.number],
      timestamp,
      trace_id: trace,
      correlation_id: trace,
      error_uri: `${origin}/error?code=${this.number}`,
    };
    return { status: this.status, headers: { "cache-control": "no-store, no-cache" }, body, confidential: true };
  }
}
