import type { Answer } from "../../http/exchange.ts";
import type { Journal } from "../../http/journal.ts";

/** `GET /simulator/journal`: every request that was answered, one JSON document a line. */
export function answerJournal(journal: Journal): Answer {
  const lines = journal.entries().map((entry) => `${JSON.stringify(entry)}\n`);
  return { status: 200, headers: { "content-type": "application/x-ndjson" }, body: lines.join("") };
}

/** `GET /simulator/journal/counts`: how many requests there were by method, type and status, sorted. */
export function answerCounts(journal: Journal): Answer {
  const counts = new Map<string, number>();
  for (const { method, path, status } of journal.entries()) {
    const key = JSON.stringify([method, typeIn(path), status]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const body = rows.map(([key, count]) => {
    const [method, type, status] = JSON.parse(key) as [string, string, number];
    return { method, type, status, count };
  });
  return { status: 200, body: { requests: journal.count(), counts: body } };
}

/** `Microsoft.Network/loadBalancers` of a path below a provider, as it was written; the first segments of any other. */
function typeIn(path: string): string {
  const [, namespace, ...rest] = /\/providers\/([^/]+)\/(.+)$/i.exec(path) ?? [];
  if (namespace === undefined) return path.split("/").slice(0, 2).join("/");
  const segments = rest.join("/").split("/");
  const types = segments.filter((_, i) => i % 2 === 0);
  return `${namespace}/${types.join("/")}`;
}
