import type { LoadBalancer as Balancer, PublicIPAddress } from "@azure/arm-network";
import type { AddressFamily } from "../../base/cidr.ts";
import { CloudError } from "../../cloudprovider/errors.ts";
import type { LoadBalancerStatus } from "../../cloudprovider/objects.ts";
import { AccessPass } from "./access-pass.ts";
import { formerAddresses, shownAddresses } from "./former.ts";
import type { Placed } from "./in-place.ts";
import { type Departure, leave, leaveSecurityGroup } from "./leaving.ts";
import { clusterMembers } from "./members-pass.ts";
import { balancerId, balancerName, subnetId } from "./names.ts";
import { type AccessClaim, accessClaim } from "./plan/access-rules.ts";
import { type BalancerWish, balancerEdit, planBalancer } from "./plan/balancer.ts";
import type { AddressSource } from "./plan/frontends.ts";
import type { PublicIpChoice } from "./plan/public-ip-choice.ts";
import { ensurePublicIp, isShared, type ServingIp } from "./public-ips.ts";
import type { Room, Subject } from "./room.ts";
import { addressesOf, statusOf } from "./status.ts";

type Sources = Partial<Record<AddressFamily, AddressSource>>;

/**
 * One Service brought to what it asks for: the public IP, what must be denied, the balancer and beside it what may come
 * in, the members; then what it left behind goes, once its status shows the new addresses.
 */
export class EnsurePass {
  readonly #room: Room;
  readonly #subject: Subject;
  readonly #signal: AbortSignal;
  readonly #access: AccessPass;

  constructor(room: Room, subject: Subject, signal: AbortSignal) {
    this.#room = room;
    this.#subject = subject;
    this.#signal = signal;
    this.#access = new AccessPass(room, subject, signal);
  }

