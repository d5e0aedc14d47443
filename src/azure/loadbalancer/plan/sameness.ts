/** What a field of an ARM document should be; `undefined` spelled out means that it should be absent. */
export type Wanted<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Fields whose letter case ARM ignores: ids, names and words of closed lists, which it may echo in another spelling. */
const CASELESS: ReadonlySet<string> = new Set([
  "id",
  "name",
  "protocol",
  "access",
  "direction",
  "loadDistribution",
  "privateIPAllocationMethod",
  "privateIPAddressVersion",
]);

/**
 * Whether `actual` already is what `wanted` says. Only the fields that `wanted` spells out are looked at, at every
 * depth, so what ARM adds and what others set does not count. Absent, false, the empty text and the empty list are the
 * same: ARM fills in or leaves out either.
 */
export function agrees(actual: unknown, wanted: unknown, field = ""): boolean {
  if (actual === wanted) return true;
  if (isNothing(wanted)) return isNothing(actual);
  if (Array.isArray(wanted)) return Array.isArray(actual) && sameList(actual, wanted);
  if (isRecord(wanted)) return isRecord(actual) && sameFields(actual, wanted);
  return CASELESS.has(field) && sameWord(actual, wanted);
}

function sameFields(actual: Record<string, unknown>, wanted: Record<string, unknown>): boolean {
  return Object.keys(wanted).every((key) => agrees(actual[key], wanted[key], key));
}

function sameWord(actual: unknown, wanted: unknown): boolean {
  if (typeof actual !== "string" || typeof wanted !== "string") return false;
  return actual.length === wanted.length && actual.toLowerCase() === wanted.toLowerCase();
}

function sameList(actual: readonly unknown[], wanted: readonly unknown[]): boolean {
  return actual.length === wanted.length && wanted.every((item, index) => agrees(actual[index], item));
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return Array.isArray(value) && value.length === 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * `actual` with the fields of `wanted` put over it, or `actual` itself when it {@link agrees}. Fields that `wanted` does
 * not name survive; fields that it names as undefined go.
 */
export function brought<T extends object>(actual: T, wanted: Wanted<T>): T {
  return agrees(actual, wanted) ? actual : present({ ...actual, ...wanted });
}

/** A new document from what is wanted: fields that are spelled out as undefined are left out. */
export function present<T extends object>(wanted: Wanted<T>): T {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as T;
}
