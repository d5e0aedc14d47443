import { type ArmTypeName, typeNameOf } from "../resource-types.ts";

/** What ARM shows of a write while its operation runs, and after it. */
export interface Telling {
  /**
   * Where the end of a create can be seen: `resource` when the resource itself, alone or in a list, shows a passing state
   * until the operation has ended; `operation` when it does not, or when the operation is cheaper to read.
   */
  readonly createEndsIn: "resource" | "operation";
  /** The answer to a PUT that says `Succeeded` has the etag that the resource has after its operation. */
  readonly answerIsFinal: boolean;
  /** A create may rest on a complete list that does not show the resource, when many are about to be made at once. */
  readonly absenceInLists: boolean;
}

const ORDINARY: Telling = { createEndsIn: "operation", answerIsFinal: false, absenceInLists: false };

/**
 * What is told where, by type (recorded answers in arm-protocol.md, sections 1.13 and 2.1); types that are not here are
 * followed by their operation and read after it.
 *
 * - Public IPs say `Updating` until their operation has ended, and get etag and address then. There are many of them, each
 *   is small, and its name belongs to one Service: what a stale list could hide from a create is what the same Service made.
 * - A balancer says `Succeeded` all the while, in its answer, alone and in lists, and keeps the etag of the answer.
 * - Security groups say `Updating`, but there are few and they are large: the document of the operation is cheaper.
 */
const TELLING: Readonly<Partial<Record<ArmTypeName, Telling>>> = {
  publicIPAddresses: { createEndsIn: "resource", answerIsFinal: false, absenceInLists: true },
  loadBalancers: { createEndsIn: "operation", answerIsFinal: true, absenceInLists: false },
  networkSecurityGroups: ORDINARY,
};

/** What ARM shows of writes of a type. */
export function tellingOf(type: ArmTypeName | undefined): Telling {
  return (type && TELLING[type]) ?? ORDINARY;
}

/** A resource that was made by a write whose operation still runs. */
export interface Created {
  readonly type: ArmTypeName;
  readonly id: string;
  /** ARM's answer to the write: the new resource in its passing state. */
  readonly answer: Wire;
}

type Wire = Readonly<Record<string, unknown>>;

/**
 * What a write has made, if its end can be seen in the resource; else it has to be followed by its operation.
 *
 * Only a create can: its answer names an incarnation of the resource that had no state before this write, so that no stale
 * copy can be mistaken for the end of it. An update may look like an older version of the resource, and a rewrite does.
 */
export function createdBy(method: string, path: string, status: number, body: unknown): Created | undefined {
  const type = method === "PUT" && status === 201 ? typeNameOf(path) : undefined;
  if (type === undefined || tellingOf(type).createEndsIn === "operation") return undefined;
  const answer = asWire(body);
  if (answer === undefined || guidOf(answer) === undefined || !isPassing(stateOf(answer))) return undefined;
  return { type, id: path, answer };
}

/**
 * What a copy of the resource says about the create: `done` when it shows this incarnation in its final state with
 * everything that ARM took from the write; `running` when it shows it in a passing state. Anything else (another
 * incarnation, another content, a failure, no copy at all) is `unclear`: only the operation can tell.
 */
export function judgeCreate({ answer }: Created, copy: unknown): "done" | "running" | "unclear" {
  const seen = asWire(copy);
  if (seen === undefined || guidOf(seen) !== guidOf(answer)) return "unclear";
  const state = stateOf(seen);
  if (isPassing(state)) return "running";
  return state === "succeeded" && holds(seen, answer) ? "done" : "unclear";
}

/** Members that the end of an operation changes. */
const CHANGED_BY_THE_END: ReadonlySet<string> = new Set([
  "etag",
  "provisioningState",
  "ipAddress",
  "ipConfiguration",
  "fqdn",
]);

/** Whether a document holds all that another one does; more than that is no contradiction. Ids are equal in any case. */
function holds(document: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    const list = Array.isArray(document) ? document : [];
    return list.length === part.length && part.every((each, index) => holds(list[index], each));
  }
  const members = asWire(part);
  if (members === undefined) return isEqual(document, part);
  return Object.entries(members).every(
    ([name, value]) => CHANGED_BY_THE_END.has(name) || holds(asWire(document)?.[name], value),
  );
}

function isEqual(left: unknown, right: unknown): boolean {
  if (typeof left !== "string" || typeof right !== "string") return left === right;
  return left === right || (right.startsWith("/subscriptions/") && left.toLowerCase() === right.toLowerCase());
}

const PASSING: ReadonlySet<string> = new Set(["updating", "creating", "accepted"]);

function isPassing(state: string | undefined): boolean {
  return state !== undefined && PASSING.has(state);
}

function stateOf(document: Wire): string | undefined {
  const state = asWire(document["properties"])?.["provisioningState"];
  return typeof state === "string" ? state.toLowerCase() : undefined;
}

function guidOf(document: Wire): string | undefined {
  const guid = asWire(document["properties"])?.["resourceGuid"];
  return typeof guid === "string" && guid !== "" ? guid : undefined;
}

function asWire(value: unknown): Wire | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Wire) : undefined;
}
