import type { TokenCredential } from "@azure/core-auth";
import type { Problem } from "../base/checked.ts";
import type { Clock } from "../base/clock.ts";
import type { CloudProvider, ProviderWorld } from "../cloudprovider/cloud.ts";
import { CloudError } from "../cloudprovider/errors.ts";
import type { LoadBalancer } from "../cloudprovider/load-balancer.ts";
import type { Service } from "../cloudprovider/objects.ts";
import {
  type Arm,
  createCredential,
  type EngineSettings,
  type ObservedRequest,
  openArm,
  type ResourceEvent,
  timesToLive,
} from "./arm/index.ts";
import type { CloudConfig } from "./config/index.ts";
import { type LoadBalancerConfig, loadBalancerConfig } from "./loadbalancer/config.ts";
import { settleLoadBalancer, settlePublicIp } from "./loadbalancer/plan/settle.ts";
import { emptyPool } from "./loadbalancer/pool-members.ts";
import { AzureLoadBalancer } from "./loadbalancer/provider.ts";
import { resolveSettings } from "./loadbalancer/settings.ts";
import { Machines, nodeKinds } from "./machines/index.ts";

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
  /** Rarely needed settings of the engine. */
  readonly engine?: Omit<EngineSettings, "onWrite" | "onRequest">;
}

/** Azure as a cloud provider, and what is left to do with it at the end. */
export interface AzureCloud extends CloudProvider {
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
  const arm = await open(options);
  try {
    const { networkResourceSubscriptionID: subscriptionId, location } = config;
    const zones = await arm.zones({ subscriptionId, location }, signal);
    return new Azure(arm, options, loadBalancerConfig(config, { clusterName, zones }));
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

async function open(options: AzureCloudOptions): Promise<Arm> {
  const { config, clock, ca, onWrite, onRequest } = options;
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
    ...options.engine,
    ...(onWrite && { onWrite }),
    ...(onRequest && { onRequest }),
  });
}

class Azure implements AzureCloud {
  readonly name = "azure";
  readonly hasClusterId = true;
  readonly instances = undefined;
  readonly routes = undefined;
  readonly disks = undefined;
  readonly #arm: Arm;
  readonly #clock: Clock;
  readonly #machines: Machines;
  readonly #balancers: LoadBalancerConfig;
  readonly #closing = new AbortController();
  #loadBalancer: LoadBalancer | undefined;

  constructor(arm: Arm, { config, clock }: AzureCloudOptions, balancers: LoadBalancerConfig) {
    this.#arm = arm;
    this.#clock = clock;
    this.#balancers = balancers;
    this.#machines = new Machines({
      arm,
      clock,
      subscriptionId: config.subscriptionId,
      resourceGroup: config.resourceGroup,
      ...nodeKinds(config),
    });
    this.#govern();
  }

  get loadBalancer(): LoadBalancer | undefined {
    return this.#loadBalancer;
  }

  initialize({ services, nodes, events, signal }: ProviderWorld): Promise<void> {
    const { name } = this;
    if (this.#loadBalancer !== undefined) throw new Error(`the cloud ${name} is initialized already`);
    this.#loadBalancer = new AzureLoadBalancer({
      config: this.#balancers,
      arm: this.#arm,
      machines: this.#machines,
      clock: this.#clock,
      world: { services, nodes, events, signal: AbortSignal.any([signal, this.#closing.signal]) },
    });
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#closing.abort(new CloudError("Aborted", "the cloud was closed"));
    return this.#arm.close();
  }

  #govern(): void {
    this.#arm.govern("publicIPAddresses", { settle: (publicIp) => settlePublicIp(publicIp, this.#balancers) });
    this.#arm.govern("loadBalancers", {
      settle: (balancer) => settleLoadBalancer(balancer, this.#balancers),
      prepareRemoval: async (_id, { value }, signal) => {
        const pools = value.backendAddressPools ?? [];
        for (const { id, backendIPConfigurations = [] } of pools) {
          const untouched = this.#balancers.poolType === "nodeIP" && backendIPConfigurations.length === 0;
          if (id === undefined || untouched) continue;
          await emptyPool(this.#machines, id, signal);
        }
      },
    });
  }
}
