import type { Plan, RecordedCall, ServiceFacts } from "../../azure/index.ts";
import { hasFinalizer, keyOf, type Service, wantsLoadBalancer } from "../../cloudprovider/index.ts";
import type { ServiceRecord } from "../../controller/index.ts";
import { type Blocker, blockersOf } from "./blockers.ts";
import type { ClusterFacts, ToldEvent } from "./cluster.ts";
import type { Recollection } from "./remembered.ts";

/** What the cluster shows of the Service. */
export interface Shown {
  /** Addresses in its status. */
  readonly addresses: readonly string[];
  /** Whether our finalizer is on it. */
  readonly finalizer: boolean;
  readonly deleting: boolean;
}

/** Something that is not as asked. */
export interface Difference {
  /** The ARM resource, or `status` of the Service. */
  readonly where: string;
  readonly verb: "create" | "update" | "remove" | "show";
  /** A sentence. */
  readonly text: string;
  /** What would change in it; empty for a whole resource. */
  readonly fields: readonly { readonly path: string; readonly old: unknown; readonly new: unknown }[];
}

/** All that is known of one Service: what `azure-ccm explain --json` prints. */
export interface Explanation {
  /** `<namespace>/<name>`. */
  readonly service: string;
  readonly verdict: "as asked" | "differs" | "blocked";
  /** Whether it asks for a balancer of ours: it is of type LoadBalancer, and names no class of another controller. */
  readonly wanted: boolean;
  readonly asked: ServiceFacts["asked"];
  readonly actual: ServiceFacts["held"] & { readonly shown: Shown; readonly nodes: ServiceFacts["nodes"] };
  readonly differences: readonly Difference[];
  readonly blockers: readonly Blocker[];
  /** What the running controller remembers; `silent` says why it is not there. */
  readonly controller: (ServiceRecord & { readonly silent?: never }) | { readonly silent: string };
  /** The controller's last calls to ARM for this Service, oldest first. */
  readonly calls: readonly RecordedCall[];
  /** On the Service, oldest first. */
  readonly events: readonly ToldEvent[];
}

/** What an explanation is made from. */
export interface Known {
  readonly cluster: ClusterFacts;
  readonly facts: ServiceFacts;
  readonly plan: Plan;
  readonly recollection: Recollection;
}

/** Puts together what is known of a Service. */
export function explain(known: Known): Explanation {
  const { cluster, facts, plan, recollection } = known;
  const { service, events } = cluster;
  const { calls = [], ...record } = "remembered" in recollection ? recollection.remembered : {};
  const shown = shownBy(service);
  const differences = [...planned(plan), ...unpublished(shown, facts)];
  const blockers = blockersOf({ service, facts, plan, record, events });
  return {
    service: keyOf(service),
    verdict: blockers.length > 0 ? "blocked" : differences.length > 0 ? "differs" : "as asked",
    wanted: wantsLoadBalancer(service),
    asked: facts.asked,
    actual: { ...facts.held, shown, nodes: facts.nodes },
    differences,
    blockers,
    controller: "silent" in recollection ? recollection : record,
    calls,
    events,
  };
}

function shownBy(service: Service): Shown {
  return {
    addresses: service.status.loadBalancer.ingress.flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
    finalizer: hasFinalizer(service),
    deleting: service.metadata.deletionTimestamp !== undefined,
  };
}

function planned({ resources }: Plan): readonly Difference[] {
  return resources.map(({ type, name, verb, why, fields }) => ({
    where: `${type.split("/").at(-1)} ${name}`,
    verb,
    text: why,
    fields: verb === "update" ? fields.map(({ path, old, new: next }) => ({ path, old, new: next })) : [],
  }));
}

/** Addresses at which ARM serves the Service and that the status does not show. A shared one without a rule of its own does not. */
function unpublished(shown: Shown, { held }: ServiceFacts): readonly Difference[] {
  if (shown.deleting) return [];
  const serving = held.balancers.flatMap(({ frontends }) => frontends).filter(({ rules }) => rules.length > 0);
  const there = serving.flatMap(({ address }) => address ?? []);
  const missing = there.filter((address) => !shown.addresses.includes(address));
  if (missing.length === 0) return [];
  const text = `the status does not show ${missing.join(", ")}, which Azure serves`;
  return [{ where: "status", verb: "show", text, fields: [] }];
}
