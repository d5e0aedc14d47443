import type { CloudErrorCode } from "../../cloudprovider/errors.ts";

/**
 * What a change does to traffic, from harmless to lasting: something comes on top; something that is there changes;
 * traffic that flows now may stop; an address is given back and may be somebody else's tomorrow.
 */
export type Risk = "adds" | "changes" | "interrupts" | "releases";

/** Every {@link Risk}, the harmless ones first. */
export const RISKS = ["adds", "changes", "interrupts", "releases"] as const satisfies readonly Risk[];

/** Group of what follows from the nodes and from no single Service. */
export const NODES = "nodes";

/** What a change is about, and why it comes. */
export interface Reason {
  readonly risk: Risk;
  /** A phrase for people. */
  readonly why: string;
  /** Services by `<namespace>/<name>`, or `nodes`: whose edits bring it. Sorted, never empty. */
  readonly for: readonly string[];
}

/** One field of a resource, or one child of it as a whole, as it is and as it would be. */
export interface PlannedField extends Reason {
  /** As it is written on the wire; children by name: `properties.loadBalancingRules[web].properties.frontendPort`. */
  readonly path: string;
  /** Null when it is not there yet. */
  readonly old: unknown;
  /** Null when it would not be there any more. */
  readonly new: unknown;
}

/** One ARM resource that would change. Bodies are wire JSON, as a PUT sends them; what only ARM knows is in words. */
export interface PlannedResource extends Reason {
  /** Full ARM id. */
  readonly id: string;
  /** As ARM spells it: `Microsoft.Network/loadBalancers`. */
  readonly type: string;
  readonly name: string;
  readonly verb: "create" | "update" | "remove";
  /** Null when it is not there yet. */
  readonly before: unknown;
  /** Null when it would not be there any more. */
  readonly after: unknown;
  /** Sorted by path. Empty for a removal, and for an update that only writes again what a failed write has left. */
  readonly fields: readonly PlannedField[];
}

/** What becomes of one Service. */
export interface PlannedService {
  /** `<namespace>/<name>`. */
  readonly service: string;
  readonly action: "ensure" | "delete";
  /** Addresses that its status would show; those that Azure has yet to choose in words. */
  readonly addresses: readonly string[];
  /** Why it could not be planned to the end; null when all is well. What was planned before is in the plan all the same. */
  readonly error: { readonly code: CloudErrorCode; readonly message: string; readonly advice?: string } | null;
  /** What a Warning event would say. */
  readonly remarks: readonly { readonly reason: string; readonly text: string }[];
}

/** What would change in the subscription. */
export interface Plan {
  /** Sorted by id. */
  readonly resources: readonly PlannedResource[];
  /** In the order in which they were planned. */
  readonly services: readonly PlannedService[];
}

/** The gravest of some risks; `adds` when there is none. */
export function gravest(risks: readonly Risk[]): Risk {
  return RISKS.findLast((risk) => risks.includes(risk)) ?? "adds";
}
