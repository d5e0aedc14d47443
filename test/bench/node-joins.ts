import type { Bench } from "./bench.ts";
import { labelled, withSettled } from "./settled.ts";

const SERVICES = 600;

/** A node joins a cluster with many Services on one balancer. */
export const nodeJoins: Bench = {
  name: "node-joins",
  about: `a node joins ${SERVICES} Services on one balancer with an IP-based pool, paced as P1`,
  goals: { "node joins: reads, polls aside": 3, "node joins: writes": 1 },
  async run() {
    let counts: Record<string, number> = {};
    await withSettled({ services: SERVICES, nodes: 3, absent: 1, poolType: "nodeIP", pace: "P1" }, async (settled) => {
      const { facts, arm } = settled.rig;
      const address = facts.nodes.at(-1)?.internalIP ?? "";
      const isIn = (): boolean =>
        JSON.stringify(
          arm.resources.list("Microsoft.Network/loadBalancers").map(({ id }) => arm.resources.inEffect(id as string)),
        ).includes(`"${address}"`);
      counts = labelled("node joins", await settled.costOf(() => settled.join(), isIn));
    });
    return { counts };
  },
};
