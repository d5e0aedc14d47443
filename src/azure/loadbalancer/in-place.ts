import { keyOf, type Service } from "../../cloudprovider/objects.ts";

/** Services that this process has brought in place, each as it was then: what has not changed since need not be looked at. */
export class InPlace {
  /** By key: all that a pass reads of a Service, except its status. */
  readonly #prints = new Map<string, string>();

  /** Whether the last pass over the Service ended well, and the Service asks for the same now. */
  has(service: Service): boolean {
    return this.#prints.get(keyOf(service)) === printOf(service);
  }

  /** A pass over the Service has ended well. */
  note(service: Service): void {
    this.#prints.set(keyOf(service), printOf(service));
  }

  /** A pass is about to begin, or the Service is to go. */
  forget(service: Service): void {
    this.#prints.delete(keyOf(service));
  }
}

function printOf({ metadata: { uid, annotations }, spec }: Service): string {
  return JSON.stringify([uid, annotations, spec]);
}
