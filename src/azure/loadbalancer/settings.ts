import { type Checked, checked, type Problem } from "../../base/checked.ts";
import type { AddressFamily } from "../../base/cidr.ts";
import { keyOf, type Service } from "../../cloudprovider/objects.ts";
import * as entry from "./annotations/index.ts";
import { type Intake, type Remark, read, remarksOnKeys } from "./annotations/index.ts";
import type { LoadBalancerConfig } from "./config.ts";
import { baseName, type NamedFor } from "./names.ts";
import { type PortSettings, type ProbeSettings, resolvePorts, type ServiceProbe, serviceProbe } from "./ports.ts";
import { type AccessSettings, resolveAccess } from "./sources.ts";
import { type PublicIpSettings, resolveAddresses, resolvePublicIp } from "./wanted-addresses.ts";

export type { AccessSettings, PortSettings, ProbeSettings, PublicIpSettings, ServiceProbe };

/** Everything a Service asks of a balancer, checked: from here on nothing can be wrong with it. */
export interface LoadBalancerSettings extends NamedFor {
  /** `<namespace>/<name>`: owner of the edits, text in tags. */
  readonly key: string;
  /** Sorts Services by age, then name; equal batches of edits give equal bodies. */
  readonly order: string;
  readonly internal: boolean;
  /** Enabled families, IPv4 first. */
  readonly families: readonly AddressFamily[];
  /** Subnet of internal frontends. */
  readonly subnetName: string;
  /** The address that is asked for, per family, in canonical spelling. */
  readonly addresses: Readonly<Partial<Record<AddressFamily, string>>>;
  /** Addresses that are only shown and opened. */
  readonly additionalAddresses: readonly string[];
  readonly publicIp: PublicIpSettings;
  readonly ports: readonly PortSettings[];
  /** One rule for all ports; its probe, if it has one of its own. */
  readonly highAvailability: { readonly probe: ProbeSettings | undefined } | undefined;
  /** The probe that serves all ports of the Service. */
  readonly serviceProbe: ServiceProbe | undefined;
  /** False when the Service turned it off; internal IPv6 frontends never have it. */
  readonly floatingIp: boolean;
  readonly stickyByClientIp: boolean;
  readonly idleTimeoutMinutes: number;
  readonly tcpReset: boolean;
  readonly access: AccessSettings;
  /** Balancers that may be chosen, of several; lower case. */
  readonly configurations: readonly string[];
  /** Things that were accepted and deserve a Warning event. */
  readonly remarks: readonly Remark[];
}

/**
 * What `service` asks for, or every problem with it at once.
 *
 * @param config - of the cluster; the defaults of what a Service leaves open.
 */
export function resolveSettings(service: Service, config: LoadBalancerConfig): Checked<LoadBalancerSettings> {
  const { settings, problems } = resolve(service, config);
  return checked(settings, problems);
}

/**
 * What `service` asked for, as far as it can be read; what cannot is at its default. Invalid settings never keep a
 * Service from being deleted.
 */
export function resolveForDeletion(service: Service, config: LoadBalancerConfig): LoadBalancerSettings {
  return resolve(service, config).settings;
}

function resolve(
  service: Service,
  config: LoadBalancerConfig,
): { readonly settings: LoadBalancerSettings; readonly problems: readonly Problem[] } {
  const { metadata, spec } = service;
  const intake: Intake = { annotations: metadata.annotations ?? {}, problems: [], remarks: [] };
  const internal = read(intake, entry.internal);
  const families = familiesOf(service);
  const subnet = internal ? read(intake, entry.internalSubnet) : undefined;
  const probe = serviceProbe(intake, service, config);
  const floatingIp = !read(intake, entry.disableFloatingIp);
  const resolved = resolvePorts(intake, { service, config, internal, serviceProbe: probe });

  const settings: LoadBalancerSettings = {
    base: baseName(metadata.uid),
    key: keyOf(service),
    order: `${metadata.creationTimestamp ?? ""} ${keyOf(service)}`,
    internal,
    families,
    dualStack: families.length === 2,
    subnetInNames: subnet,
    subnetName: subnet ?? config.subnetName,
    addresses: resolveAddresses(intake, service, { families, internal }),
    additionalAddresses: read(intake, entry.additionalPublicIps),
    publicIp: resolvePublicIp(intake, families, config),
    ...resolved,
    serviceProbe: probe,
    floatingIp,
    stickyByClientIp: spec.sessionAffinity === "ClientIP",
    idleTimeoutMinutes: read(intake, entry.idleTimeoutMinutes),
    tcpReset: !read(intake, entry.disableTcpReset),
    access: resolveAccess(intake, service, { internal, floatingIp }),
    configurations: read(intake, entry.configurations).map((name) => name.toLowerCase()),
    remarks: [],
  };
  const remarks = [...intake.remarks, ...remarksOnKeys(intake.annotations, portNumbers(service))];
  // An annotation for the whole Service is read once per port, and complains each time
  return { settings: { ...settings, remarks: distinct(remarks) }, problems: distinct(intake.problems) };
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** Enabled address families, IPv4 first whatever the order in the Service; a Service without any is IPv4. */
function familiesOf({ spec }: Service): readonly AddressFamily[] {
  const asked = spec.ipFamilies ?? [];
  if (asked.length === 0) return ["IPv4"];
  return (["IPv4", "IPv6"] as const).filter((family) => asked.includes(family));
}

function portNumbers({ spec }: Service): readonly number[] {
  const { healthCheckNodePort } = spec;
  return [...spec.ports.map(({ port }) => port), ...(healthCheckNodePort === undefined ? [] : [healthCheckNodePort])];
}
