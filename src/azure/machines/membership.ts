import type { VirtualMachineScaleSet, VirtualMachineScaleSetVM } from "@azure/arm-compute";
import type { NetworkInterface } from "@azure/arm-network";
import { type Card, cardsWith, cardsWithout, hasPool, isInOtherBalancer, placeIn } from "./ip-configurations.ts";
import { isBeingDeleted, isPoweredOff } from "./power.ts";

/** A backend pool whose members are network interfaces. */
export interface Pool {
  /** ARM id of the backend address pool. */
  readonly id: string;
  readonly family: "IPv4" | "IPv6";
}

/** Why a machine is left as it is although it should join or leave. */
export type SkipReason =
  | "machine not found"
  | "machine is being deleted"
  | "machine is not running"
  | "machine has no network interface"
  | "network interface has failed"
  | "member of another load balancer"
  | "Windows Server 2019 has no IPv6 pool"
  | "changed again meanwhile"
  | "last members of the pool"
  | "not of this cluster";

/** What is to be done about one machine: nothing because it is so already, nothing for a reason, an edit, or an error. */
export type Decision =
  | { readonly act: "done" }
  | { readonly act: "write" }
  | { readonly act: "skip"; readonly reason: SkipReason }
  | { readonly act: "fail"; readonly message: string };

/** A resource that names its pools: how its cards are read and put back, and what keeps it from joining or leaving. */
export interface Membership<T> {
  readonly cards: (resource: T) => readonly Card[];
  readonly withCards: (resource: T, cards: readonly Card[]) => T;
  readonly obstacle: (resource: T, verb: "join" | "leave", pool: Pool) => SkipReason | undefined;
}

/** Whether a resource should be made a member of `pool`, given how it is now. */
export function decideJoin<T>(kind: Membership<T>, resource: T, pool: Pool): Decision {
  const cards = kind.cards(resource);
  if (hasPool(cards, pool.id)) return { act: "done" };
  const reason = kind.obstacle(resource, "join", pool);
  if (reason !== undefined) return { act: "skip", reason };
  if (cards.length === 0) return { act: "skip", reason: "machine has no network interface" };
  const place = placeIn(cards, pool.family);
  if (place === undefined) {
    return { act: "fail", message: `failed to find a primary IP configuration (IPv6=${pool.family === "IPv6"})` };
  }
  if (isInOtherBalancer(place.pools, pool.id)) return { act: "skip", reason: "member of another load balancer" };
  return { act: "write" };
}

/** Whether a resource should stop being a member of `pool`, given how it is now. */
export function decideLeave<T>(kind: Membership<T>, resource: T, pool: Pool): Decision {
  if (!hasPool(kind.cards(resource), pool.id)) return { act: "done" };
  const reason = kind.obstacle(resource, "leave", pool);
  return reason === undefined ? { act: "write" } : { act: "skip", reason };
}

/** The resource as a member of `pool`; the resource itself when it is one already or may not become one. */
export function joined<T>(kind: Membership<T>, resource: T, pool: Pool): T {
  if (decideJoin(kind, resource, pool).act !== "write") return resource;
  return kind.withCards(resource, cardsWith(kind.cards(resource), pool));
}

/** The resource without `pool`, on all its IP configurations; the resource itself when it is no member. */
export function left<T>(kind: Membership<T>, resource: T, pool: Pool): T {
  if (decideLeave(kind, resource, pool).act !== "write") return resource;
  return kind.withCards(resource, cardsWithout(kind.cards(resource), pool.id));
}

/** A network interface of a machine of its own: one card. */
export const interfaceMembership: Membership<NetworkInterface> = {
  cards: (nic) =>
    nic.ipConfigurations === undefined ? [] : [{ primary: true, ipConfigurations: nic.ipConfigurations }],
  withCards: (nic, [card]) => ({
    ...nic,
    ipConfigurations: [...(card?.ipConfigurations ?? [])] as NonNullable<NetworkInterface["ipConfigurations"]>,
  }),
  obstacle: ({ provisioningState }) => (provisioningState === "Failed" ? "network interface has failed" : undefined),
};

type CardsOf<P extends { networkInterfaceConfigurations?: unknown }> = NonNullable<P["networkInterfaceConfigurations"]>;

/** An instance of a uniform scale set: its own copy of the model's network configuration. */
export const instanceMembership: Membership<VirtualMachineScaleSetVM> = {
  cards: (instance) => instance.networkProfileConfiguration?.networkInterfaceConfigurations ?? [],
  withCards: (instance, cards) => ({
    ...instance,
    networkProfileConfiguration: {
      ...instance.networkProfileConfiguration,
      networkInterfaceConfigurations: [...cards] as CardsOf<
        NonNullable<VirtualMachineScaleSetVM["networkProfileConfiguration"]>
      >,
    },
  }),
  obstacle: (instance, verb) => {
    if (isBeingDeleted(instance)) return "machine is being deleted";
    return verb === "join" && isPoweredOff(instance) ? "machine is not running" : undefined;
  },
};

/** The model of a scale set: what its next instances will be. */
export const modelMembership: Membership<VirtualMachineScaleSet> = {
  cards: (scaleSet) => scaleSet.virtualMachineProfile?.networkProfile?.networkInterfaceConfigurations ?? [],
  withCards: (scaleSet, cards) => ({
    ...scaleSet,
    virtualMachineProfile: {
      ...scaleSet.virtualMachineProfile,
      networkProfile: {
        ...flexibleApiVersion(scaleSet),
        ...scaleSet.virtualMachineProfile?.networkProfile,
        networkInterfaceConfigurations: [...cards] as CardsOf<
          NonNullable<NonNullable<VirtualMachineScaleSet["virtualMachineProfile"]>["networkProfile"]>
        >,
      },
    },
  }),
  obstacle: (scaleSet, verb, { family }) => {
    if (isBeingDeleted(scaleSet)) return "machine is being deleted";
    if (verb === "join" && family === "IPv6" && isWindows2019(scaleSet)) return "Windows Server 2019 has no IPv6 pool";
    return undefined;
  },
};

// A flexible scale set refuses a network profile without it; this is the version that the original sends.
function flexibleApiVersion({ orchestrationMode }: VirtualMachineScaleSet): {
  readonly networkApiVersion?: "2020-11-01";
} {
  return orchestrationMode === "Flexible" ? { networkApiVersion: "2020-11-01" } : {};
}

// The images that AKS calls windows-2019-containerd carry build 17763 in their version.
function isWindows2019({ virtualMachineProfile }: VirtualMachineScaleSet): boolean {
  const storage = virtualMachineProfile?.storageProfile;
  if (storage?.osDisk?.osType !== "Windows") return false;
  const image = storage.imageReference;
  return [image?.id, image?.sku, image?.version].some((text) =>
    /windows-2019-containerd|(^|\D)17763\./i.test(text ?? ""),
  );
}
