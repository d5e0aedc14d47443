import { abortReason, type Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import type { Metrics } from "../../base/metrics.ts";
import type { CloudProvider, EventSink, Lister, Node, Service } from "../../cloudprovider/index.ts";
import { Connection, type ConnectionSettings } from "./connection.ts";
import { EventRecorder } from "./events.ts";
import { projectNode, projectService } from "./projections.ts";
import { Reflector } from "./reflector.ts";
import { type ServiceWriter, serviceWriter } from "./service-writer.ts";
import { Store } from "./store.ts";

/** What a manager gives to each of its controllers. */
export interface ControllerWorld {
  readonly cloud: CloudProvider;
  readonly clusterName: string;
  readonly services: Store<Service>;
  readonly nodes: Store<Node>;
  readonly writer: ServiceWriter;
  /** A sink for events that say they come from `component`. */
  readonly events: (component: string) => EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A loop that a manager runs. */
export interface Controller {
  /** As `--controllers` names it: `service-lb-controller`. */
  readonly name: string;
  /**
   * Subscribes to the stores and works until `signal` aborts; the promise resolves when all work has ended, and does not
   * reject. Undefined when this cloud does not offer what the controller needs.
   */
  start(world: ControllerWorld, signal: AbortSignal): Promise<void> | undefined;
}

/** How to build a manager. */
export interface ManagerOptions {
  /** The way to the API server; see `connectionSettings` for kubeconfigs and pods. */
  readonly connection: ConnectionSettings;
  readonly cloud: CloudProvider;
  /** Tells the clusters of one subscription apart: `--cluster-name`. */
  readonly clusterName: string;
  readonly controllers: readonly Controller[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Starts although the cloud cannot tell clusters apart: `--allow-untagged-cloud`. */
  readonly allowUntaggedCloud?: boolean;
  /** Stops the manager, as {@link Manager.stop} does. */
  readonly signal?: AbortSignal;
}

/** Controllers at work. */
export interface Manager {
  readonly services: Lister<Service>;
  readonly nodes: Lister<Node>;
  /** Names of the controllers that were started. */
  readonly running: readonly string[];
  /** Resolves when the first lists are in and the controllers work; rejects when the manager is stopped before that. */
  readonly ready: Promise<void>;
  /** Resolves when the manager has stopped, whoever asked for it. */
  readonly stopped: Promise<void>;
  /** Ends all waiting, lets writes that were sent get their answer, sends the last events, closes. Idempotent. */
  stop(): Promise<void>;
  /** Drops everything at once, in the middle of whatever is going on, and writes nothing more: as if the process died. */
  kill(): void;
}

/** Longest that a stopping manager waits for its last events to be sent. */
const LAST_EVENTS_MS = 2000;

/**
 * Connects a cloud to a cluster: mirrors Services and Nodes, initializes the cloud with them, starts the controllers.
 * An API server that does not answer is waited for.
 *
 * @throws Error when the cloud cannot tell clusters apart, or does not initialize.
 */
export async function startManager(options: ManagerOptions): Promise<Manager> {
  const { cloud, signal } = options;
  if (!cloud.hasClusterId && options.allowUntaggedCloud !== true) {
    throw new Error("no ClusterID found: a ClusterID is required for the cloud provider to function properly");
  }
  if (signal?.aborted === true) throw abortReason(signal);
  const running = new RunningManager(options);
  signal?.addEventListener("abort", () => void running.stop(), { once: true });
  try {
    await running.start();
  } catch (error) {
    running.kill();
    throw error;
  }
  return running;
}

class RunningManager implements Manager {
  readonly services: Store<Service>;
  readonly nodes: Store<Node>;
  readonly running: string[] = [];
  readonly #options: ManagerOptions;
  readonly #connection: Connection;
  readonly #recorder: EventRecorder;
  /** Ends controllers and the cloud's own work. */
  readonly #working = new AbortController();
  /** Ends what they stand on: mirrors and events. */
  readonly #serving = new AbortController();
  readonly #controllers: Promise<void>[] = [];
  readonly #mirrors: Promise<void>[] = [];
  readonly #stopped = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<void>();
  #stopping: Promise<void> | undefined;

  constructor(options: ManagerOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#connection = new Connection(options.connection, clock);
    this.#recorder = new EventRecorder({ ...options, connection: this.#connection });
    this.services = new Store(logger);
    this.nodes = new Store(logger);
    this.#ready.promise.catch(() => {}); // nobody has to wait for it
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  async start(): Promise<void> {
    const { cloud, clusterName, clock, logger, metrics, controllers } = this.#options;
    const { services, nodes } = this;
    this.#mirror();
    const events = (component: string): EventSink => this.#recorder.sink(component);
    const signal = this.#working.signal;
    await cloud.initialize({ services, nodes, events: events(`${cloud.name}-cloud-provider`), signal });
    signal.throwIfAborted();
    const writer = serviceWriter(this.#connection);
    const world = { cloud, clusterName, services, nodes, writer, events, clock, logger, metrics };
    for (const controller of controllers) {
      const work = controller.start({ ...world, logger: logger.child({ controller: controller.name }) }, signal);
      if (work === undefined) {
        logger.warn("a controller does not start: this cloud does not offer what it needs", { name: controller.name });
        continue;
      }
      this.running.push(controller.name);
      this.#controllers.push(
        work.catch((error: unknown) =>
          logger.error("a controller has ended in an unexpected way", { name: controller.name, error }),
        ),
      );
    }
    void Promise.all([services.whenSynced, nodes.whenSynced]).then(() => this.#ready.resolve());
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  kill(): void {
    this.#connection.kill();
    this.#end();
    this.#stopping ??= Promise.resolve();
    this.#stopped.resolve();
  }

  async #stop(): Promise<void> {
    this.#working.abort(new Error("the controller manager is stopping"));
    await Promise.all(this.#controllers);
    const { clock } = this.#options;
    const patience = Promise.withResolvers<void>();
    const cancel = clock.schedule(LAST_EVENTS_MS, patience.resolve);
    await Promise.race([this.#recorder.drained(), patience.promise]);
    cancel();
    this.#end();
    await Promise.all(this.#mirrors);
    this.#connection.kill();
    this.#stopped.resolve();
  }

  #end(): void {
    const reason = new Error("the controller manager has stopped");
    this.#working.abort(reason);
    this.#serving.abort(reason);
    this.#ready.reject(reason);
  }

  #mirror(): void {
    const { clock, logger, metrics } = this.#options;
    const signal = this.#serving.signal;
    const shared = { connection: this.#connection, clock, logger, metrics };
    const services = { ...shared, path: "/api/v1/services", project: projectService, store: this.services };
    const nodes = { ...shared, path: "/api/v1/nodes", project: projectNode, store: this.nodes };
    this.#mirrors.push(
      new Reflector(services).run(signal),
      new Reflector(nodes).run(signal),
      this.#recorder.run(signal),
    );
  }
}
