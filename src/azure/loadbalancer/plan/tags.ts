import { OWNER_TAGS } from "../ownership.ts";

type Tags = Readonly<Record<string, string>>;

/** Keys of several maps in one, later ones winning; a key that differs only in letter case is the same key. */
export function overlaid(...layers: readonly Tags[]): Tags {
  const merged = new Map<string, readonly [string, string]>();
  for (const layer of layers) for (const pair of Object.entries(layer)) merged.set(pair[0].toLowerCase(), pair);
  return Object.fromEntries(merged.values());
}

/**
 * The tags of a resource after the wanted ones are put on it. Existing spellings of keys stay, and a value that differs
 * only in letter case is left alone. Foreign tags go only when `systemTags` is not empty, and then only those that no
 * prefix in it covers. The tags that say whose a public IP is are never touched.
 *
 * @returns `existing` itself when nothing is to change.
 */
export function planTags(existing: Tags | undefined, wanted: Tags, systemTags: readonly string[]): Tags | undefined {
  const next = new Map(Object.entries(existing ?? {}));
  const spelling = new Map([...next.keys()].map((key) => [key.toLowerCase(), key]));
  let changed = false;
  for (const [key, value] of Object.entries(overlaid(wanted))) {
    const spelled = spelling.get(key.toLowerCase()) ?? key;
    if (OWNER_TAGS.includes(spelled) || next.get(spelled)?.toLowerCase() === value.toLowerCase()) continue;
    next.set(spelled, value);
    changed = true;
  }
  for (const key of surplus(next.keys(), wanted, systemTags)) {
    next.delete(key);
    changed = true;
  }
  return changed ? Object.fromEntries(next) : existing;
}

function surplus(keys: Iterable<string>, wanted: Tags, systemTags: readonly string[]): readonly string[] {
  if (systemTags.length === 0) return [];
  const staying = new Set(Object.keys(wanted).map((key) => key.toLowerCase()));
  const prefixes = systemTags.map((prefix) => prefix.toLowerCase());
  return [...keys].filter((key) => {
    const lower = key.toLowerCase();
    return !OWNER_TAGS.includes(key) && !staying.has(lower) && !prefixes.some((prefix) => lower.startsWith(prefix));
  });
}
