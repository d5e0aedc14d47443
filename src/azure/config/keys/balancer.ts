import { z } from "zod";
import { choice, choiceOr, flag, type Key, scalarText, textOr, triState, wholeIn, wholeOr } from "../key.ts";

const labels = z.record(z.string(), z.string({ error: "text" }), { error: "an object of texts" });

const selector = z.object(
  {
    matchLabels: labels.exactOptional(),
    matchExpressions: z
      .array(
        z.object({
          key: z.string({ error: "text" }),
          operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"], { error: "In, NotIn, Exists or DoesNotExist" }),
          values: z.array(z.string({ error: "text" }), { error: "a list of texts" }).exactOptional(),
        }),
        { error: "a list of expressions" },
      )
      .exactOptional(),
  },
  { error: "a label selector" },
);

const balancerEntry = z.object(
  {
    name: z.string({ error: "text" }),
    primaryVMSet: z.string({ error: "text" }).default(""),
    allowServicePlacement: z.boolean({ error: "true or false, without quotes" }).default(true),
    serviceLabelSelector: selector.exactOptional(),
    serviceNamespaceSelector: selector.exactOptional(),
    nodeSelector: selector.exactOptional(),
  },
  { error: "an object with name and primaryVMSet" },
);

/** One entry of `multipleStandardLoadBalancerConfigurations`, checked. */
export type BalancerEntry = z.output<typeof balancerEntry>;

const ON_STANDARD = "only a standard load balancer knows it";

/** Keys that decide what a Service becomes. */
export const BALANCER_KEYS = {
  loadBalancerSku: choiceOr(["standard", "basic", "service"], "standard", {
    doc: "SKU of load balancers and public IPs. `service` belongs to the service gateway.",
    because: "Azure has retired basic",
  }),
  loadBalancerName: scalarText({ doc: "Name of the load balancer.", shown: "the cluster's name" }),
  loadBalancerResourceGroup: scalarText({ doc: "Resource group of load balancers.", shown: "resourceGroup" }),
  preConfiguredBackendPoolLoadBalancerTypes: choice(["internal", "external", "all"], {
    doc: "Load balancers whose pools somebody else fills: their members are left alone and they are never deleted.",
  }),
  excludeMasterFromStandardLB: triState({
    doc: "Keep control-plane nodes out of the pools.",
    shown: "true on standard, else false",
    because: "outbound traffic of control-plane nodes would otherwise depend on Services",
  }),
  disableOutboundSNAT: triState({
    doc: `No outbound SNAT through load-balancing rules; ${ON_STANDARD}.`,
    shown: "false",
  }),
  maximumLoadBalancerRuleCount: wholeOr(250, "rules", {
    doc: "Rules per basic load balancer.",
    because: "Azure's own limit",
  }),
  loadBalancerBackendPoolConfigurationType: choiceOr(
    ["nodeIPConfiguration", "nodeIP", "podIP"],
    "nodeIPConfiguration",
    {
      doc: "What is in a pool: the nodes' network interfaces, the nodes' addresses, or pods (service gateway only).",
      because: "existing clusters have it",
    },
  ),
  putVMSSVMBatchSize: wholeOr(0, "instances", {
    doc: "How many instances of one scale set are updated at once.",
    because: "0 leaves it to us",
    inert: "machines are always updated side by side, as many as Azure's limits allow",
  }),
  enableMigrateToIPBasedBackendPoolAPI: flag({
    doc: "Change from network interfaces to addresses through Azure's migration call.",
  }),
  enableIPTagMutationForExistingPublicIP: flag({ doc: "Change the IP tags of public IPs that exist already." }),
  multipleStandardLoadBalancerConfigurations: {
    doc: "Several standard load balancers and which Services and nodes each takes.",
    accepts: "a list of objects with name, primaryVMSet, allowServicePlacement and selectors",
    fallback: "none",
    schema: z.array(balancerEntry, { error: "a list of objects with name and primaryVMSet" }).default([]),
    fields: [
      "name",
      "primaryVMSet",
      "allowServicePlacement",
      "serviceLabelSelector",
      "serviceNamespaceSelector",
      "nodeSelector",
    ],
  },
  clusterServiceLoadBalancerHealthProbeMode: choiceOr(["servicenodeport", "shared"], "servicenodeport", {
    doc: "How nodes are probed for Services with externalTrafficPolicy Cluster: the Service's node port, or kube-proxy's health port for all.",
    because: "existing clusters have it",
  }),
  clusterServiceSharedLoadBalancerHealthProbePort: wholeIn([1, 65_535], 10_256, {
    doc: "Port of the shared probe.",
    because: "kube-proxy's health port",
  }),
  clusterServiceSharedLoadBalancerHealthProbePath: textOr("/healthz", {
    doc: "Path of the shared probe.",
    because: "kube-proxy's health path",
  }),
  serviceGatewayEnabled: flag({
    doc: "Service gateway; only together with `loadBalancerSku: service` and pool type `podIP`.",
  }),
  tags: scalarText({ doc: "Tags for what we create: `a=b,c=d`. Prefer `tagsMap`." }),
  tagsMap: {
    doc: "Tags for what we create; wins over `tags` where keys are equal but for letter case.",
    accepts: "an object of texts",
    fallback: "none",
    schema: labels.default({}),
  },
  systemTags: scalarText({
    doc: "Prefixes of tag keys that are never removed, separated by commas. Foreign tags are removed only when this is set.",
  }),
} as const satisfies Readonly<Record<string, Key>>;
