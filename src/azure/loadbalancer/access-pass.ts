import { CloudError } from "../../cloudprovider/errors.ts";
import { shownAddresses } from "./former.ts";
import { securityGroupId } from "./names.ts";
import { type AccessWish, accessEdit, denyEdit, openEdit } from "./plan/access.ts";
import type { AccessClaim } from "./plan/access-rules.ts";
import type { Room, Subject } from "./room.ts";
import { addressesOf } from "./status.ts";

/** The part of a pass that is about the security group. */
export class AccessPass {
  readonly #room: Room;
  readonly #subject: Subject;
  readonly #signal: AbortSignal;

  constructor(room: Room, subject: Subject, signal: AbortSignal) {
    this.#room = room;
    this.#subject = subject;
    this.#signal = signal;
  }

  /** Confirms what must be kept out, before there is anything to come in to. */
  async deny(claim: AccessClaim): Promise<void> {
    const edit = denyEdit(this.#wish(claim, []));
    if (edit === undefined || this.#hasNoSecurityGroup(claim)) return;
    await this.#held(claim);
    await this.#securityGroup().submit(edit, this.#signal);
  }

  /**
   * Whether packets for a Service that works already may come to arrive in another way: at other addresses, or at other
   * ports of the nodes. What they will need must then be open before the balancer changes.
   */
  rearranges(claim: AccessClaim): boolean {
    if (shownAddresses(this.#subject).length === 0) return false;
    const held = this.#room.claims.held(claim.key);
    if (held === undefined) return true; // nobody knows how they arrive: an earlier process has arranged it
    return !this.#subject.settings.floatingIp || held.some((address) => !claim.destinations.includes(address));
  }

  /** Confirms what may come in, and takes nothing out: until the balancer has changed, packets arrive in the former way. */
  async widen(claim: AccessClaim): Promise<void> {
    const edit = openEdit(this.#wish(claim, []));
    if (edit === undefined || this.#hasNoSecurityGroup(claim)) return;
    await this.#held(claim);
    await this.#securityGroup().submit(edit, this.#signal);
  }

  /** Confirms what may come in, and takes out what the Service needed before and nobody was told of. */
  async open(claim: AccessClaim): Promise<void> {
    if (this.#hasNoSecurityGroup(claim)) return;
    const { claims } = this.#room;
    const held = await this.#held(claim);
    const shown = new Set(shownAddresses(this.#subject));
    const released = held.filter((address) => !shown.has(address)); // nobody was told of them
    claims.set(claim);
    await this.#securityGroup().submit(accessEdit(this.#wish(claim, released)), this.#signal);
    claims.confirmed(
      claim,
      held.filter((address) => shown.has(address)),
    );
  }

  /** The addresses that may be open for the Service by now; those it claims are noted to be. */
  async #held({ key, destinations }: AccessClaim): Promise<readonly string[]> {
    const { claims } = this.#room;
    const held = claims.held(key) ?? (await this.#openedBefore());
    claims.hold(key, [...held, ...destinations]);
    return held;
  }

  /** What an earlier process may have opened: the addresses of nodes, and those that the Service has now. */
  async #openedBefore(): Promise<readonly string[]> {
    const { config, openBehind, observe } = this.#room;
    const { settings } = this.#subject;
    const [balancers, publicIps, group] = await Promise.all([
      observe.balancers(this.#signal),
      observe.publicIps(settings, this.#signal),
      config.securityGroupName === "" ? undefined : this.#securityGroup().current(this.#signal),
    ]);
    const served = balancers.flatMap((balancer) => addressesOf(settings, balancer, publicIps));
    return [...openBehind(group, balancers), ...served];
  }

  #hasNoSecurityGroup({ rules }: AccessClaim): boolean {
    if (this.#room.config.securityGroupName !== "") return false;
    if (rules.length === 0) return true;
    const text = "securityGroupName is not configured";
    throw new CloudError("InvalidArgument", text, { advice: "Name the cluster's security group in azure.json." });
  }

  #wish(claim: AccessClaim, released: readonly string[]): AccessWish {
    const { config, claims } = this.#room;
    const others = (address: string): readonly AccessClaim[] => claims.on(address);
    return { config, claim, order: this.#subject.settings.order, released, others };
  }

  #securityGroup() {
    const { arm, config } = this.#room;
    return arm.resource("networkSecurityGroups", securityGroupId(config));
  }
}
