import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { path } from "../../../../scripts/steps.ts";
import { silentLogger } from "../../../../src/base/logger.ts";
import { Demo, type DemoOptions } from "../../../../src/cli/demo/demo.ts";
import { readManifests } from "../../../../src/cli/demo/manifests.ts";
import { accept } from "../../../../src/cloudprovider/errors.ts";
import { parseClusterSeed } from "../../../../src/simulator/index.ts";

const STANDALONE = accept(parseClusterSeed(readFileSync(path("examples/clusters/standalone.yaml"), "utf8")));

describe("the demo gives every example its address", () => {
  const cases: readonly (Pick<DemoOptions, "cluster" | "poolType"> & { name: string; nodes: readonly string[] })[] = [
    {
      name: "on standalone machines, members by interface",
      cluster: STANDALONE,
      poolType: "nodeIPConfiguration",
      nodes: ["worker-1", "worker-2", "worker-3"],
    },
    {
      name: "on standalone machines, members by address",
      cluster: STANDALONE,
      poolType: "nodeIP",
      nodes: ["worker-1", "worker-2", "worker-3"],
    },
    {
      name: "on its own scale set, members by interface",
      cluster: undefined,
      poolType: "nodeIPConfiguration",
      nodes: ["nodes-vmss000000", "nodes-vmss000001", "nodes-vmss000002"],
    },
  ];
  for (const { name, cluster, poolType, nodes } of cases) {
    it(name, async () => {
      const { signal } = new AbortController();
      const written = new Set<string>();
      const options = { latency: "zero", logger: silentLogger, version: "test" } as const;
      const onWrite: DemoOptions["onWrite"] = ({ type }) => written.add(type);
      const demo = await Demo.start({ ...options, cluster, poolType, onWrite }, signal);
      try {
        expect(demo.lab.facts.nodes.map((node) => node.name)).toEqual(nodes);
        const { services, arm } = await demo.wait(
          await demo.apply(await readManifests([path("examples")])),
          30,
          signal,
        );
        expect(services.map(({ error }) => error)).toEqual([null, null, null]);
        expect(new Set(services.map(({ ip }) => ip)).size).toBe(3);
        expect(arm.writes.publicIPAddresses).toBe(services.filter(({ ip }) => !ip?.startsWith("10.")).length);
        expect(written).toContain("loadBalancers");
      } finally {
        await demo.stop();
      }
    });
  }
});
