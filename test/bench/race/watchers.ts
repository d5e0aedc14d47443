import { systemClock } from "../../../src/base/clock.ts";
import { silentLogger } from "../../../src/base/logger.ts";
import { noMetrics } from "../../../src/base/metrics.ts";
import type { Service } from "../../../src/cloudprovider/index.ts";
import type { Connection } from "../../../src/controller/index.ts";
import { projectService, Reflector, Store } from "../../../src/controller/index.ts";
import type { Oracles } from "../../../src/simulator/index.ts";
import { serviceManifest, serviceNames } from "./cluster.ts";

/** What Services of the bench carry, so that they can be found and deleted. */
export const LABEL = { key: "azure-ccm-bench", value: "services" } as const;

/** Services that are applied to any API server, and watched until each has an address. Real time. */
export class Watchers {
  readonly #connection: Connection;
  readonly #oracles: Oracles | undefined;
  readonly #store = new Store<Service>(silentLogger);
  readonly #waitedMs = new Map<string, number>();
  readonly #done = Promise.withResolvers<void>();
  readonly #waiting = new Set<string>();
  #appliedAtMs = 0;

  /** @param oracles - those of the simulator, where it is in this process; they hear of every address. */
  constructor(connection: Connection, oracles?: Oracles) {
    this.#connection = connection;
    this.#oracles = oracles;
    this.#store.subscribe({ updated: (_, service) => this.#look(service) });
  }

  /** Watches Services until `signal` aborts; resolves when the first list is in. */
  async watch(signal: AbortSignal): Promise<void> {
    const reflector = new Reflector({
      connection: this.#connection,
      path: "/api/v1/namespaces/default/services",
      project: (raw) => projectService(raw),
      store: this.#store,
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
    });
    void reflector.run(signal);
    await this.#store.whenSynced;
  }

  /** Applies so many Services, all at once. @throws ApiError when the server refuses one, such as one that exists. */
  async apply(count: number, seed: string, signal: AbortSignal): Promise<void> {
    const names = serviceNames(count);
    for (const name of names) {
      this.#waiting.add(name);
      this.#oracles?.ask({ name, ports: [{ port: 80 }] });
    }
    this.#appliedAtMs = performance.now();
    await Promise.all(names.map((name) => this.#create(serviceManifest(name, seed), signal)));
  }

  get ready(): Promise<void> {
    return this.#done.promise;
  }

  /** Milliseconds that each Service has waited for its address; those without one are not in it. */
  get waitedMs(): ReadonlyMap<string, number> {
    return this.#waitedMs;
  }

  /** What warnings about the Services say, newest last. */
  async warnings(signal: AbortSignal): Promise<readonly string[]> {
    const path = "/api/v1/namespaces/default/events";
    const { items = [] } = (await this.#connection.call({ method: "GET", path }, signal)) as Events;
    return items
      .filter(({ type }) => type === "Warning")
      .map(({ involvedObject, message }) => `${involvedObject?.name}: ${message}`);
  }

  async #create(manifest: object, signal: AbortSignal): Promise<void> {
    const path = "/api/v1/namespaces/default/services";
    const { metadata, ...rest } = manifest as { readonly metadata: object };
    const body = { ...rest, metadata: { ...metadata, labels: { [LABEL.key]: LABEL.value } } };
    await this.#connection.call({ method: "POST", path, body }, signal);
  }

  #look({ metadata: { name }, status }: Service): void {
    const addresses = (status.loadBalancer.ingress ?? []).flatMap(({ ip }) => ip ?? []);
    if (addresses.length === 0 || !this.#waiting.delete(name)) return;
    this.#waitedMs.set(name, performance.now() - this.#appliedAtMs);
    this.#oracles?.published(name, addresses);
    if (this.#waiting.size === 0) this.#done.resolve();
  }
}

interface Events {
  readonly items?: readonly {
    readonly type?: string;
    readonly message?: string;
    readonly involvedObject?: { readonly name?: string };
  }[];
}
