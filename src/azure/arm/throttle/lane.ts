/**
 * Who goes first when requests must queue: deletes and writes that restore traffic, writes that carry many riders,
 * single creates, refreshes. A poll takes its write's lane.
 */
export type Lane = "restore" | "batch" | "create" | "refresh";

/** What counts against which limit: ARM counts reads, writes and deletes apart, per subscription and per provider. */
export type RequestKind = "read" | "write" | "delete";

/**
 * How long somebody must have waited to go before a newcomer of the first lane, milliseconds. Every lane is finite, so
 * the last one is slowed and never starved.
 */
const HANDICAP_MS: Readonly<Record<Lane, number>> = { restore: 0, batch: 10_000, create: 20_000, refresh: 30_000 };

/** Where a request stands in the line: the smaller goes first, equals in the order in which they came. */
export function turnOf(lane: Lane, enteredMs: number): number {
  return enteredMs + HANDICAP_MS[lane];
}

/**
 * Whether a request may draw the last tokens of a bucket, which the others leave: deletes and writes that restore
 * traffic, and reads that follow a write which was sent already. Whoever has waited until his turn may too: as long as
 * others draw the last tokens there would never be more.
 */
export function mayUseReserve(kind: RequestKind, lane: Lane): boolean {
  return kind === "read" ? lane !== "refresh" : lane === "restore";
}
