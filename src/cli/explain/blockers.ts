import type { Plan, ServiceFacts } from "../../azure/index.ts";
import { hasFinalizer, needsCleanup, plainText, type Service, wantsLoadBalancer } from "../../cloudprovider/index.ts";
import type { ServiceFailure, ServiceRecord } from "../../controller/index.ts";
import type { ToldEvent } from "./cluster.ts";

/** Where on the way to the pods something is in the way. */
export type Place = "service" | "address" | "balancer" | "security" | "nodes";

/** Something that keeps a Service from being as asked. */
export interface Blocker {
  readonly at: Place;
  /** A sentence. */
  readonly text: string;
  /** What a person can do, a sentence. */
  readonly advice: string;
}

/** What blockers are found in. */
export interface Evidence {
  readonly service: Service;
  readonly facts: ServiceFacts;
  readonly plan: Plan;
  readonly record: ServiceRecord;
  readonly events: readonly ToldEvent[];
}

/** Everything that is in the way, what the Service itself says first. */
export function blockersOf(evidence: Evidence): readonly Blocker[] {
  const { service } = evidence;
  if (!wantsLoadBalancer(service) && !needsCleanup(service)) return [];
  const failures = failuresOf(evidence);
  return [
    ...refusedValues(evidence),
    ...cleanUp(service),
    ...failures,
    ...unsettled(evidence),
    ...keptOut(evidence),
    ...(needsCleanup(service) ? [] : withoutNodes(evidence)),
    ...(failures.length === 0 ? neglected(evidence) : []),
  ];
}

function refusedValues({ facts }: Evidence): readonly Blocker[] {
  return facts.asked.problems.map((text) => ({
    at: "service",
    text: `${text}.`,
    advice: "Correct the value. Until then nothing changes, and what works keeps working.",
  }));
}

function cleanUp(service: Service): readonly Blocker[] {
  if (!needsCleanup(service)) return [];
  const why =
    service.metadata.deletionTimestamp === undefined ? "It is no LoadBalancer any more" : "It is being deleted";
  const text = `${why} and waits for its cleanup: its finalizer is still there.`;
  return [{ at: "service", text, advice: "Nothing: it goes when what was made for it in Azure is gone." }];
}

/** What the controller has met; without one what a dry run meets, and else what the newest event tells. */
function failuresOf({ record, plan, facts, events }: Evidence): readonly Blocker[] {
  if (facts.asked.problems.length > 0) return [];
  if (record.failure !== undefined) return [failedPass(record.failure)];
  const refused = plan.services.flatMap(({ error }) => (error === null ? [] : [error]));
  const planned = refused.map(({ code, message, advice }): Blocker => {
    return {
      at: placeOf(message),
      text: `${plainText(message)} [${code}].`,
      advice: advice ?? "Correct what the message names.",
    };
  });
  return planned.length > 0 ? planned : told(events, record);
}

/** A failure of a pass, told from the controller's memory. */
function failedPass({ code, summary, attempted, times, nextTryAt, requestId, said, advice }: ServiceFailure): Blocker {
  const what = summary.replace(DOING, "");
  const sentences = [
    `${what} [${code}].`,
    attempted && `Tried ${times === 1 ? "once" : `${times} times`}: ${attempted}.`,
    `Next try ${nextTryAt === undefined ? "when the Service changes" : `at ${nextTryAt}`}.`,
    requestId && `Request ${requestId}.`,
    said && `Azure says: "${said}"`,
  ];
  const text = sentences.filter((each) => each !== undefined && each !== "").join(" ");
  return { at: placeOf(attempted ?? what), text, advice };
}

/** A failure that the newest event tells, unless the controller knows that it is over. */
function told(events: readonly ToldEvent[], { succeededAt }: ServiceRecord): readonly Blocker[] {
  const newest = events.at(-1);
  if (succeededAt !== undefined || newest?.type !== "Warning" || !/Failed$|Retried$/.test(newest.reason)) return [];
  const times = newest.count === 1 ? "" : `, ${newest.count} times`;
  const advice = "See the event. Start the explanation with --controller for what the controller knows of it.";
  return [{ at: placeOf(newest.message), text: `${newest.reason}${times}: ${newest.message}`, advice }];
}

/** What every failure of a pass begins with: it says nothing of where. */
const DOING = /^failed to (ensure|delete) load balancer: /;

const PLACES: readonly (readonly [RegExp, Place])[] = [
  [/networkSecurityGroups|security (group|rule)|^nsg /i, "security"],
  [/publicIPAddresses|public IP|DNS label|private address|subnet/i, "address"],
  [/loadBalancers|load balancer|loadBalancing|rule|frontend/i, "balancer"],
  [/virtualMachine|networkInterface|node/i, "nodes"],
];

function placeOf(text: string): Place {
  return PLACES.find(([pattern]) => pattern.test(text))?.[1] ?? "service";
}

/** Resources that Azure still changes, or failed to. */
function unsettled({ facts: { held } }: Evidence): readonly Blocker[] {
  const all = [
    ...held.publicIps.map((each) => ({ ...each, at: "address" as const, what: "public IP" })),
    ...held.balancers.map((each) => ({ ...each, at: "balancer" as const, what: "load balancer" })),
  ];
  return all
    .filter(({ state }) => state !== "" && state !== "Succeeded")
    .map(({ at, what, name, state }) => ({
      at,
      text: `The ${what} ${name} is in the state ${state}.`,
      advice: state === "Failed" ? "Nothing: it is written again. If that lasts, delete it in Azure." : "Wait.",
    }));
}

/** The first rule that matches counts, and somebody else's comes before ours. */
function keptOut({ facts: { held } }: Evidence): readonly Blocker[] {
  return held.securityGroup.obstacles.map(({ name, priority, sources, ports }) => ({
    at: "security",
    text: `The rule ${name} of the security group (priority ${priority}) keeps out ${sources.join(", ")} at ports ${ports.join(", ")}, and counts before those for the Service.`,
    advice: "It is not ours and stays. Whoever has made it can change it, or give it a number above ours.",
  }));
}

function withoutNodes({ facts: { nodes } }: Evidence): readonly Blocker[] {
  const eligible = nodes.filter((node) => node.eligible);
  if (eligible.some(({ ready }) => ready)) return [];
  if (eligible.length > 0) {
    const text = `None of the ${eligible.length} nodes that may serve is ready, so health probes fail on all of them.`;
    return [{ at: "nodes", text, advice: "Look at the nodes' conditions: kubectl describe nodes." }];
  }
  if (nodes.length === 0) return [{ at: "nodes", text: "The cluster has no nodes.", advice: "Add a node." }];
  const reasons = [...Map.groupBy(nodes, ({ why = "" }) => why)].map(
    ([why, of]) => `${of.length === 1 ? of[0]?.node : `${of.length} nodes`}: ${why}`,
  );
  const text = `None of the ${nodes.length} nodes may be behind the load balancer: ${reasons.join("; ")}.`;
  return [{ at: "nodes", text, advice: "Remove the label or the taint from the nodes that shall serve." }];
}

/** Nobody has begun to work on it. */
function neglected({ service, record, facts }: Evidence): readonly Blocker[] {
  const isKnown = record.succeededAt !== undefined || hasFinalizer(service) || facts.asked.problems.length > 0;
  if (isKnown || service.status.loadBalancer.ingress.length > 0) return [];
  const text = "No controller has taken it up yet.";
  return [{ at: "service", text, advice: "Check that azure-ccm runs, with this cluster's kubeconfig." }];
}
