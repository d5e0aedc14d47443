import type { Engine } from "./engine.ts";
import type { Draws } from "./latency.ts";
import type { Operation } from "./operations.ts";
import { RESOURCE_TYPES } from "./registry.ts";
import type { ResourceGroup } from "./resource-group.ts";
import type { Store } from "./store.ts";
import { seconds } from "./timing.ts";

/** Deletes resource groups with all that is in them. */
export class GroupDeletion {
  readonly #store: Store;
  readonly #engine: Engine;
  readonly #running = new Map<string, Operation>();
  #count = 0;

  constructor(store: Store, engine: Engine) {
    this.#store = store;
    this.#engine = engine;
  }

  /** Marks the group and starts the operation that calls `finish`; a group that is going already keeps its operation. */
  start(group: ResourceGroup, finish: () => void): Operation {
    const key = `${group.subscription}/${group.name}`.toLowerCase();
    const running = this.#running.get(key);
    if (running !== undefined && group.deleting) return running;
    const { operations, latency } = this.#engine;
    const retryAfter = latency.retryAfterSeconds(15);
    const operation = operations.open({
      id: this.#store.derive.guid("deletion", key, ++this.#count),
      namespace: "Microsoft.Resources",
      location: group.location,
      subscription: group.subscription,
      name: "DeleteResourceGroupOperation",
      verb: "DELETE",
      retryAfter: retryAfter === undefined ? {} : { first: retryAfter, poll: retryAfter },
    });
    group.deleting = true;
    this.#running.set(key, operation);
    const draws: Draws = () => [
      this.#store.derive.fraction("a", operation.id),
      this.#store.derive.fraction("b", operation.id),
    ];
    operations.finishAfter(operation, latency.operationMs(seconds(75, 300), draws), () => {
      this.#running.delete(key);
      operations.end(operation, { status: "Succeeded" });
      finish();
    });
    return operation;
  }

  /** Removes every resource of the group: whatever refers to others goes with them. */
  empty(subscription: string, name: string, direct: boolean): void {
    const prefix = `/subscriptions/${subscription}/resourceGroups/${name}/`.toLowerCase();
    for (const { name: type } of RESOURCE_TYPES) {
      for (const record of this.#store.ofType(type)) {
        if (!record.id.key.startsWith(prefix)) continue;
        if (record.operation !== undefined) this.#engine.operations.end(record.operation, { status: "Succeeded" });
        this.#store.remove(record);
      }
    }
    this.#engine.events.emit({ moment: "completed", method: "DELETE", id: prefix.slice(0, -1), direct });
  }
}
