/** One place where two documents differ. */
export interface Difference {
  /** Keys from the outside in; an element of a list of named children is `[name]`. */
  readonly path: readonly string[];
  /** Undefined when it is not there. */
  readonly old: unknown;
  /** Undefined when it is not there any more. */
  readonly new: unknown;
}

/** Lists of members, told apart from the child that they are in: who brings them is somebody else. */
const APART: ReadonlySet<string> = new Set(["loadBalancerBackendAddresses"]);

/**
 * Where two wire documents differ, sorted by path. Children are matched by name, and one that comes or goes is told as a
 * whole; of everything else the single values are told. Absent, null and an empty list are the same, and the order of
 * named children is no difference.
 */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const [old, now] = [before, after].map((document) => withoutId((document ?? {}) as Members));
  return [...between([], old, now)].toSorted((a, b) => compare(pathText(a.path), pathText(b.path)));
}

/** A path as text: `properties.rules[web].port`. */
export function pathText(path: readonly string[]): string {
  return path.reduce((text, key) => (text === "" || key.startsWith("[") ? text + key : `${text}.${key}`), "");
}

function between(path: readonly string[], old: unknown, now: unknown): readonly Difference[] {
  if (isNothing(old) && isNothing(now)) return [];
  if (isNamedList(old) && isNamedList(now)) return betweenChildren(path, old as Children, now as Children);
  if (isMembers(old) && isMembers(now)) return betweenMembers(path, old ?? {}, now ?? {});
  return sameJson(old, now) ? [] : [{ path, old: absentAs(old), new: absentAs(now) }];
}

type Members = Readonly<Record<string, unknown>>;
type Child = Members & { readonly name: string };
type Children = readonly Child[] | undefined | null;

function betweenMembers(path: readonly string[], old: Members, now: Members): readonly Difference[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return keys.flatMap((key) => between([...path, key], old[key], now[key]));
}

function betweenChildren(path: readonly string[], old: Children, now: Children): readonly Difference[] {
  const [before, after] = [byName(old), byName(now)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const [left, right] = [before.get(name), after.get(name)];
    const at = [...path, `[${(right ?? left)?.name}]`];
    if (left !== undefined && right !== undefined) return betweenMembers(at, withoutId(left), withoutId(right));
    const own = { path: at, old: left && told(left), new: right && told(right) };
    return [own, ...apart(at, left, right)];
  });
}

/** A child that comes or goes, without its id, which follows from its name, and without what is told apart. */
function told(child: Members): unknown {
  const kept = Object.entries(withoutId(child)).filter(([key, value]) => !APART.has(key) && !isNothing(value));
  return Object.fromEntries(
    kept.flatMap(([key, value]) => {
      if (key !== "properties" || !isMembers(value)) return [[key, value]];
      const properties = told(value ?? {}) as Members;
      return Object.keys(properties).length === 0 ? [] : [[key, properties]];
    }),
  );
}

function apart(path: readonly string[], left: Child | undefined, right: Child | undefined): readonly Difference[] {
  const of = (child: Child | undefined): Members => (child?.["properties"] ?? {}) as Members;
  return [...APART].flatMap((key) => between([...path, "properties", key], of(left)[key], of(right)[key]));
}

function withoutId(child: Members): Members {
  const { id: _follows, ...rest } = child; // from its name, and where it is
  return rest;
}

function byName(children: Children): ReadonlyMap<string, Child> {
  return new Map((children ?? []).map((child) => [child.name.toLowerCase(), child]));
}

function isNamedList(value: unknown): boolean {
  if (isNothing(value)) return true;
  if (!Array.isArray(value)) return false;
  const names = value.map((each) => (isMembers(each) ? each?.["name"] : undefined));
  return names.every((name) => typeof name === "string") && new Set(names).size === names.length;
}

function isMembers(value: unknown): value is Members | undefined | null {
  return value === undefined || value === null || (typeof value === "object" && !Array.isArray(value));
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function absentAs(value: unknown): unknown {
  return isNothing(value) ? undefined : value;
}

function sameJson(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
