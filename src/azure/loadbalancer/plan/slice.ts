import { exchanged } from "../lookup.ts";
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
  /** The existing children that are the owner's to change or remove. */
  readonly own: readonly T[];
  /** Fields that a rewritten child loses, because ARM's view of its former self in them would contradict it. */
  readonly forget?: readonly (keyof T)[];
}

/**
 * Replaces one owner's slice of a list of children: those it no longer wants go, those that differ are brought up to
 * date where they stand, new ones are appended. Everybody else's stay untouched and in place, and are not looked at.
 *
 * @returns `existing` itself when nothing is to change.
 */
export function foldSlice<T extends Child>(
  existing: readonly T[],
  { wanted, own, forget }: SliceWish<T>,
): readonly T[] {
  const wishes = new Map(wanted.map((wish) => [wish.name.toLowerCase(), wish]));
  const changes = new Map<T, T | undefined>();
  for (const child of own) {
    const name = (child.name ?? "").toLowerCase();
    const wish = wishes.get(name);
    wishes.delete(name);
    changes.set(child, wish && rewritten(child, { ...wish, name: child.name } as Wanted<T>, forget));
  }
  return exchanged(
    existing,
    changes,
    [...wishes.values()].map((wish) => present<T>(wish)),
  );
}

function rewritten<T extends object>(child: T, wish: Wanted<T>, forget: readonly (keyof T)[] = []): T {
  const next = brought(child, wish);
  if (next === child) return child;
  const lost = Object.fromEntries(forget.map((field) => [field, undefined]));
  return present<T>({ ...next, ...lost });
}
