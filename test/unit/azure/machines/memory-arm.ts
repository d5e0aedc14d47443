import type { Arm, ArmResource } from "../../../../src/azure/arm/engine.ts";
import type { Edit } from "../../../../src/azure/arm/port.ts";
import { idKey } from "../../../../src/azure/arm/resource-id.ts";
import type { ArmTypeName, ArmTypes } from "../../../../src/azure/arm/resource-types.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";

type Documents = Map<string, { readonly id: string; readonly type: ArmTypeName; value: unknown }>;

/** An engine that keeps its resources in memory and counts what it is asked. */
export class MemoryArm implements Pick<Arm, "resource" | "list" | "refresh"> {
  readonly #documents: Documents = new Map();
  readonly lists: string[] = [];
  readonly refreshes: string[] = [];
  /** Ids of resources that were changed, in order. */
  readonly writes: string[] = [];
  /** Errors by the id whose write they refuse, or by the scope whose list they fail. */
  readonly failures = new Map<string, Error>();
  /** Called in every write before it takes effect. */
  beforeWrite: (id: string) => Promise<void> = async () => {};

  put<K extends ArmTypeName>(type: K, value: ArmTypes[K] & { readonly id: string }): void {
    this.#documents.set(`${type} ${idKey(value.id)}`, { id: value.id, type, value });
  }

  get<K extends ArmTypeName>(type: K, id: string): ArmTypes[K] | undefined {
    return this.#documents.get(`${type} ${idKey(id)}`)?.value as ArmTypes[K] | undefined;
  }

  delete(type: ArmTypeName, id: string): void {
    this.#documents.delete(`${type} ${idKey(id)}`);
  }

  resource<K extends ArmTypeName>(type: K, id: string): ArmResource<ArmTypes[K]> {
    const read = async (): Promise<ArmTypes[K] | undefined> => this.get(type, id);
    const submit = async (edit: Edit<ArmTypes[K]>, signal: AbortSignal): Promise<ArmTypes[K] | undefined> => {
      await this.beforeWrite(id);
      signal.throwIfAborted();
      const failure = this.failures.get(id);
      if (failure !== undefined) throw failure;
      const before = this.get(type, id);
      const after = edit.apply(before);
      if (after === before || after === undefined) return before;
      this.writes.push(id);
      this.put(type, { ...after, id });
      return after;
    };
    return { id, current: read, read, renew: read, submit };
  }

  async list<K extends ArmTypeName>(type: K, scope: string): Promise<readonly ArmTypes[K][]> {
    this.lists.push(`${type} ${scope}`);
    return this.#below(type, scope);
  }

  async refresh<K extends ArmTypeName>(type: K, scope: string): Promise<readonly ArmTypes[K][]> {
    this.refreshes.push(`${type} ${scope}`);
    return this.#below(type, scope);
  }

  #below<K extends ArmTypeName>(type: K, scope: string): readonly ArmTypes[K][] {
    const failure = this.failures.get(scope);
    if (failure !== undefined) throw failure;
    const inScope = [...this.#documents.values()].filter(
      (each) => each.type === type && idKey(each.id).startsWith(`${idKey(scope)}/`),
    );
    if (inScope.length === 0 && scope.includes("gone")) throw new CloudError("NotFound", `${scope} is not there`);
    return inScope.map(({ value }) => value as ArmTypes[K]);
  }
}
