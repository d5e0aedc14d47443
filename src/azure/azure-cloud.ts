import type { TokenCredential } from "@azure/core-auth";
import type { Problem } from "../base/checked.ts";
import type { Clock } from "../base/clock.ts";
import type { CloudProvider, ProviderWorld } from "../cloudprovider/cloud.ts";
import { CloudError } from "../cloudprovider/errors.ts";
import type { LoadBalancer } from "../cloudprovider/load-balancer.ts";
import type { Node, Service } from "../cloudprovider/objects.ts";
import {
  type Arm,
  type CallLog,
  createCredential,
  type EngineSettings,
  type GateEvent,
  type ObservedRequest,
  openArm,
  type ResourceEvent,
  rateCapsOf,
  timesToLive,
} from "./arm/index.ts";
import type { CloudConfig } from "./config/index.ts";
import { type LoadBalancerConfig, loadBalancerConfig } from "./loadbalancer/config.ts";
import { factsOf, type ServiceFacts } from "./loadbalancer/explain/facts.ts";
import { settleLoadBalancer, settlePublicIp } from "./loadbalancer/plan/settle.ts";
import { emptyPool } from "./loadbalancer/pool-members.ts";
import { AzureLoadBalancer } from "./loadbalancer/provider.ts";
import { resolveSettings } from "./loadbalancer/settings.ts";
import { Machines, nodeKinds } from "./machines/index.ts";
import {
  type DriftSummary,
  type DryBalancer,
  DryRun,
  ObservingLoadBalancer,
  type Plan,
  type PlanRequest,
  type Task,
  tasksOf,
} from "./plan/index.ts";
import { RetryEvents } from "./retry-events.ts";

/** How an Azure cloud is made. */
export interface AzureCloudOptions {
  /** azure.json after checking: `loadCloudConfig`. */
  readonly config: CloudConfig;
  /** Tells the clusters of one resource group apart: `--cluster-name`. */
  readonly clusterName: string;
  readonly clock: Clock;
  /** In place of the identity in the configuration. */
  readonly credential?: TokenCredential;
  /** In place of the endpoint of the configuration's cloud; plain http only on this machine. */
  readonly endpoint?: string;
  /** PEM of the authorities to trust, in place of the system's. */
  readonly ca?: string;
  /** Version of the program, for the user agent. */
  readonly version?: string;
  /** Told what is written to which ARM resource, for whom, and how it ends. */
  readonly onWrite?: (event: ResourceEvent) => void;
  /** Told about every request to ARM. */
  readonly onRequest?: (request: ObservedRequest) => void;
  /** Told which requests wait for Azure's limits, and what ARM says of them. */
  readonly onThrottle?: (event: GateEvent) => void;
  /** Takes down the last calls of every Service. */
  readonly calls?: CallLog;
  /**
   * `manage` keeps Azure in line with the cluster; `observe` writes nothing, whatever is asked of it, and tells by events
   * and {@link onDrift} what it would change. `manage` when absent.
   */
  readonly mode?: "manage" | "observe";
  /** Told in observe mode how much differs, after every look. */
  readonly onDrift?: (summary: DriftSummary) => void;
  /** Rarely needed settings of the engine. */
  readonly engine?: Omit<EngineSettings, "onWrite" | "onRequest" | "onThrottle" | "calls">;
}

/** Azure as a cloud provider, and what is left to do with it at the end. */
export interface AzureCloud extends CloudProvider {
  /**
   * What the controller would change in Azure for some Services, found by its own passes on an engine that writes nothing.
   * Needs no {@link CloudProvider.initialize}, and changes nothing anywhere.
   *
   * @throws CloudError when ARM cannot be read; what is wrong with one Service is in the plan.
   */
  plan(request: PlanRequest, signal: AbortSignal): Promise<Plan>;

  /**
   * What a Service asks for, what ARM holds for it and which nodes may serve it. Writes nothing.
   *
   * @param nodes - all nodes of the cluster.
   * @throws CloudError when ARM cannot be read.
   */
  factsOf(service: Service, nodes: readonly Node[], signal: AbortSignal): Promise<ServiceFacts>;

  /** Ends all calls and background work, drops queued edits and resolves when the writes that were already sent have ended. Idempotent. */
  close(): Promise<void>;
}

/**
 * Connects to Azure: loads the SDK, picks the identity and asks for the zones of the region, one request.
 *
 * @throws CloudError when the identity cannot be used, or the region or the subscription is not there.
 */
export async function createAzureCloud(options: AzureCloudOptions, signal: AbortSignal): Promise<AzureCloud> {
  const { config, clusterName } = options;
  const retries = new RetryEvents(options.clock);
  const arm = await open(options, retries);
  try {
    const { networkResourceSubscriptionID: subscriptionId, location } = config;
    const zones = await arm.zones({ subscriptionId, location }, signal);
    return new Azure({ arm, retries }, options, loadBalancerConfig(config, { clusterName, zones }));
  } catch (error) {
    await arm.close();
    throw error;
  }
}

/**
 * What is wrong with a Service, found without asking Azure: values that {@link LoadBalancer.ensureLoadBalancer} would
 * refuse until the Service changes. Empty when nothing is.
 */
export function checkService(service: Service, config: CloudConfig): readonly Problem[] {
  const result = resolveSettings(service, loadBalancerConfig(config, { clusterName: "", zones: [] }));
  return result.ok ? [] : result.problems;
}

/**
 * What the controller would change in Azure for the Services of a cluster: connects, plans, and disconnects.
 *
 * @example
 * const plan = await planServices({ config, clusterName: "kubernetes", clock: systemClock }, { services, nodes }, signal);
 * for (const { verb, id, risk } of plan.resources) console.log(verb, id, risk);
 * @throws CloudError as {@link createAzureCloud} and {@link AzureCloud.plan} do.
 */
