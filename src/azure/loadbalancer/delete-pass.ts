import { addressesBehind, shownAddresses } from "./former.ts";
import { leave } from "./leaving.ts";
import { balancerName } from "./names.ts";
import { usesPublicIp } from "./ownership.ts";
import { accessClaim } from "./plan/access-rules.ts";
import type { Room, Subject } from "./room.ts";
import { addressesOf } from "./status.ts";

/**
 * Removes everything that was made for a Service. Idempotent. Both balancers and the public IPs are asked by name, known
 * or not: a write for the Service may be on its way that no list shows yet.
 */
export async function deleteEverything(room: Room, subject: Subject, signal: AbortSignal): Promise<void> {
  const { settings } = subject;
  const { key } = settings;
  room.aftercare.cancel(key);
  room.claims.drop(key);
  const [balancers, publicIps] = await Promise.all([
    room.observe.balancers(signal),
    room.observe.publicIpsLeft(settings, signal),
  ]);
  const used = publicIps.filter((each) => usesPublicIp(each, settings, room.config));
  const addresses = [
    ...(room.claims.held(key) ?? []),
    ...shownAddresses(subject),
    ...balancers.flatMap((balancer) => addressesOf(settings, balancer, publicIps)),
    ...used.flatMap(({ ipAddress }) => ipAddress ?? []),
    ...settings.additionalAddresses,
    ...(settings.floatingIp ? [] : addressesBehind(room.clusterAddresses(), room.config, balancers)),
  ];
  const claim = { ...accessClaim(settings, []), destinations: [], rules: [] };
  const names = [balancerName(room.config, false), balancerName(room.config, true)];
  const nothing = { claim, addresses: [...new Set(addresses)], balancers: names, wanted: false, keep: [], publicIps };
  await leave(room, { ...subject, ...nothing }, signal);
  room.claims.forget(key);
  room.begun.forget(key);
}
