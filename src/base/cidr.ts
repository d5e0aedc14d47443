import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Address family, spelled as the Kubernetes API spells it. */
export type AddressFamily = "IPv4" | "IPv6";

/** A range of addresses: the network's first address and how many leading bits are fixed. */
export interface Cidr {
  readonly family: AddressFamily;
  /** The network's first address as a number; bits behind the prefix are zero. */
  readonly base: bigint;
  /** 0 to 32 (IPv4) or 0 to 128 (IPv6). */
  readonly prefixLength: number;
}

const WIDTH: Readonly<Record<AddressFamily, number>> = { IPv4: 32, IPv6: 128 };

/**
 * Family of an address. Undefined for anything that is no plain address: octal or short IPv4 forms, zones
 * (`fe80::1%eth0`), prefixes, blanks.
 */
export function familyOf(address: string): AddressFamily | undefined {
  if (address.includes("%")) return undefined; // Node takes zones for valid; no Kubernetes or ARM field does
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? "IPv4" : "IPv6";
}

/** The one spelling of an address that equal addresses share (RFC 5952 for IPv6); undefined when it is none. */
export function canonicalAddress(address: string): string | undefined {
  const family = familyOf(address);
  if (family !== "IPv6") return family && address; // IPv4 has one spelling only
  return formatAddress(family, addressNumber(address));
}

/** Whether two texts name the same address, whatever their spelling; false when either is none. */
export function sameAddress(a: string, b: string): boolean {
  const canonical = canonicalAddress(a);
  return canonical !== undefined && canonical === canonicalAddress(b);
}

/**
 * Reads `<network>/<bits>` as ARM wants it: an address in plain spelling, no host bits, no leading zeros.
 *
 * @returns undefined for anything else, a lone address included.
 */
export function parseCidr(text: string): Cidr | undefined {
  const cidr = parseParts(text, /^(?:0|[1-9]\d{0,2})$/);
  return cidr === undefined || maskedBase(cidr) === cidr.base ? cidr : undefined;
}

/**
 * Reads `<address>/<bits>` as Kubernetes does: leading zeros in decimal octets are skipped (`010.0.0.1` is 10.0.0.1),
 * host bits are dropped.
 *
 * @returns undefined for anything else, a lone address included.
 */
export function parseCidrLenient(text: string): Cidr | undefined {
  const cidr = parseParts(withoutLeadingZeros(text), /^\d{1,4}$/);
  return cidr === undefined ? undefined : { ...cidr, base: maskedBase(cidr) };
}

/** Reads an address as Kubernetes does, skipping leading zeros in decimal octets; the answer is in canonical spelling. */
export function canonicalAddressLenient(text: string): string | undefined {
  return canonicalAddress(withoutLeadingZeros(text));
}

/** `<canonical address>/<bits>`; {@link parseCidr} reads it back to an equal value. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.family, cidr.base)}/${cidr.prefixLength}`;
}

/** The range that holds one address only; undefined when the text is no address. */
export function singleAddress(address: string): Cidr | undefined {
  const family = familyOf(address);
  return family === undefined ? undefined : { family, base: addressNumber(address), prefixLength: WIDTH[family] };
}

/** Whether every address of `inner` is in `outer`; ranges of two families contain nothing of each other. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || outer.prefixLength > inner.prefixLength) return false;
  return maskedBase({ ...inner, prefixLength: outer.prefixLength }) === outer.base;
}

/** Whether an address lies in a range; false when the text is no address. */
export function containsAddress(range: Cidr, address: string): boolean {
  const single = singleAddress(address);
  return single !== undefined && containsCidr(range, single);
}

/** Order of {@link aggregate}'s answer: IPv4 before IPv6, then by address, then wider first. */
export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family < b.family ? -1 : 1;
  if (a.base !== b.base) return a.base < b.base ? -1 : 1;
  return a.prefixLength - b.prefixLength;
}

/**
 * The fewest ranges that hold exactly the addresses of `ranges`: contained ones are dropped, two halves of a range
 * become that range. Sorted by {@link compareCidrs}; the order of the input does not matter.
 */
export function aggregate(ranges: readonly Cidr[]): readonly Cidr[] {
  const kept: Cidr[] = [];
  for (const range of ranges.toSorted(compareCidrs)) {
    const last = kept.at(-1);
    if (last !== undefined && containsCidr(last, range)) continue;
    kept.push(range);
    mergeHalves(kept);
  }
  return kept;
}

function mergeHalves(kept: Cidr[]): void {
  for (;;) {
    const [left, right] = kept.slice(-2);
    if (left === undefined || right === undefined || left.prefixLength !== right.prefixLength) return;
    const whole = { ...left, prefixLength: left.prefixLength - 1 };
    if (maskedBase(whole) !== left.base || !containsCidr(whole, right)) return;
    kept.splice(-2, 2, whole);
  }
}

function parseParts(text: string, bits: RegExp): Cidr | undefined {
  const slash = text.lastIndexOf("/");
  const address = text.slice(0, Math.max(0, slash));
  const family = familyOf(address);
  if (family === undefined || !bits.test(text.slice(slash + 1))) return undefined;
  const prefixLength = Number(text.slice(slash + 1));
  return prefixLength > WIDTH[family] ? undefined : { family, base: addressNumber(address), prefixLength };
}

function maskedBase({ family, base, prefixLength }: Cidr): bigint {
  const hostBits = BigInt(WIDTH[family] - prefixLength);
  return (base >> hostBits) << hostBits;
}

function withoutLeadingZeros(text: string): string {
  return text.includes(":") ? text : text.replace(/(?<!\d)0+(?=\d)/g, "");
}

function addressNumber(address: string): bigint {
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function formatAddress(family: AddressFamily, number: bigint): string {
  const bytes = Array.from({ length: WIDTH[family] / 8 }, (_, index) => byteAt(number, WIDTH[family] / 8 - 1 - index));
  const address = ipaddr.fromByteArray(bytes);
  // RFC 5952 section 5: an IPv4-mapped address keeps its dotted tail, which the library writes as two hex groups
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress())
    return `::ffff:${address.toIPv4Address().toString()}`;
  return address.toString();
}

function byteAt(number: bigint, index: number): number {
  return Number((number >> BigInt(index * 8)) & 0xffn);
}
