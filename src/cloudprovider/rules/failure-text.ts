import { ADVICE, type CloudError, codeOf } from "../errors.ts";

/** When something that failed is tried again: after so many milliseconds, or only when the object has changed. */
export type NextTry = { readonly afterMs: number } | "object-change";

/** Longest text; with its introduction it fits into an event, which takes 1024 characters. */
const LONGEST = 880;

/**
 * An error for people, in this order: what happened with its stable code, what was tried, what they can do, when it is
 * tried again, and last what the cloud said, cut where the text would get too long.
 *
 * @param next - left out when that is told elsewhere.
 * @param nowMs - milliseconds since the epoch.
 */
export function failureText(error: CloudError, next: NextTry | undefined, nowMs: number): string {
  const { attempted, quote, requestId } = error;
  const text = [
    `${withoutStop(plainText(error.summary ?? error.message))} [${codeOf(error)}].`,
    ...(attempted === undefined ? [] : [`Tried: ${withoutStop(attempted)}.`]),
    adviceFor(error),
    ...(next === undefined ? [] : [nextText(next, nowMs)]),
    ...(requestId === undefined ? [] : [`Request ${requestId}.`]),
  ].join(" ");
  const said = quote === undefined ? "" : plainText(quote);
  const room = LONGEST - text.length - ' The cloud says: "".'.length;
  if (said === "" || room < SHORTEST_QUOTE) return cut(text, LONGEST);
  return `${text} The cloud says: "${cut(withoutStop(said), room)}".`;
}

/** A quote that would be shorter than this says nothing. */
const SHORTEST_QUOTE = 40;

/** What a person can do about a failure; never empty. */
export function adviceFor({ code, advice }: Pick<CloudError, "code" | "advice">): string {
  return advice ?? ADVICE[code];
}

/**
 * What makes two failures the same one: their texts may differ in times, request ids and whatever else the cloud writes
 * anew each time.
 */
export function failureSeries(error: CloudError): string {
  const { summary, attempted = "" } = error;
  return [codeOf(error), summary ?? error.message, attempted].join("\n");
}

/** When it is tried again, as a sentence. */
export function nextText(next: NextTry, nowMs: number): string {
  if (next === "object-change") return "Next try when the object changes.";
  if (next.afterMs <= 0) return "Next try at once.";
  const at = new Date(nowMs + next.afterMs).toISOString().slice(11, 19);
  return `Next try in ${durationText(next.afterMs)}, at ${at}Z.`;
}

function durationText(ms: number): string {
  return ms < 1000 ? `${Math.ceil(ms / 100) / 10} s` : `${Math.ceil(ms / 1000)} s`;
}

/** What is read of a text, characters: a proxy may answer with a page, and who looks for its tags must not stand still. */
const LONGEST_READ = 8_000;

/** One line without HTML, JSON and stack traces, whatever it was; what is far behind in a long text is not in it. */
export function plainText(text: string): string {
  return text
    .slice(0, LONGEST_READ)
    .replace(/<(script|style)\b[^>]*>.*?(?:<\/\1>|$)/gis, " ")
    .replace(/<\/?[a-z!][^>]*>/gi, " ")
    .replace(/\n\s+at\s[^\n]*/g, " ")
    .replace(/\{\s*"[\s\S]*\}/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, "");
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
