import type { Remark } from "./normalise.ts";

/** Tags as configured, and remarks on the parts that cannot be read. */
export interface ConfiguredTags {
  readonly tags: Readonly<Record<string, string>>;
  readonly remarks: readonly Remark[];
}

/**
 * Puts `tags` (`a=b,c=d`) and `tagsMap` together; the map wins, also over a key that differs only in letter case.
 * A part that is no `key=value` is passed over with a remark, as in the original.
 */
export function configuredTags(list: string | undefined, map: Readonly<Record<string, string>>): ConfiguredTags {
  const tags = new Map<string, string>();
  const remarks: Remark[] = [];
  for (const part of (list ?? "").split(",")) {
    if (part.trim() === "") continue;
    const [key = "", value, ...rest] = part.split("=").map((side) => side.trim());
    if (key !== "" && value !== undefined && rest.length === 0) tags.set(key, value);
    else remarks.push({ field: "tags", text: `${JSON.stringify(part)} is not key=value and is ignored` });
  }
  for (const [key, value] of Object.entries(map)) {
    if (key.trim() !== "") replace(tags, key.trim(), value.trim());
  }
  return { tags: Object.fromEntries(tags), remarks };
}

/** Sets a tag; one whose key differs only in letter case makes way. */
function replace(tags: Map<string, string>, key: string, value: string): void {
  for (const other of tags.keys()) {
    if (other.toLowerCase() === key.toLowerCase()) tags.delete(other);
  }
  tags.set(key, value);
}

/** The prefixes in `systemTags`; blanks around them and empty ones do not count. */
export function tagPrefixes(list: string | undefined): readonly string[] {
  return (list ?? "")
    .split(",")
    .map((prefix) => prefix.trim())
    .filter((prefix) => prefix !== "");
}
