import type { FrontendIPConfiguration, LoadBalancer } from "@azure/arm-network";
import {
  type AddressFamily,
  canonicalAddress,
  containsAddress,
  familyOf,
  parseCidr,
  sameAddress,
} from "../../../base/cidr.ts";
import { CloudError } from "../../../cloudprovider/errors.ts";
import { childId, idKey, sameId } from "../../arm/resource-id.ts";
import type { LoadBalancerConfig } from "../config.ts";
import { exchanged, inListOrder, lookUp } from "../lookup.ts";
import { frontendName, startsWithBase } from "../names.ts";
import { byPrivateAddress, byPublicIp, ownedBy, ownsRule } from "../ownership.ts";
import type { LoadBalancerSettings } from "../settings.ts";
import { referencesTo } from "./references.ts";
import { agrees, present, type Wanted } from "./sameness.ts";

/** Where the address of one family's frontend comes from. */
export type AddressSource =
  | {
      readonly kind: "public";
      /** Full id; the public IP exists when the write is sent. */
      readonly publicIpId: string;
    }
  | {
      readonly kind: "private";
      readonly subnetId: string;
      readonly subnetName: string;
      /** CIDRs of the subnet: an address is taken over only if it lies in one. */
      readonly subnetPrefixes: readonly string[];
      /** Addresses that the Service has or had, best first: kept if the frontend must be made anew. */
      readonly knownAddresses: readonly string[];
    };

/** What the frontends of one Service should be. */
export interface FrontendWish {
  readonly settings: LoadBalancerSettings;
  readonly config: LoadBalancerConfig;
  readonly balancerId: string;
  /** One for every enabled family. */
  readonly sources: Readonly<Partial<Record<AddressFamily, AddressSource>>>;
}

/** The frontends of a balancer after one Service's wish, and which one serves each family. */
export interface PlannedFrontends {
  readonly frontends: readonly FrontendIPConfiguration[];
  readonly chosen: ReadonlyMap<AddressFamily, FrontendIPConfiguration>;
}

/**
 * Finds, changes or makes the frontend of every family. Frontends that the Service no longer uses are not taken away
 * here.
 *
 * @throws CloudError `Conflict` when a frontend that must change its address is used by something else too.
 */
export function planFrontends(balancer: LoadBalancer, wish: FrontendWish): PlannedFrontends {
  let frontends: readonly FrontendIPConfiguration[] = balancer.frontendIPConfigurations ?? [];
  const chosen = new Map<AddressFamily, FrontendIPConfiguration>();
  for (const family of wish.settings.families) {
    const source = wish.sources[family];
    if (source === undefined)
      throw new CloudError("Internal", `no address source for ${family} of ${wish.settings.key}`);
    const name = frontendName(wish.settings, family);
    const current = serving(frontends, wish, { family, name, source });
    const frontend =
      current === undefined
        ? created(frontends, wish, { family, name, source })
        : kept(current, wish, { family, name, source });
    if (current !== undefined && frontend !== current) refuseIfShared(balancer, wish, frontend);
    const isNew = current === undefined;
    frontends = exchanged(frontends, new Map(isNew ? [] : [[current, frontend]]), isNew ? [frontend] : []);
    chosen.set(family, frontend);
  }
  return { frontends, chosen };
}

interface Half {
  readonly family: AddressFamily;
  readonly name: string;
  readonly source: AddressSource;
}

/** A frontend of another Service that already has the address we ask for, else our own by its name. */
function serving(
  frontends: readonly FrontendIPConfiguration[],
  wish: FrontendWish,
  half: Half,
): FrontendIPConfiguration | undefined {
  const others = atWantedAddress(frontends, wish, half).filter(({ name }) => !startsWithBase(name, wish.settings.base));
  const own = ownedBy(frontends, wish.settings.base);
  return inListOrder(frontends, others)[0] ?? own.find(({ name }) => name?.toLowerCase() === half.name.toLowerCase());
}

/** An address can be on one frontend only, so whoever asks for it shares that frontend. */
function atWantedAddress(
  frontends: readonly FrontendIPConfiguration[],
  { settings }: FrontendWish,
  { family, source }: Half,
): readonly FrontendIPConfiguration[] {
  if (source.kind === "public") return lookUp(frontends, byPublicIp, idKey(source.publicIpId));
  const address = canonicalAddress(settings.addresses[family] ?? "");
  if (address === undefined) return [];
  return lookUp(frontends, byPrivateAddress, address).filter(({ publicIPAddress }) => publicIPAddress === undefined);
}

