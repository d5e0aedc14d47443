import { type DryOutcome, DryQueue } from "./dry-queue.ts";
import type { Arm, ArmResource, Region, TypePolicy } from "./engine.ts";
import { inEffect } from "./repair.ts";
import { idKey } from "./resource-id.ts";
import type { ArmTypeName, ArmTypes } from "./resource-types.ts";
import { sameModel } from "./same-model.ts";

/** What the edits on one resource would come to. */
export interface PlannedChange extends DryOutcome<unknown> {
  readonly type: ArmTypeName;
  readonly id: string;
}

interface Planned {
  readonly type: ArmTypeName;
  readonly id: string;
  readonly queue: DryQueue<unknown>;
}

/**
 * An engine that reads through another one and writes nothing: the nouns run on it as they always do, and what they
 * would have written is told by {@link DryArm.changes}.
 */
export class DryArm implements Arm {
  readonly #arm: Arm;
  readonly #planned = new Map<string, Planned>();
  readonly #policies: { [K in ArmTypeName]?: TypePolicy<ArmTypes[K]> } = {};

  /** @param arm - is only read from, and stays open. */
  constructor(arm: Arm) {
    this.#arm = arm;
  }

  resource<K extends ArmTypeName>(type: K, id: string): ArmResource<ArmTypes[K]> {
    const real = this.#arm.resource(type, id);
    return {
      ...real,
      submit: async (edit, signal) => (await this.#queue(type, real).submit(edit, signal))?.value,
    };
  }

  list<K extends ArmTypeName>(type: K, scope: string, signal: AbortSignal): Promise<readonly ArmTypes[K][]> {
    return this.#arm.list(type, scope, signal);
  }

  refresh<K extends ArmTypeName>(type: K, scope: string, signal: AbortSignal): Promise<readonly ArmTypes[K][]> {
    return this.#arm.refresh(type, scope, signal);
  }

  zones(region: Region, signal: AbortSignal): Promise<readonly string[]> {
    return this.#arm.zones(region, signal);
  }

  govern<K extends ArmTypeName>(type: K, policy: TypePolicy<ArmTypes[K]>): void {
    Object.assign(this.#policies, { [type]: policy });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Every resource that would change, sorted by id. */
  async changes(signal: AbortSignal): Promise<readonly PlannedChange[]> {
    const changes: PlannedChange[] = [];
    for (const [, { type, id, queue }] of [...this.#planned].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const outcome = await queue.outcome(signal);
      if (outcome.verb !== "nothing") changes.push({ type, id, ...outcome });
    }
    return changes;
  }

  #queue<K extends ArmTypeName>(type: K, real: ArmResource<ArmTypes[K]>): DryQueue<ArmTypes[K]> {
    const key = idKey(real.id);
    const known = this.#planned.get(key)?.queue as DryQueue<ArmTypes[K]> | undefined;
    if (known !== undefined) return known;
    const { settle, same = sameModel } = this.#policies[type] ?? {};
    const read = async (signal: AbortSignal) => {
      const value = await real.read(signal);
      return value && { value, etag: undefined };
    };
    const queue = new DryQueue<ArmTypes[K]>({ port: { read }, same, inEffect, ...(settle && { settle }) });
    this.#planned.set(key, { type, id: real.id, queue: queue as DryQueue<unknown> });
    return queue;
  }
}
