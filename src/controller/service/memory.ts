import type { Service } from "../../cloudprovider/index.ts";
import type { Members } from "./nodes.ts";

/** What the controller remembers of one Service between passes. Nothing of it outlives the process; nothing needs to. */
export interface Remembered {
  /** As last handed to the cloud. */
  readonly service: Service;
  /** The members it was last asked to have; undefined when it was never asked by this process. */
  readonly members: Members | undefined;
}

/** Services that were handed to the cloud, by key. */
export class ServiceMemory {
  readonly #entries = new Map<string, Remembered>();

  get(key: string): Remembered | undefined {
    return this.#entries.get(key);
  }

  /** Keys of all remembered Services. The array is the caller's. */
  keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Remembers that `service` is about to be handed to the cloud. */
  setService(key: string, service: Service): void {
    this.#entries.set(key, { service, members: this.#entries.get(key)?.members });
  }

  /** Remembers which members the cloud is about to be asked for. */
  setMembers(key: string, members: Members): void {
    const known = this.#entries.get(key);
    if (known !== undefined) this.#entries.set(key, { ...known, members });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
