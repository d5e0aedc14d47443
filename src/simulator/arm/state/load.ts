import { type Checked, checked, type Problem } from "../../../base/checked.ts";
import { type ArmId, parseArmId } from "../arm-id.ts";
import type { Operation } from "../operations.ts";
import type { ResourceRecord } from "../record.ts";
import { typeNamed } from "../registry.ts";
import type { ResourceType } from "../resource-type.ts";
import type { Store } from "../store.ts";
import { INTERRUPTED, type StateParts } from "./dump.ts";
import type { DumpedResource, SimulatorState } from "./state.ts";

interface Revival {
  readonly dumped: DumpedResource;
  readonly id: ArmId;
  readonly type: ResourceType;
}

/**
 * Puts a dump in the place of everything there is: GETs answer what they answered when it was taken. Operations that run
 * here are forgotten.
 *
 * @returns how many resources there are now; what is wrong with the dump otherwise, and nothing has changed.
 */
export function loadState(state: SimulatorState, parts: StateParts): Checked<number> {
  const revivals = state.resources.map(revivalOf);
  const problems = [...foreign(state, parts), ...revivals.flatMap((one) => (one.ok ? [] : one.problems))];
  if (problems.length > 0) return checked(0, problems);
  const { store, operations, subscriptions } = parts;
  store.reset({
    generations: new Map(Object.entries(state.generations)),
    publicAddresses: new Map(Object.entries(state.publicAddresses)),
    privateAddresses: state.privateAddresses,
  });
  operations.reset(state.operations.map((dumped): Operation => ({ ...dumped, output: dumped.output })));
  subscriptions.reset(
    state.subscriptions,
    state.resourceGroups.map((group) => ({ ...group, tags: group.tags, deleting: false })),
  );
  const found = revivals.flatMap((one) => (one.ok ? one.value : []));
  const revived = found.map((revival) => ({ dumped: revival.dumped, record: revive(revival, store) }));
  for (const { record } of revived) store.index(record);
  for (const { record, dumped } of revived) settleEtag(record, dumped);
  for (const { record, dumped } of revived) if (dumped.interrupted === true) interrupt(record, store);
  parts.history.restart();
  return { ok: true, value: revived.length };
}

/** Guids and etags follow from seed and tenant: a dump of another one would not be itself here. */
function foreign(state: SimulatorState, { seed, tenantId }: StateParts): readonly Problem[] {
  const pairs = [
    { field: "seed", got: state.seed, own: seed },
    { field: "tenantId", got: state.tenantId, own: tenantId },
  ];
  return pairs.flatMap(({ field, got, own }) =>
    got === own ? [] : { field, got, want: `${own}, which this simulator was started with` },
  );
}

function revivalOf(dumped: DumpedResource, index: number): Checked<Revival> {
  const id = parseArmId(dumped.id);
  const type = typeNamed(dumped.type);
  const field = `resources[${index}]`;
  if (id === undefined) return checkedAs(`${field}.id`, dumped.id, "the id of a resource");
  if (type === undefined) return checkedAs(`${field}.type`, dumped.type, "a type that the simulator serves");
  return { ok: true, value: { dumped, id, type } };
}

function checkedAs(field: string, got: string, want: string): Checked<never> {
  return { ok: false, problems: [{ field, got, want }] };
}

function revive({ dumped, id, type }: Revival, store: Store): ResourceRecord {
  const { generation, createdMs, shown, effect, computed, hidden, state, failure } = dumped;
  const record = store.revive({ id, type, generation, createdMs });
  const { operationCount, lastOperation } = dumped;
  Object.assign(record, { shown, effect, computed, hidden, state, failure, operationCount, lastOperation });
  store.insert(record);
  return record;
}

/** Taking up references counts as a change of both ends: what was counted before is undone. */
function settleEtag(record: ResourceRecord, { etagNumber }: DumpedResource): void {
  record.etagNumber = etagNumber;
  record.touch();
}

function interrupt(record: ResourceRecord, store: Store): void {
  record.state = "Failed";
  record.failure = INTERRUPTED;
  record.bump();
  record.type.ended?.(record, store, false);
}
