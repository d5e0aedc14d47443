import { CloudError } from "../../../cloudprovider/errors.ts";
import type { Node, Service } from "../../../cloudprovider/objects.ts";
import type { Arm } from "../../arm/engine.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { securityGroupId } from "../names.ts";
import { Observer } from "../observe.ts";
import { internalAddress } from "../plan/eligible.ts";
import { resolveForDeletion } from "../settings.ts";
import { type Asked, askedOf } from "./asked.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { type Held, heldOf } from "./held.ts";

/** What is asked for a Service, what there is of it in ARM, and who may serve it. Plain JSON. */
export interface ServiceFacts {
  readonly asked: Asked;
  readonly held: Held;
  readonly nodes: readonly Candidate[];
}

/** What facts are gathered from. */
export interface FactsDeps {
  readonly arm: Pick<Arm, "list" | "refresh" | "resource">;
  readonly config: LoadBalancerConfig;
}

/**
 * Reads what ARM holds for a Service: two lists and the security group. Writes nothing.
 *
 * @param nodes - all nodes of the cluster.
 * @throws CloudError when ARM cannot be read.
 */
export async function factsOf(
  { arm, config }: FactsDeps,
  { service, nodes }: { readonly service: Service; readonly nodes: readonly Node[] },
  signal: AbortSignal,
): Promise<ServiceFacts> {
  const observer = new Observer(arm, config);
  const settings = resolveForDeletion(service, config);
  const [balancers, publicIps, securityGroup] = await Promise.all([
    observer.balancers(signal),
    observer.publicIpsLeft(settings, signal),
    config.securityGroupName === ""
      ? undefined
      : arm.resource("networkSecurityGroups", securityGroupId(config)).current(signal).catch(nothingThere),
  ]);
  const families = ["IPv4", "IPv6"] as const;
  const nodeAddresses = nodes.flatMap((node) => families.flatMap((family) => internalAddress(node, family) ?? []));
  return {
    asked: askedOf(service, config),
    held: heldOf(settings, config, { balancers, publicIps, securityGroup, nodeAddresses }),
    nodes: candidatesOf(nodes, config),
  };
}

/** A resource group that does not exist holds nothing. */
function nothingThere(reason: unknown): undefined {
  if (!(reason instanceof CloudError) || reason.code !== "NotFound") throw reason;
}
