import { isIP } from "node:net";
import { type Cause, causeIf, duplicate, invalidValue, notAllowed, notSupported, required } from "../api-error.ts";
import { label1123Problem, subdomain1123Problem } from "./names.ts";
import { validateAddressing, validateImmutable } from "./service-address-validation.ts";
import {
  isExternallyReachable,
  needsHealthCheckPort,
  needsNodePorts,
  type Service,
  type ServicePort,
  type ServiceSpec,
} from "./service-shape.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const MAX_AFFINITY_SECONDS = 86_400;

/** Everything wrong with a Service; on update also what may not change. */
export function validateService({ metadata, spec = {} }: Service, old: Service | undefined): readonly Cause[] {
  return [
    ...validateType(spec),
    ...validatePorts(spec),
    ...validateAddressing(spec),
    ...validateAffinity(spec),
    ...validatePolicies(spec),
    ...validateBalancer(spec),
    ...validateSourceRanges(spec, metadata.annotations?.[SOURCE_RANGES]),
    ...(old === undefined ? [] : validateImmutable(spec, old.spec ?? {})),
  ];
}

function validateType(spec: ServiceSpec): readonly Cause[] {
  const { type = "", externalName } = spec;
  if (!TYPES.includes(type)) return [notSupported("spec.type", type, TYPES)];
  if (type !== "ExternalName") return [];
  if (externalName === undefined) return [required("spec.externalName")];
  const problem = subdomain1123Problem(externalName.replace(/\.$/, ""));
  return problem === undefined ? [] : [invalidValue("spec.externalName", externalName, problem)];
}

function validatePorts(spec: ServiceSpec): readonly Cause[] {
  const { ports = [], type, clusterIP } = spec;
  if (ports.length === 0) {
    return type === "ExternalName" || clusterIP === "None" ? [] : [required("spec.ports")];
  }
  return [
    ...ports.flatMap((port, index) => validatePort(spec, port, `spec.ports[${index}]`)),
    ...duplicates(ports, "name", ({ name }) => name),
    ...duplicates(ports, "", ({ protocol, port }) => `${protocol}/${port}`),
    ...duplicates(ports, "nodePort", ({ nodePort, protocol }) => nodePort && `${protocol}/${nodePort}`),
  ];
}

function validatePort(spec: ServiceSpec, port: ServicePort, field: string): readonly Cause[] {
  const { protocol = "", targetPort, nodePort } = port;
  const targetProblem = targetPortProblem(targetPort);
  const mayHaveNodePort = needsNodePorts(spec) || spec.type === "LoadBalancer";
  return [
    ...validatePortName(spec, port, `${field}.name`),
    ...causeIf(!isPort(port.port), () => invalidValue(`${field}.port`, port.port, PORT_RANGE)),
    ...causeIf(!PROTOCOLS.includes(protocol), () => notSupported(`${field}.protocol`, protocol, PROTOCOLS)),
    ...(targetProblem === undefined ? [] : [invalidValue(`${field}.targetPort`, targetPort, targetProblem)]),
    ...causeIf(nodePort !== undefined && !mayHaveNodePort, () =>
      notAllowed(`${field}.nodePort`, `may not be used when \`type\` is '${spec.type}'`),
    ),
  ];
}

function validatePortName({ ports = [] }: ServiceSpec, { name }: ServicePort, field: string): readonly Cause[] {
  if (name === undefined) return causeIf(ports.length > 1, () => required(field));
  const problem = label1123Problem(name);
  return problem === undefined ? [] : [invalidValue(field, name, problem)];
}

function targetPortProblem(target: number | string | undefined): string | undefined {
  if (target === undefined) return undefined;
  if (typeof target === "number") return isPort(target) ? undefined : PORT_RANGE;
  if (target.length > 15) return "must be no more than 15 characters";
  if (!/^[-a-z0-9]+$/.test(target)) return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
  return /[a-z]/.test(target) ? undefined : "must contain at least one letter (a-z)";
}

