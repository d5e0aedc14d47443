import { isIP, isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/** A block of addresses. */
export interface Cidr {
  readonly text: string;
  readonly version: 4 | 6;
  /** First address as a number. */
  readonly first: bigint;
  /** Last address as a number. */
  readonly last: bigint;
}

/** IP version of an address, `undefined` for anything that is none. */
export function ipVersion(text: string): 4 | 6 | undefined {
  if (isIPv4(text)) return 4;
  return isIPv6(text) ? 6 : undefined;
}

/** An address as a number; `undefined` for anything that is none. */
export function ipNumber(text: string): bigint | undefined {
  const version = isIP(text);
  if (version === 0) return undefined;
  if (version === 4) return BigInt(text.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0));
  return ipaddr
    .parse(text)
    .toByteArray()
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** The address with that number. */
export function ipText(version: 4 | 6, number: bigint): string {
  if (version === 4) {
    const word = Number(number);
    return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
  }
  const bytes = Array.from({ length: 16 }, (_, i) => Number((number >> BigInt(8 * (15 - i))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}

/** Reads `10.0.0.0/24`; a bare address is a block of one. Host bits may be set. `undefined` when it is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", length, ...more] = text.split("/");
  const version = ipVersion(address);
  const number = ipNumber(address);
  if (version === undefined || number === undefined || more.length > 0) return undefined;
  const width = version === 4 ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const bits = length === undefined ? width : Number(length);
  if (bits > width) return undefined;
  const span = 1n << BigInt(width - bits);
  const first = number - (number % span);
  return { text: `${ipText(version, first)}/${bits}`, version, first, last: first + span - 1n };
}

/** Whether `inner` lies in `outer`. */
export function covers(outer: Cidr, inner: Cidr): boolean {
  return outer.version === inner.version && outer.first <= inner.first && inner.last <= outer.last;
}

/** Whether the two share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.version === b.version && a.first <= b.last && b.first <= a.last;
}
