import type { JournalEntry } from "../../../src/simulator/http/journal.ts";

/** What requests have cost ARM. */
export interface Cost {
  /** All of them, polls included. */
  readonly armRequests: number;
  /** Accepted writes by type; the three of a Service are always there. */
  readonly writes: Readonly<Record<string, number>>;
  /** Reads of an operation's document. */
  readonly polls: number;
  /** Bodies, both ways. */
  readonly bytes: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Requests that were answered 429. */
  readonly rejected: number;
}

/** The parts of a journal's entry that count. */
export type Counted = Pick<JournalEntry, "method" | "path" | "status" | "requestBytes" | "responseBytes">;

/** Counts requests that a client has sent to ARM. */
export function costOf(entries: readonly Counted[]): Cost {
  const writes: Record<string, number> = { loadBalancers: 0, networkSecurityGroups: 0, publicIPAddresses: 0 };
  for (const { path } of entries.filter(isAcceptedWrite)) writes[typeOf(path)] = (writes[typeOf(path)] ?? 0) + 1;
  const bytesSent = sum(entries.map(({ requestBytes }) => requestBytes));
  const bytesReceived = sum(entries.map(({ responseBytes }) => responseBytes));
  return {
    armRequests: entries.length,
    writes,
    polls: entries.filter(({ path }) => isPoll(path)).length,
    bytes: bytesSent + bytesReceived,
    bytesSent,
    bytesReceived,
    rejected: entries.filter(({ status }) => status === 429).length,
  };
}

/** Every write that was accepted, of whatever type. */
export function writesIn({ writes }: Cost): number {
  return sum(Object.values(writes));
}

function isAcceptedWrite({ method, status }: Counted): boolean {
  return method !== "GET" && status >= 200 && status < 300;
}

/** Whether a path is that of an operation's document. */
export function isPoll(path: string): boolean {
  return /\/operation(?:s|Results)\//i.test(path);
}

/** `virtualMachineScaleSets/virtualMachines` of a path: types and names take turns below the provider. */
function typeOf(path: string): string {
  const [, below = path] = /\/providers\/[^/]+\/(.+)$/i.exec(path) ?? [];
  return below
    .split("/")
    .filter((_, index) => index % 2 === 0)
    .join("/");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
