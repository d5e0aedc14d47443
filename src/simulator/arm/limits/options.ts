import type { Allowance } from "./allowance.ts";
import { BUDGETS, type BudgetName } from "./budgets.ts";
import { DOCUMENTED_QUOTAS, type Quotas } from "./documented-quotas.ts";
import type { LimitStyles } from "./draws.ts";

/** What is limited, and how much. What is absent is as documented. */
export interface LimitOptions extends Partial<LimitStyles> {
  /** `false` counts down in the headers and refuses nobody. */
  readonly reject?: boolean;
  /** Other sizes than the documented ones. */
  readonly budgets?: Partial<Readonly<Record<BudgetName, Allowance>>>;
  /** Share of every budget, 0 to 1, that other clients of the subscription use all the time. */
  readonly background?: number;
  /** How many of each resource there may be. */
  readonly quotas?: "none" | "documented" | Partial<Quotas>;
}

/**
 * - `"none"`: nobody is refused, headers tell of full budgets.
 * - `"documented"`: token buckets of ARM and of the compute provider, windows of the network provider, documented quotas.
 * - an object: as documented, except for what it says.
 */
export type Limiting = "none" | "documented" | LimitOptions;

/** {@link Limiting} with everything filled in. */
export interface LimitSettings {
  readonly styles: LimitStyles;
  readonly reject: boolean;
  readonly budgets: Readonly<Record<BudgetName, Allowance>>;
  readonly background: number;
  /** `undefined`: none. */
  readonly quotas: Quotas | undefined;
}

const NO_STYLES: LimitStyles = { arm: "none", network: "none", compute: "none", storage: "none" };
const DOCUMENTED_STYLES: LimitStyles = {
  arm: "buckets",
  network: "window",
  compute: "buckets",
  storage: "documented",
};

/** Fills in what an option leaves out. */
export function limitSettings(limiting: Limiting): LimitSettings {
  if (limiting === "none") {
    return { styles: NO_STYLES, reject: false, budgets: BUDGETS, background: 0, quotas: undefined };
  }
  const options: LimitOptions = limiting === "documented" ? {} : limiting;
  const { arm, network, compute, storage } = { ...DOCUMENTED_STYLES, ...options };
  return {
    styles: { arm, network, compute, storage },
    reject: options.reject ?? true,
    budgets: { ...BUDGETS, ...options.budgets },
    background: Math.min(1, Math.max(0, options.background ?? 0)),
    quotas: quotasOf(options.quotas ?? "documented"),
  };
}

function quotasOf(quotas: Exclude<LimitOptions["quotas"], undefined>): Quotas | undefined {
  if (quotas === "none") return undefined;
  return quotas === "documented" ? DOCUMENTED_QUOTAS : { ...DOCUMENTED_QUOTAS, ...quotas };
}
