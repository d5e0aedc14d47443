/** Members that ARM owns and changes by itself: a difference in them is no wish of ours. */
const OWNED_BY_ARM: ReadonlySet<string> = new Set(["etag", "provisioningState", "resourceGuid"]);

/**
 * Whether two models of the SDK ask ARM for the same: deep equality in which an absent member, an undefined one and an
 * empty list are equal, and what ARM owns is left out. The order of a list counts.
 */
export function sameModel(left: unknown, right: unknown): boolean {
  if (left === right || (isNothing(left) && isNothing(right))) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, index) => sameModel(each, right[index]));
  }
  return isMembers(left) && isMembers(right) ? sameMembers(left, right) : sameMoment(left, right);
}

type Members = Readonly<Record<string, unknown>>;

function sameMembers(left: Members, right: Members): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => OWNED_BY_ARM.has(name) || sameModel(left[name], right[name]));
}

function sameMoment(left: unknown, right: unknown): boolean {
  return left instanceof Date && right instanceof Date && left.getTime() === right.getTime();
}

function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
