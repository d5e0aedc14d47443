import type { KubernetesObject, KubernetesSimulator } from "../../simulator/index.ts";
import type { Applied } from "./apply.ts";
import { addressesOf, isSettled, type Standing } from "./outcome.ts";

/** A Service that the demo has applied. */
interface Watched {
  readonly namespace: string;
  readonly name: string;
  readonly createdAtMs: number;
  readyAtMs: number | undefined;
}

/** Which Services can never get an address as they are, and why. */
export type Verdicts = ReadonlyMap<string, string>;

/** Watches the Services that the demo has applied until each has an address or never will. */
export class Witness {
  readonly #kubernetes: KubernetesSimulator;
  readonly #watched: readonly Watched[];
  readonly #hopeless: Verdicts;

  /** @param hopeless - by `<namespace>/<name>`. */
  constructor(kubernetes: KubernetesSimulator, { created }: Applied, hopeless: Verdicts) {
    this.#kubernetes = kubernetes;
    this.#hopeless = hopeless;
    this.#watched = created
      .filter(({ manifest, object }) => isBalancer(manifest.kind, object))
      .map(({ object }) => {
        const { namespace = "default", name } = (object as KubernetesObject).metadata;
        return { namespace, name, createdAtMs: Date.now(), readyAtMs: undefined };
      });
  }

  /** How every Service stands now. */
  standings(): readonly Standing[] {
    const failures = this.#failures();
    return this.#watched.map((watched) => {
      const { namespace, name } = watched;
      const service = this.#kubernetes.get("Service", namespace, name);
      const ips = service === undefined ? [] : addressesOf(service);
      if (ips.length > 0) watched.readyAtMs ??= Date.now();
      const key = `${namespace}/${name}`;
      const verdict = this.#hopeless.get(key);
      return { ...watched, ips, failure: verdict ?? failures.get(key), hopeless: verdict !== undefined };
    });
  }

  /** Resolves when nothing is left to wait for, or `signal` aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    while (!isSettled(this.standings()) && !signal.aborted) await this.#change(signal);
  }

  /** The next request that the API server finished. */
  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = this.#kubernetes.journal.follow(() => {
        end();
        signal.removeEventListener("abort", stop);
        resolve();
      });
      const stop = (): void => {
        end();
        resolve();
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  #failures(): ReadonlyMap<string, string> {
    const events = this.#kubernetes.list("Event").filter(({ reason }) => reason === "SyncLoadBalancerFailed");
    return new Map(
      events.map((event) => {
        const { namespace, name } = event["involvedObject"] as unknown as { namespace: string; name: string };
        return [`${namespace}/${name}`, event["message"] as string];
      }),
    );
  }
}

function isBalancer(kind: string, object: Readonly<Record<string, unknown>>): boolean {
  const spec = object["spec"] as { readonly type?: string; readonly loadBalancerClass?: string } | undefined;
  return kind === "Service" && spec?.type === "LoadBalancer" && spec.loadBalancerClass === undefined;
}
