import type { KubernetesSimulator, OracleOptions, Oracles } from "../../../src/simulator/index.ts";
import { serviceManifest, serviceNames } from "./cluster.ts";

/** Where a wave runs. */
export interface WaveParts {
  readonly kubernetes: KubernetesSimulator;
  readonly oracles: Oracles;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Services that are applied at once, seen by the API server's own eyes; the oracles hear of every address published. */
export class Witness {
  readonly #parts: WaveParts;
  readonly #waiting = new Set<string>();
  readonly #waitedMs = new Map<string, number>();
  #done = Promise.withResolvers<void>();
  readonly #end: () => void;
  #applied = 0;
  #appliedAtMs = 0;

  /** Arms the oracles. */
  constructor(parts: WaveParts, options: OracleOptions) {
    this.#parts = parts;
    parts.oracles.arm(options);
    this.#end = parts.kubernetes.intercept(({ stage, request: { method, url } }) => {
      const name = method === "GET" ? undefined : nameIn(url.pathname);
      if (stage === "committed" && name !== undefined) this.#look(name);
      return undefined;
    });
  }

  /** Applies so many more Services; their uids follow from `seed`. */
  apply(count: number, seed: string): void {
    const names = serviceNames(count, this.#applied);
    this.#applied += count;
    this.#done = Promise.withResolvers();
    for (const name of names) {
      this.#waiting.add(name);
      this.#parts.oracles.ask({ name, ports: [{ port: 80 }] });
    }
    this.#appliedAtMs = this.#parts.now();
    for (const name of names) this.#parts.kubernetes.create(serviceManifest(name, seed));
  }

  /** Resolves when every Service that was applied by now has an address. */
  get ready(): Promise<void> {
    return this.#done.promise;
  }

  /** Milliseconds that each Service has waited for its address since its wave was applied, by name; those without one are not in it. */
  get waitedMs(): ReadonlyMap<string, number> {
    return this.#waitedMs;
  }

  /** What warnings say, newest last: why something has not come. */
  warnings(): readonly string[] {
    return this.#parts.kubernetes
      .list("Event")
      .filter(({ type }) => type === "Warning")
      .map(
        (event) => `${(event["involvedObject"] as unknown as { name: string }).name}: ${event["message"] as string}`,
      );
  }

  /** Looks no more. @throws Error with every violation of the oracles. */
  close(): void {
    this.#end();
    this.#parts.oracles.assertSilent();
  }

  #look(name: string): void {
    const { kubernetes, oracles, now } = this.#parts;
    const status = kubernetes.get("Service", "default", name)?.["status"] as
      | { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip: string }[] } }
      | undefined;
    const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
    if (addresses.length === 0) return;
    oracles.published(name, addresses);
    if (!this.#waiting.delete(name)) return;
    this.#waitedMs.set(name, now() - this.#appliedAtMs);
    if (this.#waiting.size === 0) this.#done.resolve();
  }
}

function nameIn(path: string): string | undefined {
  return /\/namespaces\/default\/services\/([^/]+)\/status$/.exec(path)?.[1];
}
