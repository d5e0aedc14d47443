import { isIP } from "node:net";
import { type Cause, invalidValue, notAllowed, notSupported } from "../api-error.ts";
import { type JsonObject, sameJson } from "../json.ts";
import type { KubernetesObject, ObjectMeta } from "../object.ts";
import { anything, flag, int64, kept, list, listBy, map, object, setOf, text, time } from "../schema.ts";
import { ageOf } from "./age.ts";
import { column, type Kind, PLAIN } from "./kind.ts";
import { TYPE_AND_META } from "./metadata.ts";
import { subdomain1123Problem } from "./names.ts";

type Taint = { readonly key?: string; readonly value?: string; readonly effect?: string };

type NodeSpec = {
  readonly unschedulable?: boolean;
  readonly providerID?: string;
  readonly podCIDR?: string;
  readonly podCIDRs?: readonly string[];
  readonly taints?: readonly Taint[];
};

type NodeStatus = {
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly nodeInfo?: Readonly<Record<string, string>>;
};

type Node = { readonly metadata: ObjectMeta; readonly spec?: NodeSpec; readonly status?: NodeStatus };

const nodeSchema = object("Node", {
  ...TYPE_AND_META,
  spec: object("NodeSpec", {
    podCIDR: text,
    podCIDRs: setOf(text),
    providerID: text,
    unschedulable: flag,
    taints: list(object("Taint", { key: kept(text), value: text, effect: kept(text), timeAdded: time })),
    configSource: anything,
    externalID: text,
  }),
  status: object("NodeStatus", {
    capacity: map(anything),
    allocatable: map(anything),
    phase: text,
    conditions: listBy(
      "type",
      object("NodeCondition", {
        type: text,
        status: text,
        lastHeartbeatTime: time,
        lastTransitionTime: time,
        reason: text,
        message: text,
      }),
    ),
    addresses: listBy("type", object("NodeAddress", { type: kept(text), address: kept(text) })),
    daemonEndpoints: anything,
    nodeInfo: map(anything),
    images: list(object("ContainerImage", { names: list(text), sizeBytes: int64 })),
    volumesInUse: list(text),
    volumesAttached: list(object("AttachedVolume", { name: kept(text), devicePath: kept(text) })),
    config: anything,
    runtimeHandlers: anything,
    features: anything,
    declaredFeatures: anything,
  }),
});

/** v1 Nodes. */
export const nodeKind: Kind = {
  ...PLAIN,
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  singular: "node",
  shortNames: ["no"],
  namespaced: false,
  schema: nodeSchema,
  hasStatus: true,
  keepsStatusOnCreate: true,
  columns: [
    column("Status", "The status of the node"),
    column("Roles", "The roles of the node"),
    column("Age", "Time since creation."),
    column("Version", "Kubelet Version reported by the node."),
    column("Internal-IP", "The first internal address of the node.", 1),
    column("External-IP", "The first external address of the node.", 1),
    column("OS-Image", "OS Image reported by the node.", 1),
    column("Kernel-Version", "Kernel Version reported by the node.", 1),
    column("Container-Runtime", "ContainerRuntime Version reported by the node.", 1),
  ],
  cells: (node, { nowMs }) => cells(node as Node, nowMs),
  fields: (node) => ({ "spec.unschedulable": String((node as Node).spec?.unschedulable ?? false) }),
  nameProblem: subdomain1123Problem,
  defaults: defaultNode,
  validate: (next, old) => validate(next as Node, old as Node | undefined),
};

function defaultNode(node: KubernetesObject): KubernetesObject {
  const { metadata, spec = {}, status = {}, ...rest } = node as Node & { apiVersion: string; kind: string };
  const { podCIDR, podCIDRs } = spec;
  const cidrs = podCIDRs ?? (podCIDR === undefined ? undefined : [podCIDR]);
  const filled = { ...spec, ...(cidrs?.[0] !== undefined && { podCIDR: podCIDR ?? cidrs[0], podCIDRs: cidrs }) };
  return { ...rest, metadata, spec: filled as JsonObject, status: status as JsonObject };
}

function cells({ metadata, spec = {}, status = {} }: Node, nowMs: number): readonly string[] {
  const { nodeInfo = {} } = status;
  return [
    metadata.name,
    state(spec, status),
    roles(metadata.labels ?? {}),
    ageOf(metadata.creationTimestamp, nowMs),
    nodeInfo["kubeletVersion"] ?? "",
    address(status, "InternalIP"),
    address(status, "ExternalIP"),
    ...["osImage", "kernelVersion", "containerRuntimeVersion"].map((fact) => nodeInfo[fact] || "<unknown>"),
  ];
}

function state({ unschedulable = false }: NodeSpec, { conditions = [] }: NodeStatus): string {
  const ready = conditions.find(({ type }) => type === "Ready");
  const name = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return unschedulable ? `${name},SchedulingDisabled` : name;
}

function address({ addresses = [] }: NodeStatus, wanted: string): string {
  return addresses.find(({ type }) => type === wanted)?.address ?? "<none>";
}

function roles(labels: Readonly<Record<string, string>>): string {
  const prefix = "node-role.kubernetes.io/";
  const found = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(prefix)) return key.length > prefix.length ? [key.slice(prefix.length)] : [];
    return key === "kubernetes.io/role" && value !== "" ? [value] : [];
  });
  return found.length === 0 ? "<none>" : [...new Set(found)].sort().join(",");
}

function validate({ spec = {} }: Node, old: Node | undefined): readonly Cause[] {
  const causes = (spec.podCIDRs ?? []).flatMap((cidr, index) =>
    isIP(cidr.split("/")[0] ?? "") === 0 || !cidr.includes("/")
      ? [
          invalidValue(
            `spec.podCIDRs[${index}]`,
            cidr,
            "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
          ),
        ]
      : [],
  );
  const effects = ["NoExecute", "NoSchedule", "PreferNoSchedule"];
  for (const [index, { effect = "" }] of (spec.taints ?? []).entries()) {
    if (!effects.includes(effect)) causes.push(notSupported(`spec.taints[${index}].effect`, effect, effects));
  }
  return old === undefined ? causes : [...causes, ...validateChange(spec, old.spec ?? {})];
}

function validateChange(spec: NodeSpec, was: NodeSpec): readonly Cause[] {
  const causes: Cause[] = [];
  if (was.providerID !== undefined && spec.providerID !== was.providerID) {
    causes.push(notAllowed("spec.providerID", 'node updates may not change providerID except from "" to valid'));
  }
  if (was.podCIDRs !== undefined && !sameJson(spec.podCIDRs, was.podCIDRs)) {
    causes.push(notAllowed("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid'));
  }
  return causes;
}
