import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import type { AnswerHeaders } from "../answer-headers.ts";
import { ancestor, parseArmId } from "../arm-id.ts";
import { readCall } from "../call.ts";
import { Occurrences } from "../occurrences.ts";
import { findType } from "../registry.ts";
import type { Store } from "../store.ts";
import type { FaultWorld } from "./strike.ts";

/** What an {@link ArmWorld} is made of. */
export interface ArmWorldParts {
  readonly store: Store;
  readonly headers: AnswerHeaders;
  readonly tenantId: string;
}

/** The simulator as faults see it. */
export class ArmWorld implements FaultWorld {
  readonly tenantId: string;
  readonly #store: Store;
  readonly #headers: AnswerHeaders;
  readonly #occurrences = new Occurrences();

  constructor({ store, headers, tenantId }: ArmWorldParts) {
    this.#store = store;
    this.#headers = headers;
    this.tenantId = tenantId;
  }

  now(): number {
    return this.#store.clock.now();
  }

  complete(request: SimulatedRequest, answer: Answer): Answer {
    const call = readCall(request);
    if (!call.path.toLowerCase().startsWith("/subscriptions")) return answer;
    const nth = this.#occurrences.next(`${call.method} ${call.path.toLowerCase()}`);
    return this.#headers.complete(call, `fault ${nth}`, answer);
  }

  failResource(path: string): void {
    const id = parseArmId(path);
    const found = id && findType(id);
    const record = found && this.#store.get(ancestor(id, found.depth).key);
    if (record === undefined || record.operation !== undefined) return;
    record.state = "Failed";
    record.bump();
  }
}
