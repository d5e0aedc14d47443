import ipaddr from "ipaddr.js";
import { type Cause, invalidValue } from "../api-error.ts";
import { compact } from "../json.ts";
import { type KubernetesObject, keyOf } from "../object.ts";
import type { Allocator } from "./kind.ts";
import { Pool } from "./pool.ts";
import { explicitPorts, type PortRange, ServicePorts } from "./service-ports.ts";
import { needsClusterIp, type Service, type ServiceSpec } from "./service-shape.ts";

/** Ranges that Services draw from. */
export interface ServiceNetworkOptions {
  /** One CIDR, or one per family for a dual-stack cluster; the first gives the default family. */
  readonly serviceCidrs: readonly string[];
  readonly nodePorts: PortRange;
}

type Family = "IPv4" | "IPv6";

interface Range {
  readonly family: Family;
  readonly cidr: string;
  readonly contains: (ip: string) => boolean;
  readonly pool: Pool<string>;
}

/** More addresses than this no test needs; an IPv6 range has far more. */
const MAX_ADDRESSES = 65_534;

/** Cluster IPs, node ports and health-check node ports. */
export class ServiceNetwork implements Allocator {
  readonly #ranges: readonly Range[];
  readonly #ports: ServicePorts;

  constructor({ serviceCidrs, nodePorts }: ServiceNetworkOptions) {
    this.#ranges = serviceCidrs.map(rangeOf);
    this.#ports = new ServicePorts(nodePorts);
  }

  assign(
    next: KubernetesObject,
    _old: KubernetesObject | undefined,
  ): { readonly object: KubernetesObject; readonly causes: readonly Cause[] } {
    const service = next as Service;
    const owner = keyOf(next);
    const addressed = this.#addresses(service.spec ?? {}, owner);
    const ported = this.#ports.assign(addressed.spec, owner);
    const object: Service = { ...service, spec: ported.spec };
    return { object, causes: [...addressed.causes, ...ported.causes] };
  }

  settle(next: KubernetesObject | undefined, old: KubernetesObject | undefined): void {
    if (old !== undefined) this.#forEach(old as Service, (pool, value) => pool.release(value, keyOf(old)));
    if (next !== undefined) this.#forEach(next as Service, (pool, value) => pool.take(value, keyOf(next)));
  }

  #forEach({ spec = {} }: Service, act: <T>(pool: Pool<T>, value: T) => void): void {
    for (const ip of spec.clusterIPs ?? []) {
      const range = this.#rangeWith(ip);
      if (range !== undefined) act(range.pool, ip);
    }
    for (const port of explicitPorts(spec)) act(this.#ports.pool, port);
  }

  #addresses(spec: ServiceSpec, owner: string): { spec: ServiceSpec; causes: readonly Cause[] } {
    if (!needsClusterIp(spec)) return { spec, causes: [] };
    const families = this.#families(spec);
    const withFamilies = {
      ...spec,
      ipFamilies: families,
      ipFamilyPolicy: spec.ipFamilyPolicy ?? (families.length > 1 ? "RequireDualStack" : "SingleStack"),
    };
    const asked = spec.clusterIPs ?? (spec.clusterIP === undefined ? [] : [spec.clusterIP]);
    if (asked[0] === "None") return { spec: { ...withFamilies, clusterIP: "None", clusterIPs: ["None"] }, causes: [] };
    const causes = [...this.#familyCauses(spec, families), ...this.#addressCauses(asked, owner)];
    const clusterIPs = families.flatMap((family, index) => asked[index] ?? this.#offer(family) ?? []);
    if (clusterIPs.length < families.length) {
      causes.push(invalidValue("spec.clusterIPs", asked, "failed to allocate a serviceIP: range is full"));
    }
    return { spec: compact({ ...withFamilies, clusterIP: clusterIPs[0], clusterIPs }) as ServiceSpec, causes };
  }

  #families(spec: ServiceSpec): readonly string[] {
    const asked = spec.ipFamilies ?? familiesOfAddresses(spec);
    const [first = this.#ranges[0]?.family ?? "IPv4"] = asked;
    const { ipFamilyPolicy = "SingleStack" } = spec;
    if (ipFamilyPolicy === "SingleStack") return asked.length > 1 ? asked : [first];
    const second = this.#ranges.map(({ family }) => family).find((family) => family !== first);
    return second === undefined ? [first] : [first, second];
  }

  #familyCauses({ ipFamilyPolicy }: ServiceSpec, families: readonly string[]): Cause[] {
    const unknown = families.filter((family) => !this.#ranges.some((range) => range.family === family));
    const causes = unknown.map((family) =>
      invalidValue("spec.ipFamilies[0]", family, "not configured on this cluster"),
    );
    if (ipFamilyPolicy === "RequireDualStack" && this.#ranges.length < 2) {
      const why = "this cluster is not configured for dual-stack services";
      causes.push(invalidValue("spec.ipFamilyPolicy", ipFamilyPolicy, why));
    }
    return causes;
  }

  #addressCauses(asked: readonly string[], owner: string): readonly Cause[] {
    return asked.flatMap((ip) => {
      const range = this.#rangeWith(ip);
      const failed = `failed to allocate IP ${ip}: `;
      if (range === undefined) {
        const cidrs = this.#ranges.map(({ cidr }) => cidr).join(", ");
        const why = `${failed}the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${cidrs}`;
        return [invalidValue("spec.clusterIPs", asked, why)];
      }
      const taken = range.pool.isTaken(ip, owner);
      return taken ? [invalidValue("spec.clusterIPs", asked, `${failed}provided IP is already allocated`)] : [];
    });
  }

  #offer(family: string): string | undefined {
    return this.#ranges.find((range) => range.family === family)?.pool.offer();
  }

  #rangeWith(ip: string): Range | undefined {
    return this.#ranges.find(({ contains }) => contains(ip));
  }
}

function rangeOf(cidr: string): Range {
  const [base, bits] = ipaddr.parseCIDR(cidr);
  const family: Family = base.kind() === "ipv4" ? "IPv4" : "IPv6";
  const width = base.kind() === "ipv4" ? 32 : 128;
  const size = Math.min(2 ** (width - bits) - 2, MAX_ADDRESSES);
  const bytes = base.toByteArray();
  const at = (index: number): string => {
    // The network's own address is never handed out.
    const offset = index + 1;
    const tail = ((bytes.at(-2) ?? 0) << 8) + (bytes.at(-1) ?? 0) + offset;
    return ipaddr.fromByteArray([...bytes.slice(0, -2), (tail >> 8) & 255, tail & 255]).toString();
  };
  const contains = (ip: string): boolean => familyOf(ip) === family && ipaddr.parse(ip).match(base, bits);
  return { family, cidr, contains, pool: new Pool(size, at) };
}

function familiesOfAddresses({ clusterIP = "", clusterIPs = [clusterIP] }: ServiceSpec): readonly string[] {
  return clusterIPs.flatMap((ip) => familyOf(ip) ?? []);
}

function familyOf(ip: string): Family | undefined {
  if (!ipaddr.isValid(ip)) return undefined;
  return ipaddr.parse(ip).kind() === "ipv4" ? "IPv4" : "IPv6";
}
