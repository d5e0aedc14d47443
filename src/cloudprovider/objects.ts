/**
 * The fields of Kubernetes objects that a cloud may read. They are read-only through and through: a provider never
 * changes what it is given. Names and meanings are those of the Kubernetes API.
 */

/** Identity and bookkeeping common to all objects. */
export interface ObjectMeta {
  readonly name: string;
  /** Undefined for cluster-scoped objects. */
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion?: string;
  /** RFC 3339. */
  readonly creationTimestamp?: string;
  /** RFC 3339; set when deletion was asked for and finalizers remain. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}

/** Address family as the Kubernetes API spells it. */
export type IPFamily = "IPv4" | "IPv6";

/** Transport of a Service port. */
export type Protocol = "TCP" | "UDP" | "SCTP";

/** One port of a Service. */
export interface ServicePort {
  /** Unique within the Service; undefined only when there is a single port. */
  readonly name?: string;
  readonly protocol: Protocol;
  /** 1 to 65535. */
  readonly port: number;
  readonly targetPort?: number | string;
  /** Port on every node; undefined or 0 when none was allocated. */
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

/** What a user asked of a Service. */
export interface ServiceSpec {
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";
  readonly ports: readonly ServicePort[];
  readonly loadBalancerClass?: string;
  /** Deprecated in Kubernetes, still honoured by clouds. */
  readonly loadBalancerIP?: string;
  /** CIDRs that may reach the balancer. */
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly externalIPs?: readonly string[];
  readonly externalTrafficPolicy?: "Cluster" | "Local";
  /** Port of kube-proxy's health endpoint, for `externalTrafficPolicy: Local`. */
  readonly healthCheckNodePort?: number;
  readonly sessionAffinity?: "None" | "ClientIP";
  readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
  readonly ipFamilies?: readonly IPFamily[];
  readonly ipFamilyPolicy?: string;
  readonly allocateLoadBalancerNodePorts?: boolean;
}

/** One address under which a balancer is reached. */
export interface LoadBalancerIngress {
  readonly ip?: string;
  readonly hostname?: string;
  readonly ipMode?: string;
  readonly ports?: readonly { readonly port: number; readonly protocol: Protocol; readonly error?: string }[];
}

/** `status.loadBalancer` of a Service. */
export interface LoadBalancerStatus {
  /** In the order in which they are published. */
  readonly ingress: readonly LoadBalancerIngress[];
}

/** A Kubernetes Service. */
export interface Service {
  readonly metadata: ObjectMeta;
  readonly spec: ServiceSpec;
  readonly status: { readonly loadBalancer: LoadBalancerStatus };
}

/** One address of a node. */
export interface NodeAddress {
  readonly type: "Hostname" | "InternalIP" | "ExternalIP" | "InternalDNS" | "ExternalDNS";
  readonly address: string;
}

/** A taint of a node. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** A Kubernetes Node. */
export interface Node {
  readonly metadata: ObjectMeta;
  readonly spec: {
    /** `<provider name>://<instance id>`; undefined until the cloud has named it. */
    readonly providerID?: string;
    readonly podCIDRs?: readonly string[];
    readonly taints?: readonly Taint[];
    readonly unschedulable?: boolean;
  };
  readonly status: {
    readonly addresses: readonly NodeAddress[];
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

/** `<namespace>/<name>`, or `<name>` for cluster-scoped objects: how queues and listers name an object. */
export function keyOf({ metadata }: { readonly metadata: Pick<ObjectMeta, "name" | "namespace"> }): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}
