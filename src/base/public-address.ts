import ipaddr from "ipaddr.js";
import { familyOf } from "./cidr.ts";

/** Ranges, as ipaddr.js names them, whose addresses nobody on the Internet can send to. */
const NOT_PUBLIC: ReadonlySet<string> = new Set([
  "private", //         RFC 1918
  "uniqueLocal", //     fc00::/7
  "carrierGradeNat", // 100.64.0.0/10
  "loopback",
  "linkLocal",
  "multicast",
  "broadcast",
]);

/**
 * Whether an address could be a public one: global unicast, and neither private nor carrier-grade NAT. An IPv4-mapped
 * IPv6 address is judged as the IPv4 address in it. Documentation and other reserved ranges count as public, because
 * Azure does not refuse them by rule either.
 *
 * @returns undefined when the text is no address.
 */
export function isPublicAddress(text: string): boolean | undefined {
  if (familyOf(text) === undefined) return undefined;
  const address = ipaddr.process(text); // unmaps ::ffff:10.0.0.1
  const bytes = address.toByteArray();
  return !NOT_PUBLIC.has(address.range()) && bytes.some((byte) => byte !== 0);
}
