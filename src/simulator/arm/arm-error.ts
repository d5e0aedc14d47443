import type { Answer } from "../http/exchange.ts";
import type { JsonObject } from "./json.ts";

/** One entry of `error.details`. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/** Who wrote an error: ARM's front door (`gateway`), or the resource provider behind it. It decides the headers. */
export type ErrorAuthor = "gateway" | "provider";

/** What an {@link ArmError} carries besides status, code and message. */
export interface ArmErrorOptions {
  readonly author?: ErrorAuthor;
  readonly details?: readonly ErrorDetail[];
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal as ARM would word it. */
export class ArmError extends Error {
  override readonly name = "ArmError";
  readonly status: number;
  readonly code: string;
  readonly author: ErrorAuthor;
  readonly headers: Readonly<Record<string, string>>;
  readonly #details: readonly ErrorDetail[] | undefined;
  readonly #target: string | undefined;

  constructor(status: number, code: string, message: string, options: ArmErrorOptions = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.author = options.author ?? "provider";
    this.headers = options.headers ?? {};
    this.#details = options.details;
    this.#target = options.target;
  }

  /** The `error` object of the body. */
  toJson(): JsonObject {
    return {
      code: this.code,
      message: this.message,
      ...(this.#target !== undefined && { target: this.#target }),
      ...(this.#details !== undefined && { details: this.#details.map((detail) => ({ ...detail })) }),
    };
  }

  /** The answer without the headers that every answer gets. */
  toAnswer(): Answer {
    const cause: Record<string, string> = this.author === "gateway" ? { "x-ms-failure-cause": "gateway" } : {};
    return { status: this.status, headers: { ...cause, ...this.headers }, body: { error: this.toJson() } };
  }
}

/** An error of ARM's front door: only code and message, `x-ms-failure-cause: gateway`. */
export function gatewayError(status: number, code: string, message: string): ArmError {
  return new ArmError(status, code, message, { author: "gateway" });
}

/** An error of the network provider, which always prints `details`. */
export function networkError(code: string, message: string, details: readonly ErrorDetail[] = []): ArmError {
  return new ArmError(400, code, message, { details });
}
