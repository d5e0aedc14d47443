/**
 * How elements of a list are found: the text, or the texts, under which one is; undefined for one that is never looked
 * for. A constant of a module, because a list keeps one index for each way.
 */
export type Way<T> = (element: T) => string | readonly string[] | undefined;

type Index = Map<string, readonly object[]>;

/**
 * The indexes of lists that were searched, forgotten with the list. A list that has one is never changed in place: lists
 * that ARM or an edit has made never are.
 */
const INDEXES = new WeakMap<readonly object[], Map<Way<never>, Index>>();

const NONE: readonly never[] = [];

/**
 * The elements under one text, without a walk over all of them but the first time. In the order of the list unless it
 * was {@link exchanged}; {@link inListOrder} puts them into it where that matters.
 */
export function lookUp<T extends object>(list: readonly T[], way: Way<T>, text: string): readonly T[] {
  if (list.length === 0) return NONE;
  return (indexOf(list, way).get(text) ?? NONE) as readonly T[];
}

/** Some elements of a list, in its order. */
export function inListOrder<T>(list: readonly T[], some: readonly T[]): readonly T[] {
  return some.length < 2 ? some : some.toSorted((a, b) => list.indexOf(a) - list.indexOf(b));
}

/**
 * A new list with some elements replaced where they stand, or taken out (undefined), and others appended. The indexes
 * of the old list become those of the new one, with as little work as was changed: edits that are folded one upon the
 * other search each list that one of them leaves to the next. The old list is indexed anew if it is ever searched again.
 *
 * @returns `list` itself when nothing is to change.
 */
export function exchanged<T extends object>(
  list: readonly T[],
  changes: ReadonlyMap<T, T | undefined>,
  added: readonly T[] = [],
): readonly T[] {
  const real = [...changes].filter(([old, current]) => old !== current);
  if (real.length === 0 && added.length === 0) return list;
  const next = [...list];
  for (const [old, current] of real) next.splice(next.indexOf(old), 1, ...(current === undefined ? [] : [current]));
  next.push(...added);
  handOn(list, next, [...real, ...added.map((each) => [undefined, each] as const)]);
  return next;
}

function indexOf<T extends object>(list: readonly T[], way: Way<T>): Index {
  const ways = INDEXES.get(list) ?? new Map<Way<never>, Index>();
  INDEXES.set(list, ways);
  const known = ways.get(way);
  if (known !== undefined) return known;
  const made = new Map<string, object[]>();
  for (const element of list) {
    for (const text of textsOf(way, element)) {
      const found = made.get(text);
      if (found === undefined) made.set(text, [element]);
      else found.push(element);
    }
  }
  ways.set(way, made);
  return made;
}

type Change = readonly [old: object | undefined, current: object | undefined];

function handOn(from: readonly object[], to: readonly object[], changes: readonly Change[]): void {
  const ways = INDEXES.get(from);
  if (ways === undefined) return;
  INDEXES.delete(from);
  INDEXES.set(to, ways);
  for (const [way, index] of ways) {
    for (const [old, current] of changes) {
      if (old !== undefined) leave(index, old, textsOf(way as Way<object>, old));
      if (current !== undefined) enter(index, current, textsOf(way as Way<object>, current));
    }
  }
}

function enter(index: Index, element: object, texts: readonly string[]): void {
  for (const text of texts) {
    const found = index.get(text);
    index.set(text, found === undefined ? [element] : [...found, element]);
  }
}

function leave(index: Index, element: object, texts: readonly string[]): void {
  for (const text of texts) {
    const left = (index.get(text) ?? NONE).filter((each) => each !== element);
    if (left.length === 0) index.delete(text);
    else index.set(text, left);
  }
}

function textsOf<T>(way: Way<T>, element: T): readonly string[] {
  const texts = way(element);
  if (texts === undefined) return NONE;
  return typeof texts === "string" ? [texts] : [...new Set(texts)];
}
