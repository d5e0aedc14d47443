import { DEFAULT_WORKERS } from "../../src/controller/index.ts";
import type { Bench } from "./bench.ts";
import type { RunResult } from "./race/result.ts";
import { virtualRun } from "./race/virtual-run.ts";

/** Services that appear at once: what they cost ARM, and how long each waits in profile P1. */
export const services: Bench = {
  name: "services",
  about: "1, 20 and 100 Services created at once, profile P1, virtual clock, 3 nodes, pool nodeIP, port 80",
  goals: {
    "1 at once: ms to the last": 4000,
    "20 at once: ms to the last": 8000,
    "100 at once: ms to the last": 10_000,
    "100 at once: requests": 160,
  },
  async run() {
    const waves: Record<string, number>[] = [];
    for (const count of [1, 20, 100]) waves.push(countsOf(await wave(count)));
    return { counts: Object.assign({}, ...waves) as Record<string, number> };
  },
};

function wave(count: number): Promise<RunResult> {
  const conditions = { profile: "P1", poolType: "nodeIP", nodes: 3, workers: DEFAULT_WORKERS } as const;
  return virtualRun({ ...conditions, services: count, seed: "azure", timeoutSeconds: 600 });
}

function countsOf({ services: count, seconds, writes, ...run }: RunResult): Record<string, number> {
  const label = `${count} at once`;
  const ms = (value: number): number => Math.round(value * 1000);
  return {
    [`${label}: requests`]: run.armRequests,
    [`${label}: polls`]: run.polls,
    [`${label}: load balancer writes`]: writes["loadBalancers"] ?? 0,
    [`${label}: security group writes`]: writes["networkSecurityGroups"] ?? 0,
    [`${label}: public IP writes`]: writes["publicIPAddresses"] ?? 0,
    [`${label}: bytes sent`]: run.bytesSent,
    [`${label}: bytes received`]: run.bytesReceived,
    [`${label}: ms to the first address`]: ms(seconds.first),
    [`${label}: ms to the middle one`]: ms(seconds.median),
    [`${label}: ms to the last`]: ms(seconds.last),
  };
}
