import type { Json, JsonObject } from "./json.ts";

/** One field that is wrong, as `details.causes` of a 422 lists it. */
export interface Cause {
  /** `FieldValueRequired`, `FieldValueInvalid`, `FieldValueNotSupported`, `FieldValueDuplicate`, `FieldValueForbidden`, `FieldValueTooLong`. */
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** The object that a refusal is about. */
export interface About {
  readonly group: string;
  /** The kind for validation errors, the plural otherwise: as the real server does. */
  readonly kind: string;
  readonly name: string;
}

/** A refusal with the `Status` object that the client receives. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  readonly reason: string;
  /** Body of the answer: kind `Status`, apiVersion `v1`. */
  readonly status: JsonObject;

  constructor(code: number, reason: string, message: string, details?: JsonObject) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason,
      ...(details && { details }),
      code,
    };
  }
}

/** 404 for an object. */
export function notFound(about: About): ApiError {
  return new ApiError(404, "NotFound", `${resource(about)} ${quoted(about.name)} not found`, detailsOf(about));
}

/** 404 for a path that no resource has. */
export function noSuchResource(): ApiError {
  const message = "the server could not find the requested resource";
  return new ApiError(404, "NotFound", message, {});
}

/** 409 for a name that is taken. */
export function alreadyExists(about: About): ApiError {
  const message = `${resource(about)} ${quoted(about.name)} already exists`;
  return new ApiError(409, "AlreadyExists", message, detailsOf(about));
}

/** 409 for a write that was made from an old object, or whose preconditions do not hold. */
export function conflict(
  about: About,
  why = "the object has been modified; please apply your changes to the latest version and try again",
): ApiError {
  const message = `Operation cannot be fulfilled on ${resource(about)} ${quoted(about.name)}: ${why}`;
  return new ApiError(409, "Conflict", message, detailsOf(about));
}

/** 400. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

/** 403 with the server's prefix. */
export function forbidden(about: About, why: string): ApiError {
  const message = `${resource(about)} ${quoted(about.name)} is forbidden: ${why}`;
  return new ApiError(403, "Forbidden", message, detailsOf(about));
}

/** 405. */
export function methodNotAllowed(): ApiError {
  return new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}

/** 415. */
export function unsupportedMediaType(message: string): ApiError {
  return new ApiError(415, "UnsupportedMediaType", message);
}

/** 422 with every wrong field. */
export function invalid(about: About, causes: readonly Cause[]): ApiError {
  const sentences = causes.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`));
  const list = sentences.length === 1 ? (sentences[0] ?? "") : `[${sentences.join(", ")}]`;
  const what = about.group === "" ? about.kind : `${about.kind}.${about.group}`;
  const details = { ...detailsOf(about), causes: causes.map((cause) => ({ ...cause })) };
  return new ApiError(422, "Invalid", `${what} ${quoted(about.name)} is invalid: ${list}`, details);
}

/** 410: the version asked for is no longer in the watch history. */
export function expired(message: string): ApiError {
  return new ApiError(410, "Expired", message);
}

/** 504 with the cause by which clients know that they are ahead of the server. */
export function tooLargeResourceVersion(asked: number, current: number): ApiError {
  const message = `Too large resource version: ${asked}, current: ${current}`;
  return new ApiError(504, "Timeout", `Timeout: ${message}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

/** The cause if `isWrong`, none otherwise: a check as one item of a list. */
export function causeIf(isWrong: boolean, cause: () => Cause): readonly Cause[] {
  return isWrong ? [cause()] : [];
}

/** `field` is missing. */
export function required(field: string, why = ""): Cause {
  return { reason: "FieldValueRequired", field, message: why === "" ? "Required value" : `Required value: ${why}` };
}

/** `field` has a value that is not accepted. */
export function invalidValue(field: string, value: Json | undefined, why: string): Cause {
  return { reason: "FieldValueInvalid", field, message: `Invalid value: ${JSON.stringify(value ?? null)}: ${why}` };
}

/** `field` is not one of the accepted values. */
export function notSupported(field: string, value: string, accepted: readonly string[]): Cause {
  const values = accepted.map(quoted).toSorted().join(", ");
  const message = `Unsupported value: ${quoted(value)}: supported values: ${values}`;
  return { reason: "FieldValueNotSupported", field, message };
}

/** `field` repeats a value that must be unique. */
export function duplicate(field: string, value: Json): Cause {
  return { reason: "FieldValueDuplicate", field, message: `Duplicate value: ${JSON.stringify(value)}` };
}

/** `field` may not be set here. */
export function notAllowed(field: string, why: string): Cause {
  return { reason: "FieldValueForbidden", field, message: `Forbidden: ${why}` };
}

/** `field` is longer than `limit`. */
export function tooLong(field: string, limit: number, unit: "bytes" | "characters"): Cause {
  const message = `Too long: may not be more than ${limit} ${unit}`;
  return { reason: "FieldValueTooLong", field, message };
}

function resource({ group, kind }: About): string {
  return group === "" ? kind : `${kind}.${group}`;
}

function detailsOf({ group, kind, name }: About): JsonObject {
  return { ...(name !== "" && { name }), ...(group !== "" && { group }), kind };
}

function quoted(value: string): string {
  return JSON.stringify(value);
}
