import { NODES, type Plan, type PlannedResource, RISKS, type Risk } from "../../azure/index.ts";

/** What `azure-ccm plan --json` prints; described in docs/guides/plan.md. */
export interface PlanDocument extends Plan {
  /** Of this document; a change that breaks readers counts it up. */
  readonly version: 1;
  readonly clusterName: string;
  readonly summary: PlanSummary;
}

/** A plan in numbers. */
export interface PlanSummary {
  readonly creates: number;
  readonly updates: number;
  readonly removes: number;
  /** Fields, children that come or go counted as one, by their risk. */
  readonly risks: Readonly<Record<Risk, number>>;
  /** Services that could not be planned to the end. */
  readonly failed: number;
}

/** Puts the numbers beside a plan. */
export function planDocument(plan: Plan, clusterName: string): PlanDocument {
  return { version: 1, clusterName, summary: summaryOf(plan), ...plan };
}

/** Exit code of `azure-ccm plan`: 1 when something could not be planned, 2 when something would change, else 0. */
export function exitCodeOf({ resources, services }: Plan): 0 | 1 | 2 {
  if (services.some(({ error }) => error !== null)) return 1;
  return resources.length > 0 ? 2 : 0;
}

function summaryOf({ resources, services }: Plan): PlanSummary {
  const count = (verb: PlannedResource["verb"]): number => resources.filter((each) => each.verb === verb).length;
  const risks = resources.flatMap(risksOf);
  const byRisk = RISKS.map((risk) => [risk, risks.filter((each) => each === risk).length]);
  return {
    creates: count("create"),
    updates: count("update"),
    removes: count("remove"),
    risks: Object.fromEntries(byRisk) as Record<Risk, number>,
    failed: services.filter(({ error }) => error !== null).length,
  };
}

function risksOf({ risk, fields }: PlannedResource): readonly Risk[] {
  return fields.length === 0 ? [risk] : fields.map((field) => field.risk);
}

/** The groups of a plan in the order in which they are shown: Services as planned, then those that merely share, then the nodes. */
export function groupsOf({ resources, services }: Plan): readonly string[] {
  const concerned = new Set(
    resources.flatMap(({ for: groups, fields }) => [...groups, ...fields.flatMap((f) => f.for)]),
  );
  const planned = services.map(({ service }) => service);
  const rest = [...concerned].filter((group) => group !== NODES && !planned.includes(group)).toSorted();
  return [...planned, ...rest, ...(concerned.has(NODES) ? [NODES] : [])];
}