function kept(current: FrontendIPConfiguration, wish: FrontendWish, half: Half): FrontendIPConfiguration {
  const { source } = half;
  if (!startsWithBase(current.name, wish.settings.base)) return current; // another Service's: it decides
  if (source.kind === "public") {
    if (sameId(current.publicIPAddress?.id, source.publicIpId)) return current;
    return rebuilt(current, { publicIPAddress: { id: source.publicIpId }, subnet: undefined });
  }
  if (hasWantedPrivateAddress(current, wish, half)) return current;
  return rebuilt(current, { publicIPAddress: undefined, ...privateFields(wish, half, source) });
}

function hasWantedPrivateAddress(current: FrontendIPConfiguration, { settings }: FrontendWish, half: Half): boolean {
  const { source, family } = half;
  if (source.kind !== "private" || current.subnet === undefined) return false;
  const moved = settings.subnetInNames !== undefined && !sameId(current.subnet.id, source.subnetId);
  const address = settings.addresses[family];
  return !moved && (address === undefined || isAt(current, address));
}

function isAt({ privateIPAddress = "" }: FrontendIPConfiguration, address: string): boolean {
  return privateIPAddress === address || sameAddress(privateIPAddress, address);
}

/** The same frontend with another address: its place, its zones and everything we do not know stay. */
function rebuilt(current: FrontendIPConfiguration, wanted: Wanted<FrontendIPConfiguration>): FrontendIPConfiguration {
  const address = {
    privateIPAddress: undefined,
    privateIPAllocationMethod: undefined,
    privateIPAddressVersion: undefined,
  };
  const next = present<FrontendIPConfiguration>({ ...current, ...address, ...wanted });
  return agrees(current, next) && agrees(next, current) ? current : next;
}

function created(
  existing: readonly FrontendIPConfiguration[],
  wish: FrontendWish,
  half: Half,
): FrontendIPConfiguration {
  const { name, source } = half;
  const id = childId(wish.balancerId, "frontendIPConfigurations", name);
  if (source.kind === "public") return { name, id, publicIPAddress: { id: source.publicIpId } };
  const zones = zonesOf(existing, wish);
  return present({
    name,
    id,
    ...(zones.length === 0 ? {} : { zones: [...zones] }),
    ...privateFields(wish, half, source),
  });
}

/** A frontend that replaces one of ours is in the same zones, which ARM cannot change under an address; a new one is in all. */
function zonesOf(existing: readonly FrontendIPConfiguration[], { settings, config }: FrontendWish): readonly string[] {
  const staying = new Set(settings.families.map((family) => frontendName(settings, family).toLowerCase()));
  const own = inListOrder(existing, ownedBy(existing, settings.base));
  const former = own.find(({ name = "" }) => !staying.has(name.toLowerCase()));
  if (former !== undefined) return former.zones ?? [];
  return config.sku === "standard" && config.extendedLocation === undefined ? config.zones : [];
}

function privateFields(
  { settings }: FrontendWish,
  { family }: Half,
  source: AddressSource & { readonly kind: "private" },
): Wanted<FrontendIPConfiguration> {
  const address = settings.addresses[family] ?? keepable(source, family);
  return {
    subnet: { id: source.subnetId, name: source.subnetName },
    privateIPAddress: address,
    privateIPAllocationMethod: address === undefined ? "Dynamic" : "Static",
    privateIPAddressVersion: family === "IPv6" ? "IPv6" : undefined,
  };
}

function keepable(
  { subnetPrefixes, knownAddresses }: AddressSource & { readonly kind: "private" },
  family: AddressFamily,
): string | undefined {
  const ranges = subnetPrefixes.map(parseCidr).filter((range) => range !== undefined);
  return knownAddresses
    .filter((address) => familyOf(address) === family && ranges.some((range) => containsAddress(range, address)))
    .map(canonicalAddress)
    .find((address) => address !== undefined);
}

function refuseIfShared(
  balancer: LoadBalancer,
  { settings, balancerId }: FrontendWish,
  frontend: FrontendIPConfiguration,
): void {
  const id = frontend.id ?? childId(balancerId, "frontendIPConfigurations", frontend.name ?? "");
  const [reference] = referencesTo(balancer, id, (rule) => ownsRule(settings.base, rule));
  if (reference === undefined) return;
  throw new CloudError(
    "Conflict",
    `the frontend ${frontend.name} of ${settings.key} cannot get another address, because it is being referenced by ${reference.by}`,
    { advice: "Free the frontend first, or give the Service its former address back." },
  );
}
