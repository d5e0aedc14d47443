import { type CloudConfig, parseCloudConfig } from "../../azure/index.ts";
import { accept } from "../../cloudprovider/errors.ts";
import type { ConnectionSettings } from "../../controller/index.ts";
import { connectionSettings } from "../../controller/index.ts";
import {
  type ArmSimulator,
  type ClusterFacts,
  type ClusterSeed,
  type KubernetesSimulator,
  type Latency,
  type SeededNode,
  seedCluster,
  startArmSimulator,
  startKubernetesSimulator,
} from "../../simulator/index.ts";

/** What a lab is made of. */
export interface LabOptions {
  readonly latency: Latency;
  /** Machines and network; a default of three nodes when absent. */
  readonly cluster: ClusterSeed | undefined;
  readonly poolType: "nodeIP" | "nodeIPConfiguration";
}

/** A simulated Azure and a small API server that belong together: the nodes of one run on the machines of the other. */
export interface Lab {
  readonly arm: ArmSimulator;
  readonly kubernetes: KubernetesSimulator;
  readonly facts: ClusterFacts;
  /** The configuration that fits: `azure.json` of this lab. */
  readonly config: CloudConfig;
  /** The same as a file, for other processes on this machine: with the way to this Azure, and a managed identity. */
  readonly azureJson: string;
  readonly connection: ConnectionSettings;
  close(): Promise<void>;
}

/** Requests that are remembered: a demo may stay up for days. */
const JOURNAL_KEPT = 10_000;

/** Starts both simulators on loopback and fills them with one cluster. */
export async function openLab({ latency, cluster, poolType }: LabOptions): Promise<Lab> {
  const [arm, kubernetes] = await Promise.all([
    startArmSimulator({ latency, tls: true, journal: { keep: JOURNAL_KEPT } }),
    startKubernetesSimulator({ tls: true }),
  ]);
  const close = async (): Promise<void> => {
    await Promise.all([arm.close(), kubernetes.close()]);
  };
  try {
    const facts = seedCluster(arm, cluster);
    for (const node of facts.nodes) kubernetes.create(nodeObject(node, facts.location));
    const connection = await connectionSettings({ kubeconfigText: kubernetes.kubeconfig() }, Date.now);
    const keys = keysFor(facts, poolType);
    const reach = { resourceManagerEndpoint: arm.endpoint, useManagedIdentityExtension: true };
    const azureJson = JSON.stringify({ ...keys, ...reach });
    return { arm, kubernetes, facts, config: configOf(keys), azureJson, connection, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function keysFor(facts: ClusterFacts, poolType: LabOptions["poolType"]): object {
  return {
    cloud: "AzurePublicCloud",
    tenantId: facts.tenantId,
    subscriptionId: facts.subscriptionId,
    resourceGroup: facts.resourceGroup,
    location: facts.location,
    vnetName: facts.virtualNetwork,
    subnetName: facts.subnet,
    securityGroupName: facts.securityGroup,
    vmType: facts.scaleSet === undefined ? "standard" : "vmss",
    loadBalancerSku: "standard",
    loadBalancerBackendPoolConfigurationType: poolType,
  };
}

function configOf(keys: object): CloudConfig {
  const file = { name: "azure.json of the demo", text: JSON.stringify(keys) };
  return accept(parseCloudConfig({ file, env: {} })).config;
}

function nodeObject({ name, providerId, internalIP, zone }: SeededNode, location: string): object {
  const labels = {
    "kubernetes.io/hostname": name,
    "topology.kubernetes.io/region": location,
    ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": `${location}-${zone}` }),
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: { providerID: providerId },
    status: {
      addresses: [
        { type: "InternalIP", address: internalIP },
        { type: "Hostname", address: name },
      ],
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "KubeletReady",
          message: "kubelet is posting ready status",
          lastHeartbeatTime: new Date().toISOString(),
          lastTransitionTime: new Date().toISOString(),
        },
      ],
      nodeInfo: { kubeletVersion: "v1.33.0", osImage: "simulated", architecture: "amd64", operatingSystem: "linux" },
    },
  };
}
