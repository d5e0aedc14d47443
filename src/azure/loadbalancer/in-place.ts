import { keyOf, type Service } from "../../cloudprovider/objects.ts";
import type { AccessClaim } from "./plan/access-rules.ts";
import type { BalancerWish } from "./plan/balancer.ts";

/** What a pass has brought about for a Service: by these two anybody can tell whether it still is so. */
export interface Placed {
  readonly wish: BalancerWish;
  readonly claim: AccessClaim;
}

interface Entry {
  /** All that a pass reads of a Service, except its status. */
  readonly print: string;
  readonly placed: Placed;
}

/** Services that this process has brought in place, each as it was then: what has not changed since need not be planned. */
export class InPlace {
  readonly #entries = new Map<string, Entry>();

  /** What was brought about, if the last pass over the Service ended well and it asks for the same now. */
  of(service: Service): Placed | undefined {
    const entry = this.#entries.get(keyOf(service));
    return entry?.print === printOf(service) ? entry.placed : undefined;
  }

  /** A pass over the Service has ended well. */
  note(service: Service, placed: Placed): void {
    this.#entries.set(keyOf(service), { print: printOf(service), placed });
  }

  /** A pass is about to begin, or the Service is to go. */
  forget(service: Service): void {
    this.#entries.delete(keyOf(service));
  }
}

function printOf({ metadata: { uid, annotations }, spec }: Service): string {
  return JSON.stringify([uid, annotations, spec]);
}
