import type { Clock } from "../../base/clock.ts";
import type { Answer, Interceptor, SimulatedRequest, Timekeeper } from "../http/exchange.ts";
import { Journal } from "../http/journal.ts";
import { type Listener, listen } from "../http/listener.ts";
import { refuseForeigner } from "./control/clock-requests.ts";
import { serveControl } from "./control/serve-control.ts";
import { ControlSurface } from "./control-surface.ts";
import type { ArmSimulatorOptions, WorldOptions } from "./simulator-options.ts";
import { openWorld, type World } from "./world.ts";

/** Where a simulator listens. */
type Sockets = Pick<Listener, "httpUrl" | "httpsUrl" | "ca">;

/** A simulator's sockets and journal, and the world behind them, which a reset replaces. */
export class Host {
  readonly journal: Journal;
  readonly #control = new ControlSurface();
  #world: World;
  #listener: Listener | undefined;

  /** @throws Error when a fault of the script is none. */
  constructor(options: ArmSimulatorOptions) {
    this.journal = new Journal(options.journal?.keep);
    this.#world = openWorld(options);
    serveControl(this.#control, this);
  }

  /** Opens the sockets. @throws Error when a port is taken. */
  async listen({ tls = false, ports }: ArmSimulatorOptions): Promise<void> {
    const clock = (): Clock => this.#world.clock;
    const interceptors = (): Set<Interceptor> => this.#world.interceptors;
    const timekeeper = (): Timekeeper | undefined => this.#world.barrier;
    this.#listener = await listen({
      get clock() {
        return clock();
      },
      get timekeeper() {
        return timekeeper();
      },
      get interceptors() {
        return interceptors();
      },
      exempt: (request) => this.#control.owns(request),
      journal: this.journal,
      tls,
      ...(ports !== undefined && { ports }),
      handle: (request, admitted) => this.#handle(request, admitted),
    });
    this.#world.identity.atHttps(this.#listener.httpsUrl);
  }

  /** What is behind the sockets now. */
  get world(): World {
    return this.#world;
  }

  get sockets(): Sockets {
    return this.#listener ?? { httpUrl: "", httpsUrl: undefined, ca: undefined };
  }

  /** Adds an interceptor, for as long as this world lasts. */
  intercept(interceptor: Interceptor): () => void {
    const { interceptors } = this.#world;
    interceptors.add(interceptor);
    return () => interceptors.delete(interceptor);
  }

  /** Puts a new world in the place of this one. @throws Error when a fault of the script is none: nothing has changed then. */
  reset(options: WorldOptions): void {
    const next = openWorld(options);
    this.#world.engine.operations.close();
    this.#world.barrier?.close();
    this.#listener?.cut();
    this.journal.clear();
    this.#world = next;
    this.#world.identity.atHttps(this.sockets.httpsUrl);
  }

  /** Cuts every connection, frees ports and timers. Idempotent. */
  async close(): Promise<void> {
    this.#world.engine.operations.close();
    await this.#listener?.close();
  }

  async #handle(request: SimulatedRequest, admitted: () => Promise<void>): Promise<Answer> {
    if (this.#control.owns(request)) return await this.#control.handle(request);
    const { identity, door, barrier } = this.#world;
    if (barrier?.isForeign(request.headers) === true) return refuseForeigner();
    return identity.serve(request) ?? (await door.handle(request, admitted));
  }
}
