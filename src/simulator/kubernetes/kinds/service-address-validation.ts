import { isIP } from "node:net";
import { type Cause, causeIf, invalidValue, notAllowed, notSupported } from "../api-error.ts";
import { needsClusterIp, needsHealthCheckPort, type ServiceSpec } from "./service-shape.ts";

const FAMILIES = ["IPv4", "IPv6"];
const FAMILY_POLICIES = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/** Everything wrong with the addresses that a Service asks for. */
export function validateAddressing(spec: ServiceSpec): readonly Cause[] {
  return [...validateClusterIps(spec), ...validateFamilies(spec), ...validateExternalIps(spec)];
}

/** What an update changes that may not change. */
export function validateImmutable(spec: ServiceSpec, was: ServiceSpec): readonly Cause[] {
  return [
    ...(needsClusterIp(spec) && needsClusterIp(was) ? validatePrimaries(spec, was) : []),
    ...(spec.type === "LoadBalancer" && was.type === "LoadBalancer" ? validateBalancerChange(spec, was) : []),
  ];
}

function validatePrimaries({ clusterIPs = [], ipFamilies = [] }: ServiceSpec, was: ServiceSpec): readonly Cause[] {
  const [oldIp] = was.clusterIPs ?? [];
  const [oldFamily] = was.ipFamilies ?? [];
  const fixed = "may not change once set";
  return [
    ...causeIf(clusterIPs[0] !== oldIp, () => invalidValue("spec.clusterIPs[0]", clusterIPs, fixed)),
    ...causeIf(ipFamilies[0] !== (oldFamily ?? ipFamilies[0]), () =>
      invalidValue("spec.ipFamilies[0]", ipFamilies[0], fixed),
    ),
  ];
}

function validateBalancerChange(spec: ServiceSpec, was: ServiceSpec): readonly Cause[] {
  const { loadBalancerClass, healthCheckNodePort } = spec;
  const probed = needsHealthCheckPort(spec) && needsHealthCheckPort(was);
  return [
    ...causeIf(loadBalancerClass !== was.loadBalancerClass, () =>
      invalidValue("spec.loadBalancerClass", loadBalancerClass, "may not change once set"),
    ),
    ...causeIf(probed && healthCheckNodePort !== was.healthCheckNodePort, () =>
      invalidValue("spec.healthCheckNodePort", healthCheckNodePort, "field is immutable"),
    ),
  ];
}

function validateClusterIps(spec: ServiceSpec): readonly Cause[] {
  const { type, clusterIP, clusterIPs = [] } = spec;
  if (type === "ExternalName") {
    return clusterIPs.length === 0 && clusterIP === undefined
      ? []
      : [notAllowed("spec.clusterIPs", "may not be set for ExternalName services")];
  }
  const causes: Cause[] = [];
  if (clusterIP !== clusterIPs[0]) {
    causes.push(invalidValue("spec.clusterIPs", clusterIPs, "first value must match `clusterIP`"));
  }
  if (clusterIPs.includes("None") && type !== "ClusterIP") {
    causes.push(invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`));
  }
  clusterIPs.forEach((ip, index) => {
    if (ip !== "None" && isIP(ip) === 0) causes.push(invalidValue(`spec.clusterIPs[${index}]`, ip, IP_RULE));
  });
  return causes;
}

function validateFamilies({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec): readonly Cause[] {
  const causes = ipFamilies.flatMap((family, index) =>
    FAMILIES.includes(family) ? [] : [notSupported(`spec.ipFamilies[${index}]`, family, FAMILIES)],
  );
  if (ipFamilyPolicy !== undefined && !FAMILY_POLICIES.includes(ipFamilyPolicy)) {
    causes.push(notSupported("spec.ipFamilyPolicy", ipFamilyPolicy, FAMILY_POLICIES));
  }
  return causes;
}

function validateExternalIps({ externalIPs = [] }: ServiceSpec): readonly Cause[] {
  return externalIPs.flatMap((ip, index) => {
    const field = `spec.externalIPs[${index}]`;
    if (isIP(ip) === 0) return [invalidValue(field, ip, IP_RULE)];
    return ip === "0.0.0.0" || ip === "::" ? [invalidValue(field, ip, "may not be unspecified (0.0.0.0 or ::)")] : [];
  });
}

const IP_RULE = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
