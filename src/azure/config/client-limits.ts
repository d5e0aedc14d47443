import { CLIENT_LIMIT_FIELDS } from "./keys/timing.ts";

type Raw = Readonly<Record<string, unknown>>;

const CANONICAL = new Map(CLIENT_LIMIT_FIELDS.map((field) => [field.toLowerCase(), field]));

/**
 * Brings the limits of single clients into one place and spelling: blocks such as `loadBalancerRateLimit` at the top, as
 * the original documents them, go under `Entries`, where its decoder looks for them. What is under `Entries` already
 * wins.
 */
export function gatherClientLimits(raw: Raw): Raw {
  const entriesKey = Object.keys(raw).find((key) => key.toLowerCase() === "entries") ?? "Entries";
  const entries = raw[entriesKey] ?? {};
  if (!isMap(entries)) return raw;
  const blocks = Object.entries(raw).filter(([key, value]) => isClient(key) && isMap(value));
  if (blocks.length === 0 && raw[entriesKey] === undefined) return raw;
  const others = Object.entries(raw).filter(([key]) => !blocks.some(([block]) => block === key));
  const gathered = Object.entries({ ...byClient(Object.fromEntries(blocks)), ...byClient(entries) });
  return { ...Object.fromEntries(others), [entriesKey]: Object.fromEntries(gathered.map(inCanonicalSpelling)) };
}

function isClient(key: string): boolean {
  return /RateLimit$/i.test(key) && key.toLowerCase() !== "cloudproviderratelimit";
}

function byClient(blocks: Raw): Raw {
  return Object.fromEntries(Object.entries(blocks).map(([client, block]) => [client.toLowerCase(), block]));
}

function inCanonicalSpelling([client, block]: readonly [string, unknown]): readonly [string, unknown] {
  if (!isMap(block)) return [client, block];
  const fields = Object.entries(block).map(([key, value]) => [CANONICAL.get(key.toLowerCase()) ?? key, value] as const);
  return [client, Object.fromEntries(fields)];
}

function isMap(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
