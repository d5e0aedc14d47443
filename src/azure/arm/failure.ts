/** One entry of an ARM error body, the outer one or one of its details. */
export interface ArmErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target: string | undefined;
}

/** An ARM error body, flattened: ARM nests the reason that matters at any depth. */
export interface ArmErrorBody extends ArmErrorDetail {
  /** Every detail at every depth, outermost first. */
  readonly details: readonly ArmErrorDetail[];
}

/**
 * What is known about a request that did not succeed:
 *
 * - `response`: ARM answered with an error status.
 * - `operation`: the write was accepted, and its operation ended `Failed` or `Canceled`.
 * - `unanswered`: no usable answer came: a cut connection, a deadline, a broken body, an operation that was lost sight of.
 * - `unsent`: it never left this process: no token, a closed gate, a host we do not trust.
 */
export type ArmFact =
  | {
      readonly kind: "response";
      readonly status: number;
      readonly body: ArmErrorBody;
      readonly retryAfterMs: number | undefined;
      /** Whether ARM's front door answered, and not the resource provider behind it. */
      readonly gateway: boolean;
      /** ARM's id of the request, to be quoted to its support. */
      readonly requestId: string | undefined;
    }
  | { readonly kind: "operation"; readonly state: string; readonly body: ArmErrorBody }
  | {
      readonly kind: "unanswered";
      readonly why: "deadline" | "transport" | "body" | "operation";
      readonly code: string;
    }
  | { readonly kind: "unsent"; readonly why: "token" | "gate" | "host"; readonly retryAfterMs: number | undefined };

/** What the pipeline throws. It stays inside `azure/arm`: the ports turn it into a CloudError or a WriteFailure. */
export class ArmFailure extends Error {
  override readonly name = "ArmFailure";
  readonly fact: ArmFact;

  constructor(fact: ArmFact, message: string, cause?: unknown) {
    super(message, { cause });
    this.fact = fact;
  }
}

/**
 * Reads an ARM error: `{"error":{...}}`, or the bare error, from an object, from text, or from neither (the edge answers
 * in HTML). Total: what cannot be read gets `fallbackCode` and the first line of the text.
 */
export function readErrorBody(raw: unknown, fallbackCode: string): ArmErrorBody {
  const parsed = typeof raw === "string" ? parse(raw) : raw;
  const outer = record(parsed);
  const error = record(outer?.["error"]) ?? outer;
  if (error === undefined || (error["code"] === undefined && error["message"] === undefined)) {
    return {
      code: fallbackCode,
      message: typeof raw === "string" ? firstLine(raw) : "",
      target: undefined,
      details: [],
    };
  }
  return { ...detail(error, fallbackCode), details: detailsOf(error, 0) };
}

/** Details deeper than this are not read: no real answer nests more than three. */
const DEEPEST = 6;

function detailsOf(error: Readonly<Record<string, unknown>>, depth: number): readonly ArmErrorDetail[] {
  if (depth === DEEPEST) return [];
  const nested = [...list(error["details"]), ...list(error["innererror"]), ...list(error["innerError"])];
  return nested.flatMap((each) => {
    const inner = record(each);
    return inner === undefined ? [] : [detail(inner, ""), ...detailsOf(inner, depth + 1)];
  });
}

function detail(error: Readonly<Record<string, unknown>>, fallbackCode: string): ArmErrorDetail {
  return {
    code: text(error["code"]) ?? text(error["internalErrorCode"]) ?? fallbackCode,
    message: text(error["message"]) ?? "",
    target: text(error["target"]),
  };
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

/** Longest piece of a page we did not expect that goes into a message. */
const EXCERPT = 200;

function firstLine(raw: string): string {
  const plain = raw.replace(/<[^>]*>/g, " ").trim();
  return plain.replace(/\s+/g, " ").slice(0, EXCERPT);
}
