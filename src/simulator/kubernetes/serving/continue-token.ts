import { badRequest, expired } from "../api-error.ts";

/** Where a paged list goes on. */
export interface Continuation {
  /** The version that all pages show; undefined when the client accepts to go on at the newest. */
  readonly revision: number | undefined;
  /** Key of the last object that the client has. */
  readonly after: string;
}

/** The opaque text of a continuation. */
export function writeContinue({ revision, after }: Continuation): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision ?? -1, start: after })).toString("base64url");
}

/** @throws `ApiError` 400 for a text that is no continuation. */
export function readContinue(text: string): Continuation {
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as { rv: number; start: string };
    if (!Number.isInteger(rv) || typeof start !== "string") throw new TypeError("not a continuation");
    return { revision: rv < 0 ? undefined : rv, after: start };
  } catch {
    throw badRequest("continue key is not valid");
  }
}

/** 410 for a continuation whose version is forgotten, with a token that goes on at the newest version. */
export function expiredContinue(after: string): Error {
  const error = expired(
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
      "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
      "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
      "deleted between the time the first chunk was returned and now may show up in the list.",
  );
  Object.assign(error.status["metadata"] as object, { continue: writeContinue({ revision: undefined, after }) });
  return error;
}
