import { addressed, dryAnswer, type StandIn } from "./dry-answer.ts";
import { type DryOutcome, DryQueue, type DryQueueOptions } from "./dry-queue.ts";
import type { Arm, ArmResource, Region, TypePolicy, WireBody, Write } from "./engine.ts";
import type { Document, Edit } from "./port.ts";
import { conditionOf } from "./queue/sight.ts";
import { inEffectOf } from "./repair.ts";
import { idKey } from "./resource-id.ts";
import { type ArmTypeName, type ArmTypes, listScopeOf } from "./resource-types.ts";
import { sameModel } from "./same-model.ts";
import { StandIns } from "./stand-ins.ts";

/** What the edits on one resource would come to, in models and as the bodies that would be sent. */
export interface PlannedChange extends DryOutcome<unknown> {
  readonly type: ArmTypeName;
  readonly id: string;
  /** Undefined when the resource is absent. */
  readonly bodyBefore: WireBody | undefined;
  /** Undefined when the resource would be absent. */
  readonly bodyAfter: WireBody | undefined;
}

interface Planned {
  readonly type: ArmTypeName;
  readonly id: string;
  readonly queue: DryQueue<unknown>;
}

interface ShownList {
  readonly listed: readonly unknown[];
  readonly writes: number;
  readonly shown: readonly unknown[];
}

/**
 * An engine that reads through another one and writes nothing: the nouns run on it as they always do, and what they
 * would have written is told by {@link DryArm.changes}. What was written dry is what later reads see, so that the later
 * steps of a pass are planned as well; addresses that only ARM can give out have stand-ins.
 */
export class DryArm implements Arm {
  readonly standIns = new StandIns();
  readonly #arm: Arm;
  /** By type: grows with every write that would be sent. */
  readonly #writes = new Map<ArmTypeName, number>();
  readonly #lists = new Map<string, ShownList>();
  readonly #standIn: StandIn = (of, family) => this.standIns.addressOf(of, family);
  readonly #planned = new Map<string, Planned>();
  readonly #policies: { [K in ArmTypeName]?: TypePolicy<ArmTypes[K]> } = {};

  /** @param arm - is only read from, and stays open. */
  constructor(arm: Arm) {
    this.#arm = arm;
  }

  resource<K extends ArmTypeName>(type: K, id: string): ArmResource<ArmTypes[K]> {
    const real = this.#arm.resource(type, id);
    return {
      id,
      current: async (signal) => this.#overlaid(type, id, () => real.current(signal)),
      read: async (signal) => this.#overlaid(type, id, () => real.read(signal)),
      renew: async (signal) => this.#overlaid(type, id, () => real.renew(signal)),
      submit: (edit, signal) => this.#submit(type, real, edit, signal),
    };
  }

  async list<K extends ArmTypeName>(type: K, scope: string, signal: AbortSignal): Promise<readonly ArmTypes[K][]> {
    return this.#withPlanned(type, scope, await this.#arm.list(type, scope, signal));
  }

  async refresh<K extends ArmTypeName>(type: K, scope: string, signal: AbortSignal): Promise<readonly ArmTypes[K][]> {
    return this.#withPlanned(type, scope, await this.#arm.refresh(type, scope, signal));
  }

  zones(region: Region, signal: AbortSignal): Promise<readonly string[]> {
    return this.#arm.zones(region, signal);
  }

  wire<K extends ArmTypeName>(type: K, id: string, write: Write<ArmTypes[K]>, signal: AbortSignal): Promise<WireBody> {
    return this.#arm.wire(type, id, write, signal);
  }