export async function planServices(
  options: AzureCloudOptions,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<Plan> {
  const cloud = await createAzureCloud({ ...options, mode: "observe" }, signal); // whatever happens, it may not write
  try {
    return await cloud.plan(request, signal);
  } finally {
    await cloud.close();
  }
}

async function open(options: AzureCloudOptions, retries: RetryEvents): Promise<Arm> {
  const { config, clock, ca, onWrite, onRequest, onThrottle, calls, mode } = options;
  const { resourceManagerEndpoint, resourceManagerAudience, authorityHost } = config.environment;
  const trust = ca === undefined ? {} : { ca };
  const credential = options.credential ?? (await createCredential(config, { authorityHost, ...trust }));
  return await openArm({
    endpoint: options.endpoint ?? resourceManagerEndpoint,
    tokenScope: `${resourceManagerAudience}/.default`,
    credential,
    ...trust,
    userAgent: config.userAgent ?? `azure-ccm/${options.version ?? "dev"}`,
    clock,
    ttlMs: timesToLive(config),
    limits: { region: config.location, caps: rateCapsOf(config) },
    ...options.engine,
    ...(mode === "observe" && { mayWrite: () => false }), // a second lock: no pass gets here
    onWrite: (event) => {
      retries.heard(event);
      onWrite?.(event);
    },
    ...(onRequest && { onRequest }),
    ...(onThrottle && { onThrottle }),
    ...(calls && { calls }),
  });
}

interface Engine {
  readonly arm: Arm;
  readonly retries: RetryEvents;
}

class Azure implements AzureCloud {
  readonly name = "azure";
  readonly hasClusterId = true;
  readonly instances = undefined;
  readonly routes = undefined;
  readonly disks = undefined;
  readonly #arm: Arm;
  readonly #retries: RetryEvents;
  readonly #options: AzureCloudOptions;
  readonly #balancers: LoadBalancerConfig;
  readonly #closing = new AbortController();
  #loadBalancer: LoadBalancer | undefined;

  constructor({ arm, retries }: Engine, options: AzureCloudOptions, balancers: LoadBalancerConfig) {
    this.#arm = arm;
    this.#retries = retries;
    this.#options = options;
    this.#balancers = balancers;
  }

  get loadBalancer(): LoadBalancer | undefined {
    return this.#loadBalancer;
  }

  initialize({ signal, ...world }: ProviderWorld): Promise<void> {
    const { name } = this;
    if (this.#loadBalancer !== undefined) throw new Error(`the cloud ${name} is initialized already`);
    this.#retries.attach(world);
    const living = { ...world, signal: AbortSignal.any([signal, this.#closing.signal]) };
    const balancer = this.#balancerOn(this.#arm, living, this.#options.clock);
    this.#loadBalancer = this.#options.mode === "observe" ? this.#observing(balancer, living) : balancer;
    return Promise.resolve();
  }

  plan(request: PlanRequest, signal: AbortSignal): Promise<Plan> {
    return this.#dryRun(request, tasksOf(request)).plan(AbortSignal.any([signal, this.#closing.signal]));
  }

  factsOf(service: Service, nodes: readonly Node[], signal: AbortSignal): Promise<ServiceFacts> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    return factsOf({ arm: this.#arm, config: this.#balancers }, { service, nodes }, until);
  }

  close(): Promise<void> {
    this.#retries.detach();
    this.#closing.abort(new CloudError("Aborted", "the cloud was closed"));
    return this.#arm.close();
  }

  #observing(reader: LoadBalancer, world: ProviderWorld): LoadBalancer {
    const { clock, onDrift = () => {} } = this.#options;
    const plan = (tasks: readonly Task[], signal: AbortSignal): Promise<Plan> => {
      const { services, nodes } = world;
      return this.#dryRun({ services: services.list(), nodes: nodes.list() }, tasks).plan(signal);
    };
    return new ObservingLoadBalancer({ reader, plan, world, clock, onDrift });
  }

  #dryRun(cluster: Pick<PlanRequest, "services" | "nodes">, tasks: readonly Task[]): DryRun {
    const { clock, clusterName } = this.#options;
    const open = (dry: Arm, world: ProviderWorld, dryClock: Clock): DryBalancer => {
      const balancer = this.#balancerOn(dry, world, dryClock);
      return { balancer, settled: () => balancer.settled() };
    };
    return new DryRun({ arm: this.#arm, clock, clusterName, open }, cluster, tasks);
  }

  #balancerOn(arm: Arm, world: ProviderWorld, clock: Clock): AzureLoadBalancer {
    const { config, calls } = this.#options;
    const { subscriptionId, resourceGroup } = config;
    const machines = new Machines({ arm, clock, subscriptionId, resourceGroup, ...nodeKinds(config) });
    govern(arm, machines, this.#balancers);
    const deps = { config: this.#balancers, arm, machines, clock, world };
    return new AzureLoadBalancer({ ...deps, ...(calls !== undefined && arm === this.#arm && { calls }) });
  }
}

function govern(arm: Arm, machines: Machines, balancers: LoadBalancerConfig): void {
  arm.govern("publicIPAddresses", { settle: (publicIp) => settlePublicIp(publicIp, balancers) });
  arm.govern("loadBalancers", {
    settle: (balancer) => settleLoadBalancer(balancer, balancers),
    prepareRemoval: async (_id, { value }, signal) => {
      const pools = value.backendAddressPools ?? [];
      for (const { id, backendIPConfigurations = [] } of pools) {
        const untouched = balancers.poolType === "nodeIP" && backendIPConfigurations.length === 0;
        if (id === undefined || untouched) continue;
        await emptyPool(machines, id, signal);
      }
    },
  });
}
