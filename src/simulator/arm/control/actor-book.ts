import type { Checked } from "../../../base/checked.ts";
import type { Actors, SetActor } from "../actors/actors.ts";
import { checkActor } from "./actor-spec.ts";
import { Book } from "./book.ts";

/** An actor that was set by data, as the control surface tells of it. */
export interface ListedActor {
  readonly id: string;
  /** As it was written. */
  readonly actor: unknown;
  /** How often it has acted. */
  readonly acted: number;
  /** What went wrong when it acted. */
  readonly failures: readonly string[];
}

/** Actors that were set by data. */
export class ActorBook {
  readonly #actors: Actors;
  readonly #book = new Book<SetActor>();

  constructor(actors: Actors) {
    this.#actors = actors;
  }

  /** Sets one. @returns its id. */
  add(input: unknown): Checked<string> {
    const actor = checkActor(input);
    return actor.ok ? { ok: true, value: this.#book.enter(input, this.#actors.script(actor.value)) } : actor;
  }

  /** Those that are set, in the order they were. */
  list(): readonly ListedActor[] {
    return this.#book.entries().map(({ id, written, handle }) => ({
      id,
      actor: written,
      acted: handle.acted(),
      failures: handle.failures().map(String),
    }));
  }

  /** Sends home the one with this id, or all. @returns how many there were. */
  remove(id?: string): number {
    return this.#book.remove(id);
  }
}
