import { keyOf, type Service } from "../../cloudprovider/objects.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { baseName } from "./names.ts";
import { type AccessClaim, accessClaim, indexClaims } from "./plan/access-rules.ts";
import { resolveForDeletion } from "./settings.ts";

/** The Services of the cluster, as far as they are known. */
export interface ServiceView {
  list(): readonly Service[];
  readonly synced: boolean;
}

/** Everything that is claimed, at one instant. */
interface Snapshot {
  readonly on: (address: string) => readonly AccessClaim[];
  /** Base names by kind of balancer. */
  readonly live: { readonly internal: ReadonlySet<string>; readonly external: ReadonlySet<string> };
}

/**
 * Who claims what in the cluster right now: what passes under way have claimed, and for all other Services what their
 * status shows. Edits ask when they are applied, so that none takes away what another Service came to need meanwhile.
 */
export class Claims {
  readonly #config: LoadBalancerConfig;
  readonly #services: () => ServiceView;
  readonly #nodeAddresses: () => readonly string[];
  /** By Service; undefined for one that is being deleted, whose status still shows addresses. */
  readonly #underWay = new Map<string, AccessClaim | undefined>();
  /** By Service: every address that this process has put into the security group for it and not yet taken out. */
  readonly #held = new Map<string, ReadonlySet<string>>();
  readonly #fromStatus = new WeakMap<Service, AccessClaim>();
  readonly #internal = new WeakMap<Service, boolean>();
  #snapshot: Snapshot | undefined;

  /** @param nodeAddresses - where packets for Services without floating IP arrive. */
  constructor(config: LoadBalancerConfig, services: () => ServiceView, nodeAddresses: () => readonly string[]) {
    this.#config = config;
    this.#services = services;
    this.#nodeAddresses = nodeAddresses;
  }

  /** The addresses that may be open for a Service in the security group; undefined when this process has opened none. */
  held(key: string): readonly string[] | undefined {
    const held = this.#held.get(key);
    return held && [...held];
  }

  /** Something is about to be written about these addresses, besides those that {@link held} knows. */
  hold(key: string, addresses: readonly string[]): void {
    this.#held.set(key, new Set([...(this.#held.get(key) ?? []), ...addresses]));
  }

  /** From now on the Service claims this, whatever its status shows. */
  set(claim: AccessClaim): void {
    this.#underWay.set(claim.key, claim);
    this.hold(claim.key, claim.destinations);
    this.#snapshot = undefined;
  }

  /** ARM has confirmed a claim; of the former addresses only these are still open. A newer claim is not concerned. */
  confirmed(claim: AccessClaim, former: readonly string[]): void {
    if (this.#underWay.get(claim.key) !== claim) return;
    this.#held.set(claim.key, new Set([...former, ...claim.destinations]));
  }

  /** From now on the Service claims nothing. */
  drop(key: string): void {
    this.#underWay.set(key, undefined);
    this.#snapshot = undefined;
  }

  /** The Service is gone; its key may come back as another one. */
  forget(key: string): void {
    this.#underWay.delete(key);
    this.#held.delete(key);
    this.#snapshot = undefined;
  }

  /** All claims on an address. */
  on(address: string): readonly AccessClaim[] {
    return this.#now().on(address);
  }

  /** Whether a Service that wants this kind of balancer has this base name; without a complete list any may. */
  isLive(base: string, internal: boolean): boolean {
    return !this.#services().synced || this.#now().live[internal ? "internal" : "external"].has(base);
  }

  #now(): Snapshot {
    if (this.#snapshot === undefined) {
      this.#snapshot = this.#take();
      // One batch of edits is folded in one go and sees one world; the next batch looks again.
      queueMicrotask(() => {
        this.#snapshot = undefined;
      });
    }
    return this.#snapshot;
  }

  #take(): Snapshot {
    const live = this.#services().list().filter(wantsBalancer);
    const shown = live
      .filter((service) => !this.#underWay.has(keyOf(service)))
      .map((service) => this.#shownBy(service));
    const underWay = [...this.#underWay.values()].filter((claim) => claim !== undefined);
    const bases = (internal: boolean): ReadonlySet<string> =>
      new Set(live.filter((each) => this.#isInternal(each) === internal).map(({ metadata }) => baseName(metadata.uid)));
    return {
      on: indexClaims([...underWay, ...shown]),
      live: { internal: bases(true), external: bases(false) },
    };
  }

  #isInternal(service: Service): boolean {
    const known = this.#internal.get(service);
    if (known !== undefined) return known;
    const { internal } = resolveForDeletion(service, this.#config);
    this.#internal.set(service, internal);
    return internal;
  }

  #shownBy(service: Service): AccessClaim {
    const known = this.#fromStatus.get(service);
    if (known !== undefined) return known;
    const settings = resolveForDeletion(service, this.#config);
    const addresses = service.status.loadBalancer.ingress.flatMap(({ ip }) => ip ?? []);
    // Before a Service has an address nothing was opened for it, on the nodes neither
    const behind = addresses.length === 0 ? [] : this.#nodeAddresses();
    const claim = accessClaim(settings, settings.floatingIp ? addresses : behind);
    if (settings.floatingIp) this.#fromStatus.set(service, claim);
    return claim;
  }
}

/** Whether a Service has or shall have a balancer of ours: no class of another controller, and not being deleted. */
export function wantsBalancer({ metadata, spec }: Service): boolean {
  return (
    spec.type === "LoadBalancer" && spec.loadBalancerClass === undefined && metadata.deletionTimestamp === undefined
  );
}