function duplicates(
  ports: readonly ServicePort[],
  member: "name" | "nodePort" | "",
  identify: (port: ServicePort) => string | 0 | undefined,
): readonly Cause[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const id = identify(port);
    if (!id) return [];
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const field = `spec.ports[${index}]${member && `.${member}`}`;
    return [duplicate(field, member === "" ? port : (port[member] ?? null))];
  });
}

function validateAffinity({ sessionAffinity = "", sessionAffinityConfig }: ServiceSpec): readonly Cause[] {
  if (!["ClientIP", "None"].includes(sessionAffinity)) {
    return [notSupported("spec.sessionAffinity", sessionAffinity, ["ClientIP", "None"])];
  }
  if (sessionAffinityConfig === undefined) return [];
  if (sessionAffinity === "None") {
    return [notAllowed("spec.sessionAffinityConfig", "must not be set when session affinity is None")];
  }
  const seconds = sessionAffinityConfig.clientIP?.timeoutSeconds ?? 0;
  if (seconds > 0 && seconds <= MAX_AFFINITY_SECONDS) return [];
  const field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds";
  return [invalidValue(field, seconds, `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`)];
}

function validatePolicies(spec: ServiceSpec): readonly Cause[] {
  const causes: Cause[] = [];
  const { externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort } = spec;
  if (externalTrafficPolicy !== undefined && !isExternallyReachable(spec)) {
    const why = "may only be set for externally-accessible services";
    causes.push(invalidValue("spec.externalTrafficPolicy", externalTrafficPolicy, why));
  } else if (externalTrafficPolicy !== undefined && !["Cluster", "Local"].includes(externalTrafficPolicy)) {
    causes.push(notSupported("spec.externalTrafficPolicy", externalTrafficPolicy, ["Cluster", "Local"]));
  }
  if (internalTrafficPolicy !== undefined && !["Cluster", "Local"].includes(internalTrafficPolicy)) {
    causes.push(notSupported("spec.internalTrafficPolicy", internalTrafficPolicy, ["Cluster", "Local"]));
  }
  if (healthCheckNodePort !== undefined && !needsHealthCheckPort(spec)) {
    const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    causes.push(invalidValue("spec.healthCheckNodePort", healthCheckNodePort, why));
  }
  return causes;
}

function validateBalancer({ type, allocateLoadBalancerNodePorts, loadBalancerClass }: ServiceSpec): readonly Cause[] {
  if (type === "LoadBalancer") return [];
  return [
    ...causeIf(allocateLoadBalancerNodePorts !== undefined, () =>
      notAllowed("spec.allocateLoadBalancerNodePorts", ONLY_BALANCERS),
    ),
    ...causeIf(loadBalancerClass !== undefined, () => notAllowed("spec.loadBalancerClass", ONLY_BALANCERS)),
  ];
}

/** The annotation counts only where the field is empty; blanks around a range are forgiven in both. */
function validateSourceRanges(spec: ServiceSpec, annotation: string | undefined): readonly Cause[] {
  const { type, loadBalancerSourceRanges: ranges = [] } = spec;
  const inField = ranges.map((range, index) => ({ range, field: `spec.LoadBalancerSourceRanges[${index}]` }));
  const key = `metadata.annotations[${SOURCE_RANGES}]`;
  const inAnnotation = (annotation ?? "").split(",").map((range) => ({ range, field: key }));
  const given = ranges.length > 0 ? inField : inAnnotation.filter(() => annotation?.trim());
  if (type !== "LoadBalancer" && given.length > 0) {
    return [notAllowed(ranges.length > 0 ? "spec.LoadBalancerSourceRanges" : key, ONLY_BALANCERS)];
  }
  const rule = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
  return given.flatMap(({ range, field }) => causeIf(!isCidr(range.trim()), () => invalidValue(field, range, rule)));
}

const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
const ONLY_BALANCERS = "may only be used when `type` is 'LoadBalancer'";
const PORT_RANGE = "must be between 1 and 65535, inclusive";

function isPort(value: number): boolean {
  return value >= 1 && value <= 65_535;
}

function isCidr(text: string): boolean {
  const [address = "", bits = "", ...rest] = text.split("/");
  const family = isIP(address);
  return rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
