import type { KubernetesObject } from "../object.ts";
import { flag, int32, intOrString, kept, list, listBy, map, object, text } from "../schema.ts";
import { condition } from "./conditions.ts";
import { type Allocator, column, type Kind, PLAIN } from "./kind.ts";
import { TYPE_AND_META } from "./metadata.ts";
import { label1035Problem } from "./names.ts";
import { serviceCells } from "./service-cells.ts";
import { defaultService } from "./service-defaults.ts";
import type { Service } from "./service-shape.ts";
import { validateServiceStatus } from "./service-status-validation.ts";
import { dropUnused, keepAllocated } from "./service-transitions.ts";
import { validateService } from "./service-validation.ts";

const portStatus = object("PortStatus", { port: int32, protocol: text, error: kept(text) });

const serviceSchema = object("Service", {
  ...TYPE_AND_META,
  spec: object("ServiceSpec", {
    ports: listBy(
      "port",
      object("ServicePort", {
        name: text,
        protocol: text,
        appProtocol: kept(text),
        port: kept(int32),
        targetPort: intOrString,
        nodePort: int32,
      }),
    ),
    selector: map(text),
    clusterIP: text,
    clusterIPs: list(text),
    type: text,
    externalIPs: list(text),
    sessionAffinity: text,
    loadBalancerIP: text,
    loadBalancerSourceRanges: list(text),
    externalName: text,
    externalTrafficPolicy: text,
    healthCheckNodePort: int32,
    publishNotReadyAddresses: flag,
    sessionAffinityConfig: object("SessionAffinityConfig", {
      clientIP: object("ClientIPConfig", { timeoutSeconds: kept(int32) }),
    }),
    ipFamilies: list(text),
    ipFamilyPolicy: kept(text),
    allocateLoadBalancerNodePorts: kept(flag),
    loadBalancerClass: kept(text),
    internalTrafficPolicy: kept(text),
    trafficDistribution: kept(text),
  }),
  status: object("ServiceStatus", {
    loadBalancer: object("LoadBalancerStatus", {
      ingress: list(
        object("LoadBalancerIngress", { ip: text, hostname: text, ipMode: kept(text), ports: list(portStatus) }),
      ),
    }),
    conditions: listBy("type", condition),
  }),
});

/** v1 Services, which draw cluster IPs and node ports from `allocator`. */
export function serviceKind(allocator: Allocator): Kind {
  return {
    ...PLAIN,
    group: "",
    version: "v1",
    kind: "Service",
    plural: "services",
    singular: "service",
    shortNames: ["svc"],
    categories: ["all"],
    namespaced: true,
    schema: serviceSchema,
    hasStatus: true,
    returnsDeleted: true,
    columns: [
      column("Type", "Type determines how the Service is exposed."),
      column("Cluster-IP", "clusterIP is the IP address of the service, usually assigned by the server."),
      column("External-IP", "The addresses by which the Service is reached from outside."),
      column("Port(s)", "The list of ports that are exposed by this service."),
      column("Age", "Time since creation."),
      column("Selector", "Route service traffic to pods with label keys and values matching this selector.", 1),
    ],
    cells: (service, { nowMs }) => serviceCells(service as Service, nowMs),
    fields: (service) => {
      const { clusterIP = "", type = "" } = (service as Service).spec ?? {};
      return { "spec.clusterIP": clusterIP, "spec.type": type };
    },
    nameProblem: label1035Problem,
    defaults: (service) => defaultService(service as Service),
    prepare: (next, old) => prepareService(next as Service, old as Service | undefined),
    validate: (next, old) => validateService(next as Service, old as Service | undefined),
    validateStatus: (next, old) => validateServiceStatus(next as Service, old as Service),
    allocator,
  };
}

function prepareService(next: Service, old: Service | undefined): KubernetesObject {
  if (old === undefined) return { ...next, status: { loadBalancer: {} } };
  return defaultService(dropUnused(keepAllocated(next, old), old));
}
