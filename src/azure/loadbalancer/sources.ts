import { type AddressFamily, aggregate, type Cidr, formatCidr, parseCidr } from "../../base/cidr.ts";
import type { Protocol, Service } from "../../cloudprovider/objects.ts";
import * as entry from "./annotations/index.ts";
import { type Intake, read } from "./annotations/index.ts";
import type { AccessProtocol } from "./names.ts";

/** Who may reach a Service on which ports, checked. */
export interface AccessSettings {
  /** False when the Service wants no security rules at all. */
  readonly enabled: boolean;
  /** Service tags that may come in, in the order of the annotation; `Internet` last if everybody may. */
  readonly tags: readonly string[];
  /** Ranges that may come in, aggregated, by family. */
  readonly ranges: Readonly<Record<AddressFamily, readonly string[]>>;
  /** Keep everybody else out. */
  readonly denyOthers: boolean;
  /** Open ports by protocol: Tcp, Udp, `*`; protocols without ports are left out. Service ports, or node ports. */
  readonly ports: readonly { readonly protocol: AccessProtocol; readonly ports: readonly number[] }[];
  /** Packets arrive with the balancer's address and the Service port; otherwise with the node's and the node port. */
  readonly floatingIp: boolean;
}

/** Every Azure address that is not in the virtual network. */
const INTERNET = "Internet";

/** Order of protocols, which fixes priorities. */
const PROTOCOLS: readonly (readonly [Protocol, AccessProtocol])[] = [
  ["TCP", "Tcp"],
  ["UDP", "Udp"],
  ["SCTP", "*"], // security rules know no SCTP
];

interface Ranges {
  readonly valid: readonly Cidr[];
  readonly invalid: readonly string[];
}

/**
 * Who may reach a Service. A range that cannot be read is no problem that stops everything: it is left out, everybody
 * else is kept out, and a remark says so.
 */
export function resolveAccess(
  intake: Intake,
  { spec }: Service,
  { internal, floatingIp }: { readonly internal: boolean; readonly floatingIp: boolean },
): AccessSettings {
  const tags = read(intake, entry.allowedServiceTags);
  const source = readRanges(spec.loadBalancerSourceRanges ?? []);
  const allowed = readRanges([...read(intake, entry.allowedIpRanges), ...read(intake, entry.sourceRanges)]);
  refuseBoth(intake, source, allowed);
  remarkOnRanges(intake, { source, allowed, tags });

  const invalid = [...source.invalid, ...allowed.invalid].length > 0;
  const valid = [...source.valid, ...allowed.valid];
  const open = !internal && tags.length === 0 && !invalid && valid.length === 0;
  const ranges = aggregate(valid);
  return {
    enabled: !read(intake, entry.disableSecurityRule),
    tags: open ? [...tags, INTERNET] : tags,
    ranges: { IPv4: textOf(ranges, "IPv4"), IPv6: textOf(ranges, "IPv6") },
    denyOthers: invalid || (read(intake, entry.denyAllExceptSources) && valid.length > 0),
    ports: portsOf(spec.ports, floatingIp),
    floatingIp,
  };
}

function readRanges(written: readonly string[]): Ranges {
  const valid: Cidr[] = [];
  const invalid: string[] = [];
  for (const text of written) {
    const range = parseCidr(text.trim());
    if (range === undefined) invalid.push(text.trim());
    else valid.push(range);
  }
  return { valid, invalid };
}

function textOf(ranges: readonly Cidr[], family: AddressFamily): readonly string[] {
  return ranges.filter((range) => range.family === family).map(formatCidr);
}

function refuseBoth(intake: Intake, source: Ranges, allowed: Ranges): void {
  if (source.valid.length === 0 || allowed.valid.length === 0) return;
  intake.problems.push({
    field: "spec.loadBalancerSourceRanges",
    got: source.valid.map(formatCidr).join(","),
    want: `nothing when ${entry.allowedIpRanges.key} is set: cannot set both`,
  });
}

function remarkOnRanges(
  intake: Intake,
  { source, allowed, tags }: { readonly source: Ranges; readonly allowed: Ranges; readonly tags: readonly string[] },
): void {
  const { key } = entry.allowedIpRanges;
  const consequence = "ignoring and adding a default DenyAll rule in security group.";
  if (source.invalid.length > 0) {
    const text = `Found invalid spec.LoadBalancerSourceRanges ${quoted(source.invalid)}, ${consequence}`;
    intake.remarks.push({ reason: "InvalidSourceRanges", field: "spec.loadBalancerSourceRanges", text });
  }
  if (allowed.invalid.length > 0) {
    const text = `Found invalid ${key} ${quoted(allowed.invalid)}, ${consequence}`;
    intake.remarks.push({ reason: "InvalidAllowedIPRanges", field: key, text });
  }
  if (source.valid.length > 0 && tags.length > 0) {
    const text = `Please use annotation ${key} instead of spec.loadBalancerSourceRanges while using ${entry.allowedServiceTags.key} annotation at the same time.`;
    intake.remarks.push({ reason: "ConflictConfiguration", field: "spec.loadBalancerSourceRanges", text });
  }
}

function quoted(items: readonly string[]): string {
  return `[${items.map((item) => JSON.stringify(item)).join(" ")}]`;
}

function portsOf(ports: Service["spec"]["ports"], floatingIp: boolean): AccessSettings["ports"] {
  return PROTOCOLS.flatMap(([kubernetes, protocol]) => {
    const numbers = ports
      .filter((port) => port.protocol === kubernetes)
      .map((port) => (floatingIp ? port.port : (port.nodePort ?? 0)));
    return numbers.length === 0 ? [] : [{ protocol, ports: [...new Set(numbers)].toSorted((a, b) => a - b) }];
  });
}
