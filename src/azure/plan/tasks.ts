import { keyOf, type Node, type Service } from "../../cloudprovider/objects.ts";
import { needsCleanup, needsFirstPass } from "../../cloudprovider/rules/index.ts";

/** What is to be planned, and the cluster that it is planned for. */
export interface PlanRequest {
  /** All Services of the cluster: what one may take away depends on what the others need. */
  readonly services: readonly Service[];
  /** All nodes of the cluster. */
  readonly nodes: readonly Node[];
  /** Keys of the Services to plan for; all when absent. Those that the controller would not look at are passed over. */
  readonly only?: readonly string[];
}

/** One Service, and what the controller would do about it. */
export interface Task {
  readonly service: Service;
  readonly action: "ensure" | "delete";
}

/**
 * What the controller would do when it starts: give every Service its balancer, and take away what is left of those that
 * are being deleted or ask for none any more. In the order in which an API server lists them: by key.
 */
export function tasksOf({ services, only }: PlanRequest): readonly Task[] {
  const asked = only && new Set(only);
  return services
    .filter((service) => needsFirstPass(service) && asked?.has(keyOf(service)) !== false)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((service) => ({ service, action: needsCleanup(service) ? "delete" : "ensure" }));
}
