import { randomUUID } from "node:crypto";
import { abortReason, type Clock } from "../../base/clock.ts";
import { CloudError } from "../../cloudprovider/errors.ts";
import { attributed } from "./attributed-port.ts";
import { CallScope } from "./call-scope.ts";
import { type ArmEndpoint, createClients } from "./clients.ts";
import { tellingOf } from "./completion/told-by.ts";
import type { Watch } from "./completion/watch.ts";
import type { Arm, ArmResource, EngineSettings, Region, TypePolicy, WireBody, Write } from "./engine.ts";
import { Inventory, type Shelf } from "./inventory.ts";
import { MergeQueue } from "./merge-queue.ts";
import type { FollowDeps } from "./policies/follow-operations.ts";
import { UnknownProperties } from "./policies/keep-unknown.ts";
import type { ObservedRequest } from "./policies/observe.ts";
import type { Document, Edit } from "./port.ts";
import { type ArmPort, type PortDeps, portOf } from "./ports/port.ts";
import { BINDINGS } from "./ports/table.ts";
import type { MergeQueueOptions } from "./queue/options.ts";
import { readZones } from "./region-zones.ts";
import { inEffectOf, repair } from "./repair.ts";
import { groupOf, idKey } from "./resource-id.ts";
import { type ArmTypeName, type ArmTypes, listScopeOf, typeNameOf } from "./resource-types.ts";
import { sameModel } from "./same-model.ts";
import { steadyClock } from "./steady-clock.ts";
import { admission } from "./throttle/admission.ts";
import type { ThrottleGate } from "./throttle/gate.ts";
import { TokenGate } from "./throttle/token-gate.ts";
import { ABSENT_TTL_MS, DEFAULT_TTL_MS } from "./time-to-live.ts";

/** Where ARM is, what time it is, and how patient we are. */
export interface OpenArmOptions extends ArmEndpoint, EngineSettings {
  readonly clock: Clock;
  /** Makes request ids; random guids when absent. */
  readonly newId?: () => string;
}

/** Loads the SDK and opens the engine on an ARM. */
export async function openArm(options: OpenArmOptions): Promise<Arm> {
  const { random = Math.random, newId = randomUUID } = options;
  const clock = steadyClock(options.clock);
  const gate = new TokenGate(clock, { ...options.limits, ...(options.onThrottle && { observe: options.onThrottle }) });
  const scope = new CallScope(newId);
  const unknown = new UnknownProperties();
  const patience = options.patience ?? {};
  const observer = (request: ObservedRequest): void => {
    options.calls?.request(request);
    options.onRequest?.(request);
  };
  const watchOf: FollowDeps["watchOf"] = (type, id) => engine.watchOf(type, id);
  const deps = { clock, gate, scope, unknown, patience, watchOf, observer, random, newId };
  const clients = await createClients(options, deps);
  const engine = new Engine({ ...options, clock, random, gate }, { clients, scope, unknown });
  return engine;
}

type EngineOptions = OpenArmOptions & Required<Pick<OpenArmOptions, "random">> & { readonly gate: ThrottleGate };

/** Queues that are idle are dropped when there are more than these, so that memory follows what is in use. */
const QUEUES_KEPT = 64;

class Engine implements Arm {
  readonly #options: EngineOptions;
  readonly #ports: PortDeps;
  readonly #inventory = new Inventory();
  readonly #queues = new Map<string, MergeQueue<unknown>>();
  readonly #policies: { [K in ArmTypeName]?: TypePolicy<ArmTypes[K]> } = {};
  readonly #life = new AbortController();
  #sweepAbove = QUEUES_KEPT;
  #closed = false;

  constructor(options: EngineOptions, ports: PortDeps) {
    this.#options = options;
    this.#ports = ports;
  }

