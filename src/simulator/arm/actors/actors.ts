import type { Interceptor, Stage } from "../../http/exchange.ts";
import { type FaultTarget, Matcher } from "../faults/fault-target.ts";
import type { Phases } from "../faults/phases.ts";
import type { ActorsHands, Deed } from "./deed.ts";
import { type DeedData, deedOf } from "./deed-data.ts";

/** When an actor acts. */
export interface Cue extends FaultTarget {
  /**
   * `received` and `admitted`: before the request takes effect, between our read and our write; `committed`: its effect
   * is in, the answer still to come; `answered`: the answer has left.
   */
  readonly at: Stage;
}

/** One scripted actor. */
export interface ScriptedActor {
  readonly when: Cue;
  readonly do: Deed | DeedData;
}

/** An actor that was set. */
export interface SetActor {
  /** How often it has acted. */
  acted(): number;
  /** What went wrong when it acted: an `ArmError` where ARM refused. The request takes its course all the same. */
  failures(): readonly Error[];
  /** Sends it home. */
  remove(): void;
}

/**
 * Somebody else in the subscription: a human at the portal, a second cluster. What an actor writes is validated as a PUT
 * would be, gives new etags, is at once in effect and is not in the journal.
 */
export class Actors {
  readonly #intercept: (interceptor: Interceptor) => () => void;
  readonly #phases: Phases;
  readonly #hands: ActorsHands;

  constructor(intercept: (interceptor: Interceptor) => () => void, phases: Phases, hands: ActorsHands) {
    this.#intercept = intercept;
    this.#phases = phases;
    this.#hands = hands;
  }

  /** Lets somebody act when a request comes by. The request waits until they are done, and then takes its course. */
  script({ when, do: deed }: ScriptedActor): SetActor {
    const matcher = new Matcher(when);
    const failures: Error[] = [];
    const act = typeof deed === "function" ? deed : deedOf(deed);
    const remove = this.#intercept(async (exchange) => {
      const addressed = this.#phases.address(exchange);
      if (exchange.stage !== when.at || !matcher.hits(addressed)) return undefined;
      await this.#act(act, failures);
      return undefined;
    });
    return { acted: () => matcher.fired, failures: () => failures, remove };
  }

  async #act(deed: Deed, failures: Error[]): Promise<void> {
    try {
      await deed(this.#hands);
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
