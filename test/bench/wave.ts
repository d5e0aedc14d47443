import type { JournalEntry } from "../../src/simulator/http/journal.ts";
import type { LatencyProfile } from "../../src/simulator/index.ts";
import type { ClusterRig } from "../fixtures/cluster-rig.ts";

/** Operations take a second of virtual time, answers none. */
export const SECOND: LatencyProfile = {
  answerMs: () => 0,
  operationMs: () => 1000,
  retryAfterSeconds: () => undefined,
};

/** Creates Services of type LoadBalancer, all at once. */
export function createServices({ kubernetes }: ClusterRig, names: readonly string[]): void {
  for (const name of names) {
    const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
    kubernetes.create({ apiVersion: "v1", kind: "Service", metadata: { name }, spec });
  }
}

/** Names of so many Services. */
export function serviceNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `web-${index}`);
}

/** Resolves when `isSo`, which is asked after every request that the API server has finished. */
export function until({ kubernetes }: ClusterRig, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo()) return;
      end();
      resolve();
    };
    const end = kubernetes.journal.follow(look);
    look();
  });
}

/** What some requests cost ARM, each line under `label`. */
export function costOf(entries: readonly JournalEntry[], label: string): Record<string, number> {
  const writes = (type: string): number =>
    entries.filter(({ method, path, status }) => isWrite(method, status) && path.includes(`/${type}/`)).length;
  return {
    [`${label}: requests`]: entries.length,
    [`${label}: polls`]: entries.filter(({ path }) => /\/operations(?:Results)?\//i.test(path)).length,
    [`${label}: load balancer writes`]: writes("loadBalancers"),
    [`${label}: security group writes`]: writes("networkSecurityGroups"),
    [`${label}: public IP writes`]: writes("publicIPAddresses"),
    [`${label}: bytes sent`]: sum(entries.map(({ requestBytes }) => requestBytes)),
    [`${label}: bytes received`]: sum(entries.map(({ responseBytes }) => responseBytes)),
  };
}

function isWrite(method: string, status: number): boolean {
  return method !== "GET" && status >= 200 && status < 300;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
