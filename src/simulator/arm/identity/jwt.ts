import { isObject, type Json, type JsonObject } from "../json.ts";

/** A JSON Web Token taken apart; its signature is not checked. */
export interface Jwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** What is signed. */
  readonly content: string;
  readonly signature: Buffer;
}

/** Takes a compact JWT apart; `undefined` for anything that is none. */
export function readJwt(token: string): Jwt | undefined {
  const [head = "", body = "", signature, ...more] = token.split(".");
  if (signature === undefined || more.length > 0) return undefined;
  const [header, claims] = [decodePart(head), decodePart(body)];
  if (header === undefined || claims === undefined) return undefined;
  return { header, claims, content: `${head}.${body}`, signature: Buffer.from(signature, "base64url") };
}

/** One part of a JWT. */
export function encodePart(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function decodePart(text: string): JsonObject | undefined {
  try {
    const json = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Json;
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
