import type { Answer } from "../http/exchange.ts";
import type { Call } from "./call.ts";

/** One item of a list: what orders it, and its JSON. */
export interface ListItem {
  readonly key: string;
  readonly text: string;
}

/** Items on a page: of ARM's own lists, and of each provider's. */
export interface PageSizes {
  readonly arm: number;
  readonly network: number;
  readonly compute: number;
  readonly storage: number;
}

const DEFAULT_SIZES: PageSizes = { arm: 100, network: 100, compute: 100, storage: 100 };

/** Page sizes where one number stands for all, and what is not said is as it was: 100. Sizes are 1 or more. */
export function pageSizes(given: number | Partial<PageSizes> = {}, before = DEFAULT_SIZES): PageSizes {
  return typeof given === "number"
    ? { arm: given, network: given, compute: given, storage: given }
    : { ...before, ...given };
}

/** Items on a page of a list of this namespace. */
export function pageSizeOf(sizes: PageSizes, namespace: string): number {
  const provider = namespace.toLowerCase().replace("microsoft.", "");
  return provider === "network" || provider === "compute" || provider === "storage" ? sizes[provider] : sizes.arm;
}

/** One page of a sorted list, from where the request's `$skiptoken` left off. */
export function pageOf(items: readonly ListItem[], call: Call, pageSize: number): Answer {
  const token = call.query.get("$skiptoken");
  const after = token === undefined ? undefined : Buffer.from(token, "base64url").toString("utf8");
  const start = after === undefined ? 0 : items.findIndex(({ key }) => key > after);
  const rest = start < 0 ? [] : items.slice(start);
  const page = rest.slice(0, pageSize);
  const last = page.at(-1);
  const next = rest.length > page.length && last !== undefined ? nextLink(call, last.key) : undefined;
  const value = `{"value":[${page.map(({ text }) => text).join(",")}]`;
  const body = next === undefined ? `${value}}` : `${value},"nextLink":${JSON.stringify(next)}}`;
  return { status: 200, headers: JSON_CONTENT, body };
}

/** Content type of JSON that is sent as text. */
export const JSON_CONTENT: Readonly<Record<string, string>> = { "content-type": "application/json; charset=utf-8" };

/** Keeps every parameter of the query; opaque to clients. */
function nextLink({ caller, path, request }: Call, after: string): string {
  const kept = [...request.url.searchParams].filter(([key]) => key.toLowerCase() !== "$skiptoken");
  const query = kept.map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const token = Buffer.from(after).toString("base64url");
  return `${caller.origin}${path}?${[...query, `$skiptoken=${token}`].join("&")}`;
}