  resource<K extends ArmTypeName>(type: K, id: string): ArmResource<ArmTypes[K]> {
    const shelf = this.#shelf(type, listScopeOf(type, id));
    const port = this.#port(type).resource(id, (document, since) => shelf.learn(id, document, since));
    return {
      id,
      current: async (signal) => (await shelf.get(id, signal))?.value,
      read: async (signal) => (await port.read(signal))?.value,
      renew: async (signal) => ((await shelf.lookAgain(id, signal)) ?? (await port.read(signal)))?.value,
      submit: async (edit, signal) => (await this.#submit(type, id, edit, signal))?.value,
    };
  }

  list<K extends ArmTypeName>(type: K, scope: string, signal: AbortSignal): Promise<readonly ArmTypes[K][]> {
    return this.#shelf(type, scope).list(signal);
  }

  refresh<K extends ArmTypeName>(type: K, scope: string, signal: AbortSignal): Promise<readonly ArmTypes[K][]> {
    return this.#shelf(type, scope).refresh(signal);
  }

  zones(region: Region, signal: AbortSignal): Promise<readonly string[]> {
    const { endpoint, httpClient } = this.#options;
    const { clients, scope } = this.#ports;
    const { pipeline } = clients.network(region.subscriptionId);
    return readZones({ endpoint, pipeline, scope, httpClient }, region, signal);
  }

  wire<K extends ArmTypeName>(type: K, id: string, write: Write<ArmTypes[K]>, signal: AbortSignal): Promise<WireBody> {
    return this.#port(type).wire(id, write, signal);
  }

  /** Who looks at resources of a type with one list, in the scope of an id. */
  watchOf(type: ArmTypeName, id: string): Watch {
    return this.#shelf(type, listScopeOf(type, id)).watch;
  }

  govern<K extends ArmTypeName>(type: K, policy: TypePolicy<ArmTypes[K]>): void {
    Object.assign(this.#policies, { [type]: policy });
  }

  async close(patience?: AbortSignal): Promise<void> {
    this.#closed = true;
    this.#inventory.close();
    patience?.addEventListener("abort", () => this.#life.abort(abortReason(patience)), { once: true });
    if (patience?.aborted === true) this.#life.abort(abortReason(patience));
    await Promise.all([...this.#queues.values()].map((queue) => queue.stop()));
  }

  #submit<K extends ArmTypeName>(
    type: K,
    id: string,
    edit: Edit<ArmTypes[K]>,
    signal: AbortSignal,
  ): Promise<Document<ArmTypes[K]> | undefined> {
    if (this.#closed) return Promise.reject(new CloudError("Aborted", `the engine is closed: ${id} is not written`));
    const key = idKey(id);
    const known = this.#queues.get(key) as MergeQueue<ArmTypes[K]> | undefined;
    const queue = known ?? new MergeQueue(this.#queueOptions(type, id));
    if (known === undefined) this.#keep(key, queue as MergeQueue<unknown>);
    return queue.submit(edit, signal);
  }

  #keep(key: string, queue: MergeQueue<unknown>): void {
    if (this.#queues.size >= this.#sweepAbove) {
      for (const [other, each] of this.#queues) if (each.idle) this.#queues.delete(other);
      this.#sweepAbove = Math.max(QUEUES_KEPT, 2 * this.#queues.size);
    }
    this.#queues.set(key, queue);
  }

  #queueOptions<K extends ArmTypeName>(type: K, id: string): MergeQueueOptions<ArmTypes[K]> {
    const { clock, random, mayWrite, queuePatience, calls } = this.#options;
    const shelf = this.#shelf(type, listScopeOf(type, id));
    const { settle, same = sameModel, prepareRemoval } = this.#policies[type] ?? {};
    const resource = this.#port(type).resource(id, (document, since) => shelf.learn(id, document, since));
    const { port, observe } = calls === undefined ? { port: resource } : attributed(resource, calls);
    return {
      port,
      // The port tells the shelf what it learns: it alone knows when the request was sent that brought it.
      view: {
        cached: () => shelf.peek(id),
        learned: () => {},
        doubted: () => shelf.doubt(id),
        moment: () => this.#ports.scope.tick(),
        isAbsent: (since, signal) => shelf.isAbsent(id, since, signal),
      },
      clock,
      random,
      life: this.#life.signal,
      same,
      inEffect: inEffectOf(type),
      ...admission(this.#options.gate, id),
      repair: (resourceId, signal) => this.#repair(resourceId, signal),
      ...(settle && { settle }),
      ...(prepareRemoval && { prepareRemoval: (document, signal) => prepareRemoval(id, document, signal) }),
      ...(mayWrite && { mayWrite }),
      ...(queuePatience && { patience: queuePatience }),
      observe: (event) => {
        observe?.(event);
        calls?.write({ id, event });
        this.#options.onWrite?.({ type, id, event });
      },
    };
  }

  async #repair(resourceId: string, signal: AbortSignal): Promise<void> {
    const type = typeNameOf(resourceId);
    if (type === undefined) return; // nothing of ours: the retry shows whether somebody else has mended it
    await repair(this.resource(type, resourceId), this.#options.clock, signal);
  }

  #port<K extends ArmTypeName>(type: K): ArmPort<ArmTypes[K]> {
    return portOf<ArmTypes[K]>(type, BINDINGS[type], this.#ports);
  }

  #shelf<K extends ArmTypeName>(type: K, scope: string): Shelf<ArmTypes[K]> {
    const { clock, ttlMs, absentTtlMs = ABSENT_TTL_MS } = this.#options;
    if (groupOf(scope) === undefined) {
      throw new CloudError("InvalidArgument", `${JSON.stringify(scope)} is not in a resource group`);
    }
    return this.#inventory.shelf(type, scope, () => ({
      clock,
      list: (signal, forWrites) => this.#port(type).list(scope, signal, forWrites ? "batch" : "refresh"),
      absenceInLists: tellingOf(type).absenceInLists,
      tick: () => this.#ports.scope.tick(),
      ttlMs: ttlMs?.[type] ?? DEFAULT_TTL_MS[type],
      absentTtlMs,
    }));
  }
}
