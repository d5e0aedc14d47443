import type { JsonObject } from "../json.ts";
import type { ListHistory } from "../list-history.ts";
import type { Operation, Operations } from "../operations.ts";
import type { ResourceRecord } from "../record.ts";
import type { ResourceGroup } from "../resource-group.ts";
import type { Store } from "../store.ts";
import type { Subscriptions } from "../subscriptions.ts";
import { type DumpedOperation, type DumpedResource, type SimulatorState, STATE_VERSION } from "./state.ts";

/** What a dump is taken of and loaded into. */
export interface StateParts {
  readonly store: Store;
  readonly operations: Operations;
  readonly subscriptions: Subscriptions;
  readonly history: ListHistory;
  readonly seed: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** Error of an operation that ran when a dump was taken. */
export const INTERRUPTED: JsonObject = {
  code: "Canceled",
  message: "Operation was canceled: the simulator's state was saved while it ran.",
};

/**
 * The state as it is now. Nothing changes by it. An operation that runs is dumped as cancelled: after a load its resource
 * shows the new body in state Failed over the old effect, as after any operation that real ARM cancels.
 */
export function dumpState(parts: StateParts): SimulatorState {
  const { store, operations, subscriptions, seed, tenantId, subscriptionId } = parts;
  const { generations, publicAddresses, privateAddresses } = store.memory();
  const savedAtMs = store.clock.now();
  return {
    version: STATE_VERSION,
    savedAtMs,
    seed,
    tenantId,
    subscriptionId,
    subscriptions: [...subscriptions.ids()],
    resourceGroups: subscriptions.groups().map(dumpedGroup),
    generations: sortedObject(generations),
    publicAddresses: sortedObject(publicAddresses),
    privateAddresses: [...privateAddresses],
    resources: [...store.all()].map(dumpedResource),
    operations: operations.all().map((operation) => dumpedOperation(operation, savedAtMs)),
  };
}

function dumpedGroup({ subscription, name, location, tags }: ResourceGroup): SimulatorState["resourceGroups"][number] {
  return { subscription, name, location, ...(tags !== undefined && { tags }) };
}

function dumpedResource(record: ResourceRecord): DumpedResource {
  const { id, type, generation, createdMs, shown, effect, computed, hidden } = record;
  const { state, failure, operation, operationCount, lastOperation, etagNumber } = record;
  const runs = operation !== undefined || (state !== "Succeeded" && state !== "Failed");
  return {
    id: id.text,
    type: type.name,
    generation,
    createdMs,
    shown,
    ...(effect !== undefined && { effect }),
    computed,
    hidden,
    state,
    ...(failure !== undefined && { failure }),
    ...(runs && { interrupted: true }),
    operationCount,
    lastOperation,
    etagNumber,
  };
}

function dumpedOperation(operation: Operation, nowMs: number): DumpedOperation {
  const { endedMs = nowMs, end = { status: "Canceled", error: INTERRUPTED }, output, ...start } = operation;
  return { ...start, endedMs, end, ...(output !== undefined && { output }) };
}

function sortedObject<T>(entries: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
