import { isIP } from "node:net";
import { type Cause, causeIf, invalidValue, notAllowed, notSupported, required } from "../api-error.ts";
import { sameJson } from "../json.ts";
import { subdomain1123Problem } from "./names.ts";
import type { Service, ServiceIngress } from "./service-shape.ts";

/** Everything wrong with the status of a Service. */
export function validateServiceStatus(next: Service, old: Service): readonly Cause[] {
  const ingress = ingressOf(next);
  if (sameJson(ingress, ingressOf(old))) return [];
  const field = "status.loadBalancer.ingress";
  if (next.spec?.type !== "LoadBalancer" && ingress.length > 0) {
    return [notAllowed(field, 'may only be used when `spec.type` is "LoadBalancer"')];
  }
  return ingress.flatMap((entry, index) => validateIngress(entry, `${field}[${index}]`));
}

function ingressOf({ status }: Service): readonly ServiceIngress[] {
  return status?.loadBalancer?.ingress ?? [];
}

function validateIngress({ ip, hostname, ipMode }: ServiceIngress, field: string): readonly Cause[] {
  return [
    ...causeIf(ip === undefined && hostname === undefined, () => required(field, "ip or hostname must be set")),
    ...(ip === undefined ? [] : validateIp(ip, `${field}.ip`)),
    ...(hostname === undefined ? [] : validateHostname(hostname, `${field}.hostname`)),
    ...(ipMode === undefined ? [] : validateIpMode(ipMode, ip, `${field}.ipMode`)),
  ];
}

function validateIp(ip: string, field: string): readonly Cause[] {
  const rule = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  return causeIf(isIP(ip) === 0, () => invalidValue(field, ip, rule));
}

function validateHostname(hostname: string, field: string): readonly Cause[] {
  const problem = subdomain1123Problem(hostname);
  return problem === undefined ? [] : [invalidValue(field, hostname, problem)];
}

function validateIpMode(ipMode: string, ip: string | undefined, field: string): readonly Cause[] {
  const modes = ["Proxy", "VIP"];
  return [
    ...causeIf(ip === undefined, () => notAllowed(field, "may not be specified when `ip` is not set")),
    ...causeIf(!modes.includes(ipMode), () => notSupported(field, ipMode, modes)),
  ];
}
