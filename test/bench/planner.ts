import type { LoadBalancer } from "@azure/arm-network";
import type { Edit } from "../../src/azure/arm/index.ts";
import { balancerId } from "../../src/azure/loadbalancer/names.ts";
import { balancerEdit } from "../../src/azure/loadbalancer/plan/balancer.ts";
import { membersEdit } from "../../src/azure/loadbalancer/plan/members.ts";
import { config as defaultConfig } from "../fixtures/azure-network.ts";
import { wishOf } from "../fixtures/balancer-wish.ts";
import { node } from "../fixtures/node.ts";
import { service, uidOf } from "../fixtures/service.ts";
import { type Bench, bestOf } from "./bench.ts";

const SERVICES = 500;
const NODES = 1000;

const config = defaultConfig({ poolType: "nodeIP" });
const nodes = Array.from({ length: NODES }, (_, n) =>
  node(`node-${n}`, { addresses: [`10.240.${Math.floor(n / 250)}.${(n % 250) + 4}`] }),
);
const members = membersEdit({ config, internal: false, nodes: () => ({ synced: true, items: nodes }) });
const all: readonly Edit<LoadBalancer>[] = [...Array.from({ length: SERVICES }, (_, n) => edit(n)), members];

function edit(n: number, port = 80): Edit<LoadBalancer> {
  return balancerEdit(
    wishOf(service({ name: `web-${n}`, uid: uidOf(n), ports: [`${port}/${30_000 + n}`] }), { config }),
  );
}

/** The pure part of a write of the balancer. */
export const planner: Bench = {
  name: "planner",
  about: `a balancer of ${SERVICES} Services and ${NODES} nodes, planned`,
  goalsMs: { "all from nothing": 50, "all, nothing to change": 50, "one Service changes": 2 },
  async run() {
    const full = asArmShows(fold(undefined, all));
    if (fold(full, all) !== full) throw new Error("a full balancer is changed by the edits that made it");
    return {
      times: {
        "all from nothing": await bestOf(5, () => fold(undefined, all)),
        "all, nothing to change": await bestOf(5, () => fold(full, all)),
        "one Service changes": await bestOf(20, () => fold(full, [edit(250, 8080), members])),
      },
    };
  },
};

function fold(balancer: LoadBalancer | undefined, edits: readonly Edit<LoadBalancer>[]): LoadBalancer | undefined {
  let current = balancer;
  for (const { apply } of edits) current = apply(current);
  return current;
}

/** The balancer with what ARM adds to every child: id, etag, state. */
function asArmShows(balancer: LoadBalancer | undefined): LoadBalancer {
  const id = balancerId(config, "kubernetes");
  const shown = Object.entries(balancer ?? {}).map(([list, value]: [string, unknown]) => {
    if (!Array.isArray(value)) return [list, value];
    const children = value as readonly { readonly name: string }[];
    const state = { etag: 'W/"1"', provisioningState: "Succeeded" };
    return [list, children.map((child) => ({ ...child, ...state, id: `${id}/${list}/${child.name}` }))];
  });
  return { ...(Object.fromEntries(shown) as LoadBalancer), id, name: "kubernetes", etag: 'W/"1"' };
}