  /** Resolves when traffic can flow through all addresses. */
  async run(): Promise<{ readonly status: LoadBalancerStatus; readonly placed: Placed }> {
    const { settings } = this.#subject;
    this.#room.aftercare.cancel(settings.key);
    const [choices] = await together([settings.internal ? [] : this.#choices(), this.#refuseBasic()]);
    const publicIps = await this.#publicIps(choices);
    const addresses = publicIps.map(({ resource }) => resource);
    const sources = settings.internal ? await this.#privateSources() : publicSources(publicIps);
    const { balancer, claim } = await this.#open(sources, publicIps);
    await this.#room.members.sync(balancer, settings.internal, this.#signal);
    const status = this.#status(balancer, addresses);
    const keep = addresses.flatMap(({ id }) => id ?? []);
    await this.#leaveBehind(status, { claim, keep });
    return { status, placed: { wish: this.#wish(sources), claim } };
  }

  /** The balancer, and in the security group what the Service needs: before, beside or after it. */
  async #open(sources: Sources, publicIps: readonly ServingIp[]): Promise<{ balancer: Balancer; claim: AccessClaim }> {
    const { settings } = this.#subject;
    if (settings.internal && settings.floatingIp) {
      const balancer = await this.#balancer(sources);
      const claim = this.#claim(addressesOf(settings, balancer, []));
      await this.#access.open(claim);
      return { balancer, claim };
    }
    const claim = this.#claim(publicIps.flatMap(({ resource }) => resource.ipAddress ?? []));
    await this.#access.deny(claim);
    if (settings.floatingIp && publicIps.some(({ shared }) => shared)) {
      // On an address that works already, a port is opened only after the balancer has let us have it
      const balancer = await this.#balancer(sources);
      await this.#access.open(claim);
      return { balancer, claim };
    }
    if (this.#access.rearranges(claim)) await this.#access.widen(claim);
    const [balancer] = await together([this.#balancer(sources), this.#access.widen(claim)]);
    await this.#access.open(claim);
    return { balancer, claim };
  }

  #choices(): Promise<readonly PublicIpChoice[]> {
    const { observe } = this.#room;
    const { settings } = this.#subject;
    return together(settings.families.map((family) => observe.choosePublicIp(settings, family, this.#signal)));
  }

  async #publicIps(choices: readonly PublicIpChoice[]): Promise<readonly ServingIp[]> {
    await this.#refuseConflict(choices);
    return await together(choices.map((choice) => ensurePublicIp(this.#room, this.#subject, choice, this.#signal)));
  }

  /** A Service that cannot have its ports on an address that others use is refused before anything of theirs changes. */
  async #refuseConflict(choices: readonly PublicIpChoice[]): Promise<void> {
    if (!choices.some(isShared)) return;
    const wish = this.#wish(publicSources(choices.map(({ family, id }) => ({ family, resource: { id } }))));
    planBalancer(await this.#known(wish.name), wish);
  }

  /** A standard public IP cannot be on a basic balancer, and ARM changes the SKU of neither while they are together. */
  async #refuseBasic(): Promise<void> {
    const { config } = this.#room;
    const name = balancerName(config, this.#subject.settings.internal);
    const known = await this.#known(name);
    if (config.sku === "basic" || known?.sku?.name !== "Basic") return;
    throw new CloudError("Conflict", `the load balancer ${name} has the SKU Basic, and this cluster uses Standard`, {
      advice: "Upgrade it with Azure's script or delete it; Azure has retired Basic load balancers.",
    });
  }

  async #known(name: string): Promise<Balancer | undefined> {
    const balancers = await this.#room.observe.balancers(this.#signal);
    return balancers.find((each) => each.name?.toLowerCase() === name.toLowerCase());
  }

  async #privateSources(): Promise<Sources> {
    const { config, observe } = this.#room;
    const { settings } = this.#subject;
    const subnet = await observe.subnet(settings, this.#signal);
    const source: AddressSource = {
      kind: "private",
      subnetId: subnet.id ?? subnetId(config, settings.subnetName),
      subnetName: settings.subnetName,
      subnetPrefixes: subnet.addressPrefixes ?? (subnet.addressPrefix === undefined ? [] : [subnet.addressPrefix]),
      knownAddresses: shownAddresses(this.#subject),
    };
    return Object.fromEntries(settings.families.map((family) => [family, source]));
  }

  #claim(addresses: readonly string[]): AccessClaim {
    const { settings } = this.#subject;
    return accessClaim(settings, settings.floatingIp ? addresses : this.#room.nodeAddresses());
  }

  #wish(sources: Sources): BalancerWish {
    const { config, claims } = this.#room;
    const { settings } = this.#subject;
    const name = balancerName(config, settings.internal);
    return { settings, config, name, sources, isLive: (base) => claims.isLive(base, settings.internal) };
  }

  async #balancer(sources: Sources): Promise<Balancer> {
    const { arm, begun, config } = this.#room;
    const { key, internal } = this.#subject.settings;
    const wish = this.#wish(sources);
    const { name } = wish;
    const balancer = arm.resource("loadBalancers", balancerId(config, name));
    const members = clusterMembers(this.#room, internal);
    begun.balancer(key, name);
    const [after] = await together([
      balancer.submit(balancerEdit(wish), this.#signal),
      balancer.submit(members, this.#signal),
    ]);
    // When ARM refuses a batch its edits go on apart, and those about members have nothing to do before the balancer is
    const complete = members.apply(after) === after;
    const last = complete ? after : await balancer.submit(members, this.#signal);
    if (last !== undefined) return last;
    throw new CloudError("Conflict", `the balancer ${name} is gone just after it was written`);
  }

  #status(balancer: Balancer, publicIps: readonly PublicIPAddress[]): LoadBalancerStatus {
    const { settings } = this.#subject;
    const status = statusOf(settings, balancer, publicIps);
    if (status !== undefined && status.ingress.length > 0) return status;
    throw new CloudError(
      "Unavailable",
      `no load balancer IP for setting up security rules for service ${settings.key}`,
    );
  }

  /**
   * Lets go of what the Service uses no more. An address that no frontend has any more leaves the security group now,
   * while the status still tells of it; everything else goes as soon as the status shows what is used instead.
   */
  async #leaveBehind(status: LoadBalancerStatus, held: Pick<Departure, "claim" | "keep">): Promise<void> {
    const { aftercare, begun, config } = this.#room;
    const { key, internal } = this.#subject.settings;
    const current = status.ingress.flatMap(({ ip }) => ip ?? []);
    const hidden = shownAddresses(this.#subject).filter((address) => !current.includes(address));
    const work = async (signal: AbortSignal): Promise<void> => {
      await leave(this.#room, await this.#departure(current, held, signal), signal);
      begun.only(key, balancerName(config, internal), held.keep);
    };
    if (hidden.length === 0) return await work(this.#signal);
    const departure = await this.#departure(current, held, this.#signal);
    const gone = hidden.filter((address) => !departure.stillServed.includes(address));
    await leaveSecurityGroup(this.#room, { ...departure, addresses: gone }, this.#signal);
    aftercare.after(key, () => this.#isPublished(new Set(current)), work);
  }

  async #departure(
    current: readonly string[],
    held: Pick<Departure, "claim" | "keep">,
    signal: AbortSignal,
  ): Promise<Departure & { readonly stillServed: readonly string[] }> {
    const { config, observe } = this.#room;
    const { settings } = this.#subject;
    const [balancers, publicIps] = await Promise.all([observe.balancers(signal), observe.publicIps(settings, signal)]);
    const name = balancerName(config, !settings.internal).toLowerCase();
    const others = balancers.filter((balancer) => balancer.name?.toLowerCase() === name);
    const stillServed = others.flatMap((balancer) => addressesOf(settings, balancer, publicIps));
    const addresses = formerAddresses(this.#subject, { config, publicIps, stillServed, ...held }, current);
    const begun = this.#room.begun.balancersOf(settings.key).filter((each) => each.toLowerCase() === name);
    const left = others.length > 0 ? others.flatMap((balancer) => balancer.name ?? []) : begun;
    return { ...this.#subject, ...held, addresses, stillServed, balancers: left, wanted: true, publicIps };
  }

  #isPublished(current: ReadonlySet<string>): boolean | undefined {
    const { key } = this.#subject.settings;
    const service = this.#room.world.services.get(key);
    if (service?.metadata.uid !== this.#subject.service.metadata.uid) return undefined;
    const shown = service.status.loadBalancer.ingress.flatMap(({ ip }) => ip ?? []);
    return shown.length > 0 && shown.every((address) => current.has(address));
  }
}

function publicSources(publicIps: readonly Pick<ServingIp, "family" | "resource">[]): Sources {
  return Object.fromEntries(
    publicIps.map(({ family, resource }) => [family, { kind: "public", publicIpId: resource.id ?? "" } as const]),
  );
}

/** Like `Promise.all`, but waits for every one of them: nothing goes on unwatched after the first failure. */
async function together<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as { -readonly [K in keyof T]: Awaited<T[K]> };
}
