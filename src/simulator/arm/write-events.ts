/** Where a write stands: its body is shown; it is in effect; its operation failed, or was taken over by a newer one. */
export type WriteMoment = "accepted" | "completed" | "failed" | "canceled";

/** One moment in the life of one write. */
export interface WriteEvent {
  readonly moment: WriteMoment;
  readonly method: "PUT" | "PATCH" | "DELETE" | "POST";
  /** Id of the resource, child or resource group that was written. */
  readonly id: string;
  /** Somebody's write past the sockets: an actor, a seed. */
  readonly direct: boolean;
}

/** Tells of every write at every moment of its life, after what changes at that moment has changed. */
export class WriteEvents {
  readonly #listeners = new Set<(event: WriteEvent) => void>();

  /** Calls `listener` with each event from now on, in the same turn; returns the function that ends it. */
  follow(listener: (event: WriteEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(event: WriteEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
