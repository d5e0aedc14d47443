import type { Answer } from "../../http/exchange.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt } from "../json.ts";
import type { FaultContext } from "./fault-row.ts";

/** A 2xx without body. */
export function emptied({ status, headers = {} }: Answer): Answer {
  const { "content-type": _, ...rest } = headers;
  return { status, headers: rest };
}

/** The answer to the same URL the time before; an empty list when this is the first. */
export function stale(answer: Answer, { previous }: FaultContext): Answer {
  return previous ?? changed(answer, () => ({ value: [] }));
}

/** An empty first page whose `nextLink` leads to the list. */
export function emptyPage(answer: Answer, { url }: FaultContext): Answer {
  if (url.search.toLowerCase().includes("skiptoken")) return answer;
  return changed(answer, () => ({ value: [], nextLink: `${url.href}&$skiptoken=` }));
}

/** Names of resource groups in upper case, in every id. */
export function recased(answer: Answer): Answer {
  if (answer.body === undefined) return answer;
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  const body = text.replace(
    /(\/resourceGroups\/)([^/"]+)/gi,
    (_, lead: string, name: string) => lead + name.toUpperCase(),
  );
  return { ...answer, body };
}

/** Leaves out one member of `properties` (or beside it): the one the fault is about, `tags` if it says nothing. */
export function dropped(answer: Answer, { about }: FaultContext): Answer {
  const key = about === "" ? "tags" : about;
  return changed(answer, (document) => {
    const { [key]: _, ...rest } = document;
    const { [key]: __, ...properties } = objectAt(document, "properties");
    return document["properties"] === undefined ? rest : { ...rest, properties };
  });
}

/** Members and words that no client of today knows. */
export function novel(answer: Answer): Answer {
  return changed(answer, (document) => {
    if (Array.isArray(document["value"])) return { ...document, value: listAt(document, "value").map(withNovelty) };
    return withNovelty(document) as JsonObject;
  });
}

function withNovelty(item: Json): Json {
  if (!isObject(item)) return item;
  const properties = { ...objectAt(item, "properties"), novelProperty: { mode: "NovelMode" } };
  return { ...item, novelMember: "NovelValue", properties };
}

/** A budget that is nearly used up. */
export function nearlyUsedUp(answer: Answer): Answer {
  const names = ["reads", "writes", "deletes"].map((kind) => `x-ms-ratelimit-remaining-subscription-${kind}`);
  return { ...answer, headers: { ...answer.headers, ...Object.fromEntries(names.map((name) => [name, "12"])) } };
}

/** A clock that is an hour ahead. */
export function skewed(answer: Answer, { nowMs }: FaultContext): Answer {
  return { ...answer, headers: { ...answer.headers, date: new Date(nowMs + 3_600_000).toUTCString() } };
}

/** A snapshot that still copies. */
export function copying(answer: Answer): Answer {
  return changed(answer, (document) => ({
    ...document,
    properties: { ...objectAt(document, "properties"), completionPercent: 42 },
  }));
}

/** An accepted deletion that says 200 instead of 202. */
export function deletedWith200(answer: Answer): Answer {
  return answer.status === 202 ? { ...answer, status: 200 } : answer;
}

/** The answer with another JSON document; left as it is when it carries none, or is no success. */
function changed(answer: Answer, change: (document: JsonObject) => JsonObject): Answer {
  if (answer.body === undefined || answer.status >= 300) return answer;
  const document = (typeof answer.body === "string" ? parsed(answer.body) : answer.body) as Json | undefined;
  return isObject(document) ? { ...answer, body: JSON.stringify(change(document)) } : answer;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
