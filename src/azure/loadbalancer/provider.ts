import type { LoadBalancer as Balancer } from "@azure/arm-network";
import { abortReason, type Clock } from "../../base/clock.ts";
import { remembering } from "../../base/remembering.ts";
import type { ProviderWorld } from "../../cloudprovider/cloud.ts";
import { accept, CloudError } from "../../cloudprovider/errors.ts";
import type { LoadBalancer } from "../../cloudprovider/load-balancer.ts";
import { keyOf, type LoadBalancerStatus, type Node, type Service } from "../../cloudprovider/objects.ts";
import { defaultLoadBalancerName } from "../../cloudprovider/rules/index.ts";
import type { CallLog } from "../arm/call-log.ts";
import type { Arm } from "../arm/engine.ts";
import { Aftercare, type AftercareFailure } from "./aftercare.ts";
import { Begun } from "./begun.ts";
import { Claims, wantsBalancer } from "./claims.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { deleteEverything } from "./delete-pass.ts";
import { EnsurePass } from "./ensure-pass.ts";
import { tellFailure } from "./events.ts";
import { type Found, find } from "./find.ts";
import { openBehind } from "./former.ts";
import { InPlace } from "./in-place.ts";
import { updateMembers } from "./members-pass.ts";
import { Observer } from "./observe.ts";
import { internalAddress } from "./plan/eligible.ts";
import { type PoolMachines, PoolMembers } from "./pool-members.ts";
import { type Room, tell } from "./room.ts";
import { resolveForDeletion, resolveSettings } from "./settings.ts";

/** What Azure's load balancers are built from. */
export interface LoadBalancerDeps {
  readonly config: LoadBalancerConfig;
  readonly arm: Arm;
  readonly machines: PoolMachines;
  readonly clock: Clock;
  readonly world: ProviderWorld;
  /** Takes down for which Service requests are sent. */
  readonly calls?: Pick<CallLog, "onBehalfOf">;
}

/** Services of type LoadBalancer on Azure's balancers. */
export class AzureLoadBalancer implements LoadBalancer {
  readonly #room: Room;
  readonly #calls: LoadBalancerDeps["calls"];
  readonly #inPlace = new InPlace();
  #nodes: readonly Node[] = [];

  constructor({ config, arm, machines, clock, world, calls }: LoadBalancerDeps) {
    this.#calls = calls;
    const nodes = (): readonly Node[] => this.#nodes;
    const cluster = (): readonly Node[] => (world.nodes.synced ? world.nodes.list() : this.#nodes);
    const [ofNodes, ofCluster] = [remembering(addressesOfNodes), remembering(addressesOfNodes)];
    const together = remembering((...lists: readonly (readonly string[])[]) => [...new Set(lists.flat())]);
    const nodeAddresses = (): readonly string[] => ofNodes(this.#nodes.length > 0 ? this.#nodes : world.nodes.list());
    const clusterAddresses = (): readonly string[] => together(nodeAddresses(), ofCluster(cluster()));
    const behind = remembering(openBehind);
    const observe = new Observer(arm, config);
    const pools = (signal: AbortSignal): Promise<readonly Balancer[]> => observe.balancers(signal);
    this.#room = {
      config,
      arm,
      observe,
      claims: new Claims(config, () => world.services, nodeAddresses),
      members: new PoolMembers({ config, machines, clock, nodes, cluster, pools, events: world.events }, world.signal),
      aftercare: new Aftercare(clock, world.signal, (failure) => this.#failedLater(failure)),
      clock,
      world,
      begun: new Begun(),
      nodes,
      nodeAddresses,
      clusterAddresses,
      openBehind: (group, balancers) => behind(group, clusterAddresses(), config, ...balancers),
    };
  }

  /** Resolves when what passes have left to be done in the background has ended. */
  settled(): Promise<void> {
    return this.#room.aftercare.settled();
  }

  getLoadBalancer(_clusterName: string, service: Service, signal: AbortSignal): Promise<Found | undefined> {
    return this.#guarded(service, signal, (until) => find(this.#room, this.#leniently(service), until));
  }

  getLoadBalancerName(_clusterName: string, service: Service): string {
    return defaultLoadBalancerName(service);
  }

  ensureLoadBalancer(
    _clusterName: string,
    service: Service,
    nodes: readonly Node[],
    signal: AbortSignal,
  ): Promise<LoadBalancerStatus> {
    return this.#guarded(service, signal, (until) => {
      this.#know(nodes);
      return this.#ensure(service, until);
    });
  }

