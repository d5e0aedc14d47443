import { type ArmError, networkError } from "../arm-error.ts";
import {
  isObject,
  type Json,
  type JsonObject,
  objectsAt,
  propertiesOf,
  textAt,
  withProperties,
  wordAt,
} from "../json.ts";
import type { Link } from "../links.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";

/** Why a balancer cannot be deleted: scale sets in its pools pin it; standalone interfaces do if the switch says so. */
export function balancerInUse({ id, shown }: ResourceRecord, world: Store): ArmError | undefined {
  const frontends = objectsAt(propertiesOf(shown), "frontendIPConfigurations");
  const linked = frontends.map((frontend) =>
    frontendInUse(`${id.text}/frontendIPConfigurations/${wordAt(frontend, "name")}`, world),
  );
  const pinned = linked.find((problem) => problem !== undefined);
  if (pinned !== undefined) return pinned;
  const members = membersOf(id.text, shown, world);
  const scaleSet = members.map(({ from }) => SCALE_SET.exec(from)?.[0]).find((found) => found !== undefined);
  if (scaleSet !== undefined) {
    const pools = members.filter(({ from }) => from.startsWith(scaleSet)).map(({ to }) => to);
    const message = `Cannot delete load balancer ${id.text} since its child resources ${[...new Set(pools)].map(lastName).join(", ")} are in use by virtual machine scale set ${scaleSet}.`;
    return networkError("LoadBalancerInUseByVirtualMachineScaleSet", message);
  }
  const [first] = members;
  if (first === undefined || world.behaviour.deleteBalancerWithInterfaces === "leave") return undefined;
  const message = `Cannot delete load balancer ${id.text} since its backend address pool ${first.to} is in use by ${first.from}.`;
  return networkError("LoadBalancerInUseByNetworkInterface", message);
}

/** Why a frontend cannot go: a private link service leads to it. ARM's code for it is unconfirmed. */
export function frontendInUse(frontendId: string, world: Store): ArmError | undefined {
  const users = world.inboundOrPending(frontendId.toLowerCase());
  const service = users.find(({ field }) => field === "loadBalancerFrontendIpConfigurations");
  if (service === undefined) return undefined;
  const message = `Frontend IP configuration ${frontendId} cannot be deleted since it is in use by private link service ${service.from}.`;
  return networkError("LoadBalancerFrontendIPConfigurationInUseByPrivateLinkService", message);
}

const SCALE_SET = /^.*\/virtualMachineScaleSets\/[^/]+/;

/** Takes standalone interfaces out of the pools of a balancer that has gone. */
export function leaveBalancer({ id, shown }: ResourceRecord, world: Store): void {
  const prefix = `${id.key}/`;
  for (const { from } of membersOf(id.text, shown, world)) {
    const nic = world.owner(from.toLowerCase());
    if (nic === undefined || SCALE_SET.test(from)) continue;
    nic.shown = withoutReferences(nic.shown, prefix);
    nic.effect = nic.effect && withoutReferences(nic.effect, prefix);
    nic.bump();
    world.index(nic);
  }
}

function membersOf(id: string, shown: JsonObject, world: Store): readonly Link[] {
  const pools = objectsAt(propertiesOf(shown), "backendAddressPools");
  return pools.flatMap((pool) =>
    world.inboundOrPending(`${id}/backendAddressPools/${wordAt(pool, "name")}`.toLowerCase()),
  );
}

function withoutReferences(nic: JsonObject, prefix: string): JsonObject {
  const configurations = objectsAt(propertiesOf(nic), "ipConfigurations").map((configuration) => {
    const { loadBalancerBackendAddressPools: pools, ...rest } = propertiesOf(configuration);
    const kept = (Array.isArray(pools) ? (pools as readonly Json[]) : []).filter((pool) => !refersInto(pool, prefix));
    return {
      ...configuration,
      properties: kept.length === 0 ? rest : { ...rest, loadBalancerBackendAddressPools: kept },
    };
  });
  return withProperties(nic, { ipConfigurations: configurations });
}

function refersInto(reference: Json, prefix: string): boolean {
  return isObject(reference) && (textAt(reference, "id")?.toLowerCase().startsWith(prefix) ?? false);
}

function lastName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
