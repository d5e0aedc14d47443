import type { LoadBalancer, NetworkSecurityGroup } from "@azure/arm-network";
import type { Edit } from "../../src/azure/arm/index.ts";
import { type Decision, decide } from "../../src/azure/arm/queue/fold.ts";
import { sameModel } from "../../src/azure/arm/same-model.ts";
import { balancerId, securityGroupId } from "../../src/azure/loadbalancer/names.ts";
import { accessEdit } from "../../src/azure/loadbalancer/plan/access.ts";
import { accessClaim, indexClaims } from "../../src/azure/loadbalancer/plan/access-rules.ts";
import { balancerEdit } from "../../src/azure/loadbalancer/plan/balancer.ts";
import { membersEdit } from "../../src/azure/loadbalancer/plan/members.ts";
import { settleLoadBalancer } from "../../src/azure/loadbalancer/plan/settle.ts";
import type { Service } from "../../src/cloudprovider/objects.ts";
import { config as defaultConfig } from "../fixtures/azure-network.ts";
import { settingsOf, wishOf } from "../fixtures/balancer-wish.ts";
import { node } from "../fixtures/node.ts";
import { service, uidOf } from "../fixtures/service.ts";
import { type Bench, bestOf, median } from "./bench.ts";
import { heapInUse } from "./heap.ts";

const SERVICES = 500;
const NODES = 1000;
const PASSES = 1000;
const EARLY = 100;

const config = defaultConfig({ poolType: "nodeIP" });
const nodes = Array.from({ length: NODES }, (_, n) =>
  node(`node-${n}`, { addresses: [`10.240.${Math.floor(n / 250)}.${(n % 250) + 4}`] }),
);
const members = membersEdit({ config, internal: false, nodes: () => ({ synced: true, items: nodes }) });

/** The pure part of a write: a batch of edits decided as the merge queue does it. */
export const planner: Bench = {
  name: "planner",
  about: `a balancer of ${SERVICES} Services and ${NODES} nodes, and its security group, planned`,
  goalsMs: {
    "all from nothing": 50,
    "all, nothing to change": 50,
    "all, one of them changes": 50,
    "one Service changes": 2,
    "one Service changes, on a balancer just read": 2,
    "rules: all from nothing": 50,
    "rules: all, nothing to change": 50,
    [`the longest of ${PASSES} passes with one change`]: 50,
  },
  async run() {
    const all = [...Array.from({ length: SERVICES }, (_, n) => edit(n)), members];
    const oneOfAll = all.with(SERVICES / 2, edit(SERVICES / 2, 8080));
    const one = [edit(SERVICES / 2, 8080), members];
    const full = decided(undefined, all);
    if (balancerDecision(full, all).work !== undefined)
      throw new Error("the edits that made it change a full balancer");
    const long = manyPasses(full);
    return {
      times: {
        "all from nothing": await bestOf(7, () => balancerDecision(undefined, all)),
        "all, nothing to change": await bestOf(7, () => balancerDecision(full, all)),
        "all, one of them changes": await bestOf(7, () => balancerDecision(full, oneOfAll)),
        "one Service changes": await bestOf(20, () => balancerDecision(full, one)),
        ...(await rules()),
        ...long.times,
      },
      sizes: long.sizes,
    };
  },
};

function edit(n: number, port = 80): Edit<LoadBalancer> {
  return balancerEdit(wishOf(serviceAt(n, port), { config }));
}

function serviceAt(n: number, port: number): Service {
  return service({ name: `web-${n}`, uid: uidOf(n), ports: [`${port}/${30_000 + n}`] });
}

type Riders<T> = readonly { readonly edit: Edit<T> }[];

function balancerDecision(
  base: LoadBalancer | undefined,
  edits: readonly Edit<LoadBalancer>[],
): Decision<LoadBalancer, Riders<LoadBalancer>[number]> {
  const settle = (balancer: LoadBalancer) => settleLoadBalancer(balancer, config);
  const riders = edits.map((each) => ({ edit: each }));
  return decide(base, riders, { same: sameModel, settle, rewrite: false });
}

/** What a batch makes of a balancer, with what ARM adds to every child: id, etag, state. */
function decided(base: LoadBalancer | undefined, edits: readonly Edit<LoadBalancer>[]): LoadBalancer {
  const id = balancerId(config, "kubernetes");
  const shown = Object.entries(balancerDecision(base, edits).work?.value ?? {}).map(([list, value]) => {
    if (!Array.isArray(value)) return [list, value];
    const children = value as readonly { readonly name: string }[];
    const state = { etag: 'W/"1"', provisioningState: "Succeeded" };
    return [list, children.map((child) => ({ ...child, ...state, id: `${id}/${list}/${child.name}` }))];
  });
  return { ...(Object.fromEntries(shown) as LoadBalancer), id, name: "kubernetes", etag: 'W/"1"' };
}

/** Passes one after the other, each on the balancer that ARM has shown after the one before. */
function manyPasses(full: LoadBalancer): {
  readonly times: Record<string, number>;
  readonly sizes: Record<string, number>;
} {
  const sizes: Record<string, number> = {};
  const times: number[] = [];
  let balancer = full;
  for (let pass = 1; pass <= PASSES; pass++) {
    const edits = [edit(pass % SERVICES, 1000 + pass), members];
    const before = process.threadCpuUsage(); // the longest of many is no measure when others may take the processor
    balancerDecision(balancer, edits);
    const { user, system } = process.threadCpuUsage(before);
    times.push((user + system) / 1000);
    balancer = decided(balancer, edits);
    if (pass === EARLY || pass === PASSES) sizes[`heap after ${pass} passes`] = heapInUse();
  }
  return {
    times: {
      "one Service changes, on a balancer just read": median(times),
      [`the longest of ${PASSES} passes with one change`]: Math.max(...times),
    },
    sizes,
  };
}

/** The security group of Services that share no rule. */
async function rules(): Promise<Record<string, number>> {
  const claims = Array.from({ length: SERVICES }, (_, n) => {
    const settings = settingsOf(serviceAt(n, 1000 + n), config);
    return { order: settings.order, claim: accessClaim(settings, [`20.1.${Math.floor(n / 250)}.${(n % 250) + 1}`]) };
  });
  const others = indexClaims(claims.map(({ claim }) => claim));
  const riders = claims.map((each) => ({ edit: accessEdit({ ...each, config, released: [], others }) }));
  const fold = (base: NetworkSecurityGroup) =>
    decide(base, riders, { same: sameModel, settle: () => "keep", rewrite: false }).work?.value;
  const empty: NetworkSecurityGroup = { id: securityGroupId(config), securityRules: [] };
  const full = fold(empty) ?? empty;
  return {
    "rules: all from nothing": await bestOf(7, () => fold(empty)),
    "rules: all, nothing to change": await bestOf(7, () => fold(full)),
  };
}
