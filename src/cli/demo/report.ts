import type { JsonObject } from "../../simulator/index.ts";
import { table } from "../table.ts";
import type { DemoResult, ServiceResult } from "./result.ts";

/** Where people can look around while the demo is up. */
export interface Entrances {
  readonly kubeconfigPath: string;
  /** azure.json for other processes. */
  readonly cloudConfigPath: string;
  readonly armEndpoint: string;
  /** `/subscriptions/S/resourceGroups/RG` */
  readonly resourceGroupId: string;
}

/** The Services with their addresses, as a table; failures below it. */
export function servicesTable({ services }: DemoResult): string {
  const heading = ["NAMESPACE", "NAME", "EXTERNAL-IP", "READY AFTER"];
  const rows = services.map(({ namespace, name, ips, seconds }) => [
    namespace,
    name,
    ips.length === 0 ? "<pending>" : ips.join(","),
    seconds === null ? "-" : `${seconds.toFixed(1)} s`,
  ]);
  const failures = services.flatMap((service) => failureOf(service));
  return [table([heading, ...rows], 2), ...failures].join("\n");
}

function failureOf({ namespace, name, error }: ServiceResult): readonly string[] {
  return error === null ? [] : [`\n  ${namespace}/${name} has no address: ${error}`];
}

/** Resource types that stand behind Services, and what a line about one says. */
const SHOWN: readonly { readonly type: string; readonly title: string; readonly say: (body: JsonObject) => string }[] =
  [
    { type: "loadBalancers", title: "load balancer", say: sayBalancer },
    { type: "publicIPAddresses", title: "public IP", say: sayPublicIp },
    { type: "networkSecurityGroups", title: "security group", say: saySecurityGroup },
  ];

/**
 * The ARM resources behind the Services, one line each.
 *
 * @param list - the resources of a type such as `Microsoft.Network/loadBalancers`, as wire JSON.
 */
export function resourcesTable(list: (type: string) => readonly JsonObject[]): string {
  const rows = SHOWN.flatMap(({ type, title, say }) =>
    list(`Microsoft.Network/${type}`).map((body) => [title, written(body["name"]), say(propertiesOf(body))]),
  );
  return rows.length === 0 ? "  none" : table(rows, 2);
}

function sayBalancer(properties: JsonObject): string {
  const members = children(properties, "backendAddressPools").flatMap((pool) => [
    ...children(propertiesOf(pool), "loadBalancerBackendAddresses"),
  ]);
  const frontends = counted(children(properties, "frontendIPConfigurations"), "frontend");
  const rules = counted(children(properties, "loadBalancingRules"), "rule");
  return `${frontends}, ${rules}, ${counted(children(properties, "probes"), "probe")}, ${counted(members, "pool member")}`;
}

function sayPublicIp(properties: JsonObject): string {
  return written(properties["ipAddress"] ?? "no address yet");
}

function saySecurityGroup(properties: JsonObject): string {
  const rules = children(properties, "securityRules").map((rule) => {
    const { priority, access, protocol } = propertiesOf(rule);
    return [priority, access, protocol].map(written).join(" ");
  });
  return rules.length === 0 ? "no rules" : `${counted(rules, "rule")} (${rules.join("; ")})`;
}

function propertiesOf(body: JsonObject): JsonObject {
  return (body["properties"] ?? {}) as JsonObject;
}

function children(properties: JsonObject, name: string): readonly JsonObject[] {
  return (properties[name] ?? []) as unknown as readonly JsonObject[];
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function counted(items: readonly unknown[], noun: string): string {
  return `${items.length} ${noun}${items.length === 1 ? "" : "s"}`;
}

/** What it cost, in one line. */
export function costLine({ arm }: DemoResult): string {
  const { loadBalancers, networkSecurityGroups, publicIPAddresses } = arm.writes;
  const writes = `${loadBalancers} to load balancers, ${networkSecurityGroups} to security groups, ${publicIPAddresses} to public IPs`;
  return `  ${arm.requests} ARM requests, polls included. Accepted writes: ${writes}.`;
}

/** The commands to look around with, ready to be copied. */
export function lookAround({ kubeconfigPath, cloudConfigPath, armEndpoint, resourceGroupId }: Entrances): string {
  const kubectl = `kubectl --kubeconfig ${kubeconfigPath}`;
  const plan = `npx azure-ccm plan --kubeconfig ${kubeconfigPath} --cloud-config ${cloudConfigPath} -f FILE`;
  const balancers = `${armEndpoint}${resourceGroupId}/providers/Microsoft.Network/loadBalancers?api-version=2025-05-01`;
  return [
    `  ${kubectl} get services -A -w`,
    `  ${kubectl} expose service web -n shop --name again --type LoadBalancer --port 8081`,
    `  ${kubectl} get events -A`,
    `  AZURE_POD_IDENTITY_AUTHORITY_HOST=${armEndpoint} ${plan}`,
    `  curl -s -H 'Authorization: Bearer demo' '${balancers}'`,
  ].join("\n");
}
