import type { PlannedChange } from "../arm/index.ts";

type Step = PlannedChange["steps"][number];
type Path = readonly string[];

/** Says whose edits brought a difference of a resource. */
export type Attribution = (path: Path) => readonly string[];

/** What a pool's members are written in: it has an owner of its own, who does not bring the pool. */
const MEMBERS: ReadonlySet<string> = new Set(["loadbalancerbackendaddresses", "virtualnetwork"]);

/**
 * Finds, for every place in a resource, the owners of the edits that changed it. The most exact answer counts: whoever
 * touched the members of a pool brings those, whoever made the pool brings the rest.
 *
 * @returns for a path on the wire the owners, sorted; all owners of the resource when none touched just that place.
 */
export function attributionOf(steps: readonly Step[]): Attribution {
  const touched = steps.flatMap(({ owner, before, after }) =>
    touchedBy(before, after).map((path) => ({ owner, path })),
  );
  const everybody = sorted(steps.map(({ owner }) => owner));
  return (path) => {
    const place = path.filter((key) => key !== "properties").map((key) => key.toLowerCase());
    const around = touched.filter((each) => startsWith(place, each.path));
    const depth = Math.max(0, ...around.map((each) => each.path.length));
    const exact = around.filter((each) => each.path.length === depth);
    const within = touched.filter((each) => startsWith(each.path, place) && !MEMBERS.has(each.path.at(-1) ?? ""));
    const found = [...exact, ...within];
    return found.length === 0 ? everybody : sorted(found.map(({ owner }) => owner));
  };
}

type Members = Readonly<Record<string, unknown>>;

/** The places that an edit touched, three keys deep. Edits keep what they do not touch, so identity tells. */
function touchedBy(before: unknown, after: unknown): readonly Path[] {
  const [old, now] = [(before ?? {}) as Members, (after ?? {}) as Members];
  return changedKeys(old, now).flatMap((key): readonly Path[] => {
    const [left, right] = [childrenOf(old[key]), childrenOf(now[key])];
    if (left === undefined || right === undefined) return [[key.toLowerCase()]];
    return touchedChildren(key.toLowerCase(), left, right);
  });
}

type Children = ReadonlyMap<string, Members>;

function touchedChildren(key: string, old: Children, now: Children): readonly Path[] {
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): readonly Path[] => {
    const [left, right] = [old.get(name), now.get(name)];
    if (left === right) return [];
    if (left === undefined || right === undefined) return [[key, `[${name}]`]];
    return changedKeys(left, right).map((field) => [key, `[${name}]`, field.toLowerCase()]);
  });
}

function changedKeys(old: Members, now: Members): readonly string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => old[key] !== now[key]);
}

function childrenOf(value: unknown): Children | undefined {
  if (value === undefined) return new Map();
  if (!Array.isArray(value)) return undefined;
  const named = value.map((each: unknown): [string, Members] => {
    const child = (typeof each === "object" && each !== null ? each : {}) as Members;
    return [String(child["name"]).toLowerCase(), child];
  });
  return new Map(named);
}

function startsWith(path: Path, beginning: Path): boolean {
  return beginning.length <= path.length && beginning.every((key, index) => key === path[index]);
}

function sorted(owners: readonly string[]): readonly string[] {
  return [...new Set(owners)].toSorted();
}
