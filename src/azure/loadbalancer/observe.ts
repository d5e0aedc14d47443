import type { LoadBalancer, PublicIPAddress, Subnet } from "@azure/arm-network";
import { describeProblem } from "../../base/checked.ts";
import type { AddressFamily } from "../../base/cidr.ts";
import { CloudError } from "../../cloudprovider/errors.ts";
import type { Arm } from "../arm/engine.ts";
import { formatGroupId } from "../arm/resource-id.ts";
import type { ArmTypes } from "../arm/resource-types.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { balancerName, subnetId } from "./names.ts";
import { choosePublicIp, type PublicIpChoice } from "./plan/public-ip-choice.ts";
import type { LoadBalancerSettings } from "./settings.ts";

interface Join {
  readonly lists: readonly (readonly PublicIPAddress[])[];
  readonly all: readonly PublicIPAddress[];
}

/** Reads of what ARM holds; each costs a request only when the inventory is too old. */
export class Observer {
  readonly #arm: Pick<Arm, "list" | "refresh" | "resource">;
  readonly #config: LoadBalancerConfig;
  /** By the resource group that Services name besides the cluster's. */
  readonly #joins = new Map<string, Join>();

  constructor(arm: Pick<Arm, "list" | "refresh" | "resource">, config: LoadBalancerConfig) {
    this.#arm = arm;
    this.#config = config;
  }

  /** This cluster's balancers that exist: the external one, the internal one. */
  async balancers(signal: AbortSignal, fresh = false): Promise<readonly LoadBalancer[]> {
    const names = [false, true].map((internal) => balancerName(this.#config, internal).toLowerCase());
    const all = await this.#list("loadBalancers", this.#config.loadBalancerResourceGroup, signal, fresh);
    return all.filter(({ name = "" }) => names.includes(name.toLowerCase()));
  }

  /** The public IPs among which a Service's are: its resource group's, and the cluster's. */
  async publicIps(
    settings: LoadBalancerSettings,
    signal: AbortSignal,
    fresh = false,
  ): Promise<readonly PublicIPAddress[]> {
    const { resourceGroup } = this.#config;
    const own = settings.publicIp.resourceGroup;
    const groups = own.toLowerCase() === resourceGroup.toLowerCase() ? [own] : [own, resourceGroup];
    const lists = await Promise.all(groups.map((group) => this.#list("publicIPAddresses", group, signal, fresh)));
    return lists.length === 1 ? (lists[0] ?? []) : this.#joined(own.toLowerCase(), lists);
  }

  /** The lists as one, the same array as long as they are the same. */
  #joined(group: string, lists: readonly (readonly PublicIPAddress[])[]): readonly PublicIPAddress[] {
    const known = this.#joins.get(group);
    if (known?.lists.every((list, index) => list === lists[index]) === true) return known.all;
    const all = lists.flat();
    this.#joins.set(group, { lists, all });
    return all;
  }

  /**
   * The same, when the question is what may be left of a Service: in a resource group that does not exist nothing is.
   * A name that is wrong must not keep a Service from being deleted.
   */
  async publicIpsLeft(
    settings: LoadBalancerSettings,
    signal: AbortSignal,
    fresh = false,
  ): Promise<readonly PublicIPAddress[]> {
    try {
      return await this.publicIps(settings, signal, fresh);
    } catch (error) {
      if (!(error instanceof CloudError) || error.code !== "NotFound") throw error;
      return await this.#list("publicIPAddresses", this.#config.resourceGroup, signal, fresh);
    }
  }

  /**
   * Which public IP serves a family. What is known decides when it has the answer; before the answer is that something
   * is missing, it is looked for in a fresh list.
   *
   * @throws CloudError `NotFound` when what the user named is not there: it may be created later.
   */
  async choosePublicIp(
    settings: LoadBalancerSettings,
    family: AddressFamily,
    signal: AbortSignal,
  ): Promise<PublicIpChoice> {
    const known = choosePublicIp(settings, family, await this.publicIps(settings, signal), this.#config);
    if (known.ok) return known.value;
    const checked = choosePublicIp(settings, family, await this.publicIps(settings, signal, true), this.#config);
    if (checked.ok) return checked.value;
    throw new CloudError("NotFound", checked.problems.map(describeProblem).join("; "));
  }

  /** The subnet of internal frontends. @throws CloudError `NotFound` naming network and subnet. */
  async subnet(settings: LoadBalancerSettings, signal: AbortSignal): Promise<Subnet> {
    const { vnetName } = this.#config;
    const resource = this.#arm.resource("subnets", subnetId(this.#config, settings.subnetName));
    const subnet = (await resource.current(signal)) ?? (await resource.read(signal));
    if (subnet !== undefined) return subnet;
    const balancer = balancerName(this.#config, true);
    throw new CloudError(
      "NotFound",
      `ensure(${settings.key}): lb(${balancer}) - failed to get subnet: ${vnetName}/${settings.subnetName}`,
      { advice: "Create the subnet, or name another one in the annotation azure-load-balancer-internal-subnet." },
    );
  }

  async #list<K extends "loadBalancers" | "publicIPAddresses">(
    type: K,
    resourceGroup: string,
    signal: AbortSignal,
    fresh: boolean,
  ): Promise<readonly ArmTypes[K][]> {
    const scope = formatGroupId(this.#config.networkSubscriptionId, resourceGroup);
    return await (fresh ? this.#arm.refresh(type, scope, signal) : this.#arm.list(type, scope, signal));
  }
}