  govern<K extends ArmTypeName>(type: K, policy: TypePolicy<ArmTypes[K]>): void {
    Object.assign(this.#policies, { [type]: policy });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Every resource that would change, sorted by id. */
  async changes(signal: AbortSignal): Promise<readonly PlannedChange[]> {
    const sorted = [...this.#planned].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const changes: PlannedChange[] = [];
    for (const [, { type, id, queue }] of sorted) {
      const outcome = queue.outcome();
      if (outcome.verb === "nothing") continue;
      const { before, after } = outcome;
      const condition = conditionOf(before);
      const body = async (value: unknown): Promise<WireBody | undefined> =>
        value === undefined ? undefined : await this.wire(type, id, { value: value as object, condition }, signal);
      changes.push({ type, id, ...outcome, bodyBefore: await body(before?.value), bodyAfter: await body(after) });
    }
    return changes;
  }

  async #submit<K extends ArmTypeName>(
    type: K,
    real: ArmResource<ArmTypes[K]>,
    edit: Edit<ArmTypes[K]>,
    signal: AbortSignal,
  ): Promise<ArmTypes[K] | undefined> {
    const queue = this.#queue(type, real);
    const before = queue.planned?.value;
    const after = await queue.submit(edit, signal);
    if (queue.changed && queue.planned?.value !== before) this.#writes.set(type, (this.#writes.get(type) ?? 0) + 1);
    return after?.value;
  }

  async #overlaid<K extends ArmTypeName>(
    type: K,
    id: string,
    read: () => Promise<ArmTypes[K] | undefined>,
  ): Promise<ArmTypes[K] | undefined> {
    const planned = this.#planned.get(idKey(id))?.queue.planned;
    if (planned !== undefined) return planned.value as ArmTypes[K] | undefined;
    const value = await read();
    return value === undefined ? undefined : addressed(type, value, this.#standIn);
  }

  /** One array for as long as nothing changes, as the inventory has it: those who search it keep an index. */
  #withPlanned<K extends ArmTypeName>(type: K, scope: string, listed: readonly ArmTypes[K][]): readonly ArmTypes[K][] {
    const key = `${type} ${idKey(scope)}`;
    const known = this.#lists.get(key);
    const writes = this.#writes.get(type) ?? 0;
    if (known?.listed === listed && known.writes === writes) return known.shown as readonly ArmTypes[K][];
    const shown = writes === 0 ? listed : overlaid(listed, this.#plannedIn(type, scope));
    this.#lists.set(key, { listed, writes, shown });
    return shown;
  }

  #plannedIn<K extends ArmTypeName>(type: K, scope: string): readonly (readonly [string, ArmTypes[K] | undefined])[] {
    return [...this.#planned].flatMap(([key, { type: of, id, queue }]) => {
      const isThere = of === type && queue.changed && idKey(listScopeOf(type, id)) === idKey(scope);
      return isThere ? [[key, queue.planned?.value as ArmTypes[K] | undefined] as const] : [];
    });
  }

  #queue<K extends ArmTypeName>(type: K, real: ArmResource<ArmTypes[K]>): DryQueue<ArmTypes[K]> {
    const key = idKey(real.id);
    const known = this.#planned.get(key)?.queue as DryQueue<ArmTypes[K]> | undefined;
    if (known !== undefined) return known;
    const queue = new DryQueue<ArmTypes[K]>(this.#options(type, real));
    this.#planned.set(key, { type, id: real.id, queue: queue as DryQueue<unknown> });
    return queue;
  }

  #options<K extends ArmTypeName>(type: K, real: ArmResource<ArmTypes[K]>): DryQueueOptions<ArmTypes[K]> {
    const { settle, same = sameModel, prepareRemoval } = this.#policies[type] ?? {};
    const read = async (signal: AbortSignal): Promise<Document<ArmTypes[K]> | undefined> => {
      const value = await known(real, signal);
      return value && { value: addressed(type, value, this.#standIn), etag: etagOf(value) };
    };
    return {
      port: { read },
      same,
      inEffect: inEffectOf(type),
      completed: (value) => dryAnswer(type, real.id, value, this.#standIn),
      ...(settle && { settle }),
      ...(prepareRemoval && { prepareRemoval: (document, signal) => prepareRemoval(real.id, document, signal) }),
    };
  }
}

function overlaid<T extends { readonly id?: string }>(
  listed: readonly T[],
  planned: readonly (readonly [string, T | undefined])[],
): readonly T[] {
  const byKey = new Map(listed.map((value) => [idKey(value.id ?? ""), value]));
  for (const [key, value] of planned) {
    if (value === undefined) byKey.delete(key);
    else byKey.set(key, value);
  }
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** What is known of a resource suffices for a plan; a group that does not exist holds nothing. */
async function known<T>(real: ArmResource<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await real.current(signal);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "NotFound") return undefined;
    throw error;
  }
}

function etagOf(value: object): string | undefined {
  return (value as { readonly etag?: string }).etag;
}