  updateLoadBalancer(
    _clusterName: string,
    service: Service,
    nodes: readonly Node[],
    signal: AbortSignal,
  ): Promise<void> {
    return this.#guarded(service, signal, async (until) => {
      const { services } = this.#room.world;
      const newest = services.synced ? services.get(keyOf(service)) : service;
      if (newest === undefined || !wantsBalancer(newest)) return;
      this.#know(nodes); // now: when something else has been waited for, there may be a newer list
      const placed = this.#inPlace.of(newest);
      if (placed?.wish.settings.floatingIp === true && (await updateMembers(this.#room, placed, until))) return;
      if ((await find(this.#room, this.#leniently(newest), until)) === undefined) return;
      await this.#ensure(newest, until);
    });
  }

  ensureLoadBalancerDeleted(_clusterName: string, service: Service, signal: AbortSignal): Promise<void> {
    this.#inPlace.forget(service);
    return this.#guarded(service, signal, (until) => deleteEverything(this.#room, this.#leniently(service), until));
  }

  async #ensure(service: Service, signal: AbortSignal): Promise<LoadBalancerStatus> {
    const settings = accept(resolveSettings(service, this.#room.config));
    for (const remark of settings.remarks) tell(this.#room, service, "Warning", remark);
    this.#inPlace.forget(service);
    const { status, placed } = await new EnsurePass(this.#room, { service, settings }, signal).run();
    this.#inPlace.note(service, placed);
    return status;
  }

  /** Ends with the caller's signal and with the provider's life. */
  #guarded<T>(service: Service, signal: AbortSignal, work: (until: AbortSignal) => Promise<T>): Promise<T> {
    const until = AbortSignal.any([signal, this.#room.world.signal]);
    const mine = (): Promise<T> => guarded(service, until, () => work(until));
    return this.#calls === undefined ? mine() : this.#calls.onBehalfOf([keyOf(service)], mine);
  }

  #leniently(service: Service) {
    return { service, settings: resolveForDeletion(service, this.#room.config) };
  }

  /** The newest list counts for all pools; an empty one says that there are none just now, and members stay. */
  #know(nodes: readonly Node[]): void {
    if (nodes.length > 0) this.#nodes = nodes;
  }

  #failedLater({ key, error: reason, retryAfterMs }: AftercareFailure): void {
    const { world, clock } = this.#room;
    const service = world.services.get(key);
    if (service === undefined) return;
    const target = { kind: "Service", metadata: service.metadata } as const;
    const error = CloudError.from(reason, `cleaning up after ${key}`);
    const next = { afterMs: retryAfterMs };
    tellFailure(world.events, target, "CleanUpLoadBalancerFailed", { error, next, nowMs: clock.now() });
  }
}

function addressesOfNodes(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node) => [internalAddress(node, "IPv4") ?? [], internalAddress(node, "IPv6") ?? []].flat());
}

/** Only CloudErrors leave this room, and an aborted caller hears `Aborted` whatever was going on. */
async function guarded<T>(service: Service, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await work();
  } catch (error) {
    const key = keyOf(service);
    if (signal.aborted)
      throw new CloudError("Aborted", `the load balancer of ${key}: ${abortReason(signal).message}`, { cause: error });
    throw CloudError.from(error, `the load balancer of ${key}`);
  }
}
