import type { Cluster } from "./cluster.ts";

/** What a new cluster holds. */
export interface SeedOptions {
  readonly kubernetesService: boolean;
}

const NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** Puts in what every new cluster has: four namespaces and the `kubernetes` Service. */
export function seedCluster(cluster: Cluster, { kubernetesService }: SeedOptions): void {
  const namespaces = cluster.registry.byPath("", "v1", "namespaces");
  for (const name of NAMESPACES) cluster.create(namespaces, undefined, { metadata: { name } });
  if (!kubernetesService) return;
  const services = cluster.registry.byPath("", "v1", "services");
  cluster.create(services, "default", {
    metadata: { name: "kubernetes", labels: { component: "apiserver", provider: "kubernetes" } },
    spec: { ports: [{ name: "https", port: 443, targetPort: 6443 }] },
  });
}
