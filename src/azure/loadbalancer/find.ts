import type { LoadBalancerStatus } from "../../cloudprovider/objects.ts";
import { holdingsOf } from "./locate.ts";
import type { Room, Subject } from "./room.ts";

/** What ARM holds for a Service; `status` is undefined when it has no frontend. */
export interface Found {
  readonly status: LoadBalancerStatus | undefined;
}

/**
 * Looks for what a Service has in ARM: a frontend, rules, or a public IP of its own. What is known is asked first;
 * "nothing" is only said after a look at lists that began after the call, and never while something may be under way.
 */
export async function find(room: Room, subject: Subject, signal: AbortSignal): Promise<Found | undefined> {
  const found = (await look(room, subject, signal, false)) ?? (await look(room, subject, signal, true));
  return found ?? (room.begun.has(subject.settings.key) ? { status: undefined } : undefined);
}

async function look(
  room: Room,
  { settings }: Subject,
  signal: AbortSignal,
  fresh: boolean,
): Promise<Found | undefined> {
  const [balancers, publicIps] = await Promise.all([
    room.observe.balancers(signal, fresh),
    room.observe.publicIpsLeft(settings, signal, fresh),
  ]);
  const holdings = holdingsOf(settings, room.config, balancers, publicIps);
  return holdings && { status: holdings.status };
}
