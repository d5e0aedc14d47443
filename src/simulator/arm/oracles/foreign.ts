import type { Facts, Holder } from "./facts.ts";
import type { Finding } from "./violation.ts";

/** What a resource was and is; `undefined` before it exists and after it has gone. */
export interface Step {
  readonly before: Facts | undefined;
  readonly after: Facts | undefined;
}

/**
 * Changes of what is foreign between two bodies of one resource: members changed, gone or added, holders gone. A new
 * holder in a foreign one is nobody's loss: a rule in a security group, a pool at an interface.
 */
export function foreignChanges(
  { before, after = NOTHING }: Step,
  isForeign: (holder: Holder) => boolean,
): readonly Finding[] {
  if (before === undefined) return [];
  const foreign = new Map([...before.holders].filter(([, holder]) => isForeign(holder)));
  const gone = [...foreign.keys()].filter((key) => !after.holders.has(key));
  const left = new Map([...foreign].filter(([key]) => after.holders.has(key)));
  return [
    ...outermost(gone).map((key) => found(foreign.get(key)?.id ?? key, "is gone")),
    ...changedMembers(before, after, left),
    ...newMembers(before, after, left),
  ];
}

const NOTHING: Facts = { holders: new Map(), facts: new Map() };

/** What goes with its parent needs no mention. */
function outermost(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => !keys.some((other) => key.startsWith(`${other}/`)));
}

function changedMembers(before: Facts, after: Facts, foreign: ReadonlyMap<string, Holder>): readonly Finding[] {
  return [...before.facts].flatMap(([path, { holder, member, value }]): readonly Finding[] => {
    const owner = foreign.get(holder);
    const now = after.facts.get(path)?.value;
    if (owner === undefined || now === value) return [];
    return [found(owner.id, now === undefined ? `lost ${member} ${value}` : `${member} ${value} became ${now}`)];
  });
}

function newMembers(before: Facts, after: Facts, foreign: ReadonlyMap<string, Holder>): readonly Finding[] {
  return [...after.facts].flatMap(([path, { holder, member, value }]): readonly Finding[] => {
    const owner = foreign.get(holder);
    return owner === undefined || before.facts.has(path) ? [] : [found(owner.id, `got ${member} ${value}`)];
  });
}

function found(resource: string, what: string): Finding {
  return { oracle: "foreign", resource, message: `what somebody else owns ${what}` };
}
