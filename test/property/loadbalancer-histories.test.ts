import fc from "fast-check";
import { describe, it } from "vitest";
import { anyHistory } from "../fixtures/any-history.ts";
import type { RigOptions } from "../fixtures/azure-rig.ts";
import { History } from "../fixtures/balancer-history.ts";

const NODES = { vmss: { nodes: [{}, {}, {}] } };
const SLOW = { latency: { answerMs: () => 0, operationMs: () => 200, retryAfterSeconds: () => undefined } };
const NIC = { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" };

const SETUPS: readonly { readonly name: string; readonly options: RigOptions; readonly runs: number }[] = [
  { name: "IP-based pools, everything at once", options: { seed: NODES }, runs: 10 },
  { name: "IP-based pools, operations that take time", options: { seed: NODES, arm: SLOW }, runs: 6 },
  { name: "NIC-based pools", options: { seed: NODES, azureJson: NIC }, runs: 4 },
];

describe("any history of Services, faults, restarts and other people's writes", () => {
  for (const { name, options, runs } of SETUPS) {
    it(`ends where the last wishes say, and leaves nothing behind (${name})`, async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, async (steps) => {
          const history = await History.open(options);
          try {
            for (const step of steps) await history.step(step);
            await history.settle();
            history.assertSound();
            await history.assertAtRest();
            await history.assertAsFresh();
            await history.assertLeavesNothing();
          } finally {
            await history.close();
          }
        }),
        { numRuns: runs, seed: 20260101 },
      );
    }, 60_000);
  }
});
