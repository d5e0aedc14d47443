import { brought, present, type Wanted } from "./sameness.ts";

/** A child of an ARM resource; its name identifies it among its siblings. */
export interface Child {
  id?: string;
  name?: string;
}

/** What one owner wants of a list of children. */
export interface SliceWish<T extends Child> {
  /** The owner's children as they should be. */
  readonly wanted: readonly (Wanted<T> & { readonly name: string })[];
  /** Whether an existing child is the owner's to change or remove. */
  readonly owns: (child: T) => boolean;
  /** Fields that a rewritten child loses, because ARM's view of its former self in them would contradict it. */
  readonly forget?: readonly (keyof T)[];
}

/**
 * Replaces one owner's slice of a list of children: those it no longer wants go, those that differ are brought up to
 * date where they stand, new ones are appended. Everybody else's stay untouched and in place.
 *
 * @returns `existing` itself when nothing is to change.
 */
export function foldSlice<T extends Child>(
  existing: readonly T[],
  { wanted, owns, forget }: SliceWish<T>,
): readonly T[] {
  const own = new Set(existing.filter(owns));
  const wishes = new Map(wanted.map((wish) => [wish.name.toLowerCase(), wish]));
  const kept = new Map<T, T>();
  for (const child of own) {
    const name = (child.name ?? "").toLowerCase();
    const wish = wishes.get(name);
    if (wish === undefined) continue;
    wishes.delete(name);
    kept.set(child, rewritten(child, { ...wish, name: child.name } as Wanted<T>, forget));
  }
  const same = wishes.size === 0 && [...own].every((child) => kept.get(child) === child);
  if (same) return existing;
  const staying = existing.flatMap((child) => (own.has(child) ? (kept.get(child) ?? []) : child));
  return [...staying, ...[...wishes.values()].map((wish) => present<T>(wish))];
}

function rewritten<T extends object>(child: T, wish: Wanted<T>, forget: readonly (keyof T)[] = []): T {
  const next = brought(child, wish);
  if (next === child) return child;
  const lost = Object.fromEntries(forget.map((field) => [field, undefined]));
  return present<T>({ ...next, ...lost });
}
