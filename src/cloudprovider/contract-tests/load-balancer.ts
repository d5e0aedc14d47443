import type { ContractCase } from "./contract.ts";
import { deletionCases } from "./load-balancer-deletion.ts";
import { ensureCases } from "./load-balancer-ensure.ts";
import { lookupCases } from "./load-balancer-lookup.ts";
import type { LoadBalancerSubject } from "./load-balancer-subject.ts";
import { updateCases } from "./load-balancer-update.ts";

/** What every LoadBalancer must do. */
export const loadBalancerContract: readonly ContractCase<LoadBalancerSubject>[] = [
  ...lookupCases,
  ...ensureCases,
  ...updateCases,
  ...deletionCases,
];
