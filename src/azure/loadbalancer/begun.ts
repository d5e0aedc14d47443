import { idKey } from "../arm/resource-id.ts";

interface Traces {
  readonly balancers: ReadonlySet<string>;
  readonly publicIps: ReadonlySet<string>;
}

const NONE: Traces = { balancers: new Set(), publicIps: new Set() };

/**
 * What passes of this process may have sent for each Service, whether a list shows it yet or not: a pass that was
 * aborted leaves writes on their way, and whoever cleans up has to wait for them.
 */
export class Begun {
  readonly #traces = new Map<string, Traces>();

  /** Whether something may be under way or in place for a Service. */
  has(key: string): boolean {
    return this.#traces.has(key);
  }

  /** A write of this balancer is about to be handed in. */
  balancer(key: string, name: string): void {
    const traces = this.#traces.get(key) ?? NONE;
    this.#traces.set(key, { ...traces, balancers: new Set([...traces.balancers, name]) });
  }

  /** A write of this public IP, full id, is about to be handed in. */
  publicIp(key: string, id: string): void {
    const traces = this.#traces.get(key) ?? NONE;
    this.#traces.set(key, { ...traces, publicIps: new Set([...traces.publicIps, idKey(id)]) });
  }

  /** Names of the balancers, sorted. */
  balancersOf(key: string): readonly string[] {
    return [...(this.#traces.get(key) ?? NONE).balancers].toSorted();
  }

  /** Comparable ids of the public IPs, sorted. */
  publicIpsOf(key: string): readonly string[] {
    return [...(this.#traces.get(key) ?? NONE).publicIps].toSorted();
  }

  /** ARM has confirmed that the Service is on this and on nothing else. */
  only(key: string, balancer: string, publicIps: readonly string[]): void {
    this.#traces.set(key, { balancers: new Set([balancer]), publicIps: new Set(publicIps.map(idKey)) });
  }

  /** ARM has confirmed that nothing is left. */
  forget(key: string): void {
    this.#traces.delete(key);
  }
}
