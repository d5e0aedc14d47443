import * as access from "./access.ts";
import { type Annotation, keyFor, PORT, PREFIX, type Remark } from "./define.ts";
import * as placement from "./placement.ts";
import * as privateLink from "./private-link.ts";
import * as probe from "./probe.ts";
import * as publicIp from "./public-ip.ts";
import * as rule from "./rule.ts";

/** One group of annotations, as the reference page shows it. */
export interface AnnotationGroup {
  readonly title: string;
  readonly annotations: readonly Annotation<unknown>[];
}

/** Every annotation that is read, in the order of the reference page. */
export const ANNOTATION_GROUPS: readonly AnnotationGroup[] = [
  {
    title: "Where the address is",
    annotations: [
      placement.internal,
      placement.internalSubnet,
      placement.ipv4,
      placement.ipv6,
      placement.additionalPublicIps,
      placement.configurations,
      placement.mode,
    ],
  },
  {
    title: "Public IPs",
    annotations: [
      publicIp.pipName,
      publicIp.pipNameIpv6,
      publicIp.pipPrefixId,
      publicIp.pipPrefixIdIpv6,
      publicIp.resourceGroup,
      publicIp.pipTags,
      publicIp.pipIpTags,
      publicIp.dnsLabel,
    ],
  },
  {
    title: "Rules",
    annotations: [
      rule.idleTimeoutMinutes,
      rule.disableTcpReset,
      rule.highAvailabilityPorts,
      rule.disableFloatingIp,
      rule.noRule,
    ],
  },
  {
    title: "Health probes",
    annotations: [
      probe.probeProtocol,
      probe.probePath,
      probe.probeIntervalSeconds,
      probe.probeThreshold,
      probe.portProbeProtocol,
      probe.portProbePort,
      probe.portProbePath,
      probe.portProbeIntervalSeconds,
      probe.portProbeThreshold,
      probe.noProbe,
    ],
  },
  {
    title: "Who may come in",
    annotations: [
      access.allowedIpRanges,
      access.sourceRanges,
      access.allowedServiceTags,
      access.denyAllExceptSources,
      access.disableSecurityRule,
    ],
  },
  {
    title: "Private link service",
    annotations: [
      privateLink.plsCreate,
      privateLink.plsName,
      privateLink.plsResourceGroup,
      privateLink.plsSubnet,
      privateLink.plsAddressCount,
      privateLink.plsAddresses,
      privateLink.plsFqdns,
      privateLink.plsProxyProtocol,
      privateLink.plsVisibility,
      privateLink.plsAutoApproval,
    ],
  },
];

/** Keys that older versions read; security rules are always shared now. */
const FORMER_KEYS: ReadonlySet<string> = new Set([`${PREFIX}azure-shared-securityrule`]);

const KNOWN: ReadonlySet<string> = new Set(
  ANNOTATION_GROUPS.flatMap(({ annotations }) => annotations.map(({ key }) => key)),
);

/** A remark for every annotation that looks like one of ours and is none, or is about a port the Service does not have. */
export function remarksOnKeys(
  annotations: Readonly<Record<string, string>>,
  ports: readonly number[],
): readonly Remark[] {
  return Object.keys(annotations)
    .filter((key) => key.startsWith(`${PREFIX}azure-`) || key.startsWith(`${PREFIX}port_`))
    .toSorted()
    .flatMap((field) => {
      const text = objectionTo(field, ports);
      return text === undefined ? [] : [{ reason: "UnknownAnnotation", field, text: `${field}: ${text}` }];
    });
}

function objectionTo(key: string, ports: readonly number[]): string | undefined {
  if (KNOWN.has(key)) return undefined;
  if (FORMER_KEYS.has(key)) return "nothing reads this annotation any more";
  const [, port] = /\/port_(\d+)_/.exec(key) ?? [];
  if (port === undefined) return sameButForCase(key) ?? "no such annotation";
  if (!KNOWN.has(key.replace(`port_${port}_`, `port_${PORT}_`))) return "no such annotation";
  return ports.includes(Number(port)) ? undefined : `the Service has no port ${port}`;
}

function sameButForCase(key: string): string | undefined {
  const known = [...KNOWN].find((each) => each.toLowerCase() === key.toLowerCase());
  return known === undefined ? undefined : `no such annotation, did you mean ${keyFor({ key: known })}?`;
}
