import type { Answer } from "../../http/exchange.ts";
import type { FaultContext, Refusal } from "./fault-row.ts";

const VERBS: Readonly<Record<string, string>> = { GET: "read", HEAD: "read", DELETE: "delete" };

const MINUTE_MS = 60_000;

/**
 * The answer that a refusal gives to a request. Its texts may hold `{id}` (the path), `{name}`, `{group}`,
 * `{subscription}`, `{namespace}`, `{types}` (`virtualNetworks/subnets`), `{parent}` (the path without its last two
 * segments), `{about}`, `{action}`, `{retryAfter}`, `{origin}`, `{tenant}`, `{now}`, `{earlier}` and `{operation}`.
 */
export function fillRefusal(refusal: Refusal, context: FaultContext): Answer {
  const { status, body, headers, asDate, retryAfterSeconds: own } = refusal;
  const seconds = context.retryAfterSeconds ?? own;
  const words = wordsOf(context, seconds);
  const fill = (text: string, quotes: boolean): string =>
    text.replace(/\{(\w+)\}/g, (whole, key: string) => {
      const word = words[key];
      if (word === undefined) return whole;
      return quotes ? JSON.stringify(word).slice(1, -1) : word;
    });
  const retry = seconds === undefined ? {} : { "retry-after": retryAfter(seconds, asDate === true, context.nowMs) };
  const filled = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, fill(value, false)]));
  if (typeof body === "string") return { status, headers: { ...filled, ...retry }, body: fill(body, false) };
  const text = fill(JSON.stringify(body), true);
  const type = { "content-type": "application/json; charset=utf-8" };
  return { status, headers: { ...type, ...filled, ...retry }, body: text };
}

function retryAfter(seconds: number, asDate: boolean, nowMs: number): string {
  return asDate ? new Date(nowMs + seconds * 1000).toUTCString() : String(seconds);
}

function wordsOf(context: FaultContext, seconds: number | undefined): Readonly<Record<string, string>> {
  const { id, method, url, about, nowMs, tenantId } = context;
  const verb = VERBS[method] ?? "write";
  const place = placeOf(id);
  return {
    ...place,
    id,
    verb,
    action: `${place["namespace"]}/${place["types"]}/${method === "POST" ? "action" : verb}`,
    about: about === "" ? id : about,
    retryAfter: String(seconds ?? 0),
    origin: url.origin,
    tenant: tenantId,
    now: new Date(nowMs).toISOString(),
    earlier: new Date(nowMs - MINUTE_MS).toISOString(),
    operation: "00000000-0000-4000-8000-000000000000",
  };
}

function placeOf(id: string): Readonly<Record<string, string>> {
  const segments = id.split("/").map(decodeURIComponent);
  const [, , subscription = "", , group = ""] = segments;
  const [, rest = "Microsoft.Resources"] = /\/providers\/(.+)$/i.exec(id) ?? [];
  const [namespace = "", ...path] = rest.split("/");
  const types = path.filter((_, i) => i % 2 === 0).join("/");
  const [name = "", parent] = [segments.at(-1), segments.slice(0, -2).join("/")];
  return { subscription, group, namespace, types, name, parent };
}
