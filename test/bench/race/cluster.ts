import { createHash } from "node:crypto";
import type { ClusterSeedInput, SeededNode } from "../../../src/simulator/index.ts";

/** What every run's Services look like. */
export const PORT_SCHEME = "port 80 on every Service";

/** A scale set of so many nodes, spread over three zones, in a subnet with room for them. */
export function seedOf(nodes: number): ClusterSeedInput {
  const spread = Array.from({ length: nodes }, (_, index) => ({ zone: String((index % 3) + 1) }));
  const subnet = { name: "nodes", addressPrefix: "10.240.0.0/16" };
  return { network: { subnets: [subnet] }, vmss: { name: "nodes-vmss", nodes: spread } };
}

/** Names of so many Services. @param from - number of the first. */
export function serviceNames(count: number, from = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) => `web-${from + index}`);
}

/** A Service that asks for an address. Its uid follows from `seed`, because names in ARM follow from the uid. */
export function serviceManifest(name: string, seed: string): object {
  const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name, uid: uidOf(`${seed} ${name}`) }, spec };
}

/** The Kubernetes node of a seeded machine. */
export function nodeManifest({ name, providerId, internalIP }: SeededNode): object {
  const status = {
    addresses: [{ type: "InternalIP", address: internalIP }],
    conditions: [{ type: "Ready", status: "True" }],
  };
  return { apiVersion: "v1", kind: "Node", metadata: { name }, spec: { providerID: providerId }, status };
}

function uidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
