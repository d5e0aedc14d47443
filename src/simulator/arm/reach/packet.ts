import { type Checked, checked, type Problem } from "../../../base/checked.ts";
import { ipVersion } from "../addresses/cidr.ts";
import type { Json, JsonObject } from "../json.ts";

/** Names of {@link PacketProtocol}. */
export const PACKET_PROTOCOLS = ["Tcp", "Udp", "Icmp"] as const;

/** Protocols that a packet may have; Azure balances TCP and UDP. */
export type PacketProtocol = (typeof PACKET_PROTOCOLS)[number];

/** The first packet of a connection. */
export interface Packet {
  /**
   * An address, or a service tag that stands for all of its addresses: `Internet` is any address that no rule names,
   * `VirtualNetwork` any in the network of whoever gets the packet, `AzureLoadBalancer` a probe's.
   */
  readonly source: string;
  /** An address. */
  readonly destination: string;
  /** 1 to 65535; 0 for ICMP. */
  readonly port: number;
  /** Default `Tcp`. */
  readonly protocol?: PacketProtocol;
  /** An ephemeral port when absent. */
  readonly sourcePort?: number;
}

/** Reads a packet from JSON; every problem at once. */
export function parsePacket(body: JsonObject): Checked<Packet> {
  const problems: Problem[] = [];
  const read = <T extends Json>(field: string, { want, isRight }: Kind<T>): T | undefined => {
    const value = body[field];
    if (isRight(value)) return value;
    problems.push({ field, got: quoted(value), want });
    return undefined;
  };
  const packet = {
    source: read("source", ENDPOINT),
    destination: read("destination", ADDRESS),
    port: read("port", PORT),
    protocol: protocolOf(body["protocol"] ?? "Tcp", problems),
    ...(body["sourcePort"] !== undefined && { sourcePort: read("sourcePort", PORT) }),
  };
  return checked(packet as Packet, problems);
}

/** What a member may hold. */
interface Kind<T extends Json> {
  readonly want: string;
  readonly isRight: (value: Json | undefined) => value is T;
}

const ENDPOINT: Kind<string> = { want: "an address or a service tag", isRight: isEndpoint };
const ADDRESS: Kind<string> = { want: "an address", isRight: isAddress };
const PORT: Kind<number> = { want: "a whole number from 0 to 65535", isRight: isPort };

function protocolOf(value: Json, problems: Problem[]): PacketProtocol | undefined {
  const word = typeof value === "string" ? value.toLowerCase() : "";
  const known = PACKET_PROTOCOLS.find((protocol) => protocol.toLowerCase() === word);
  if (known === undefined) {
    problems.push({ field: "protocol", got: quoted(value), want: PACKET_PROTOCOLS.join(", ") });
  }
  return known;
}

function quoted(value: Json | undefined): string | undefined {
  return typeof value === "string" || value === undefined ? value : JSON.stringify(value);
}

function isAddress(value: Json | undefined): value is string {
  return typeof value === "string" && ipVersion(value) !== undefined;
}

function isEndpoint(value: Json | undefined): value is string {
  return isAddress(value) || (typeof value === "string" && /^[A-Za-z][A-Za-z0-9.]*$/.test(value));
}

function isPort(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535;
}
