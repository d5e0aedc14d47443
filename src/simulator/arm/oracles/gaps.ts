import type { Stop } from "../reach/verdict.ts";

/** Interruptions that ARM makes unavoidable. */
export type GapName =
  /** A public address goes from one balancer to another: in between nothing uses it. */
  | "address-moves"
  /** A balancer or an address is made anew with another SKU: in between it is not there. */
  | "sku-changes"
  /** A pool changes from members by interface to members by address, or back: in between it is empty. */
  | "pool-type-changes";

/** Whether a stop is what the gap looks like from outside. */
const LOOKS_LIKE: Readonly<Record<GapName, (stop: Stop) => boolean>> = {
  "address-moves": ({ reason, resource }) => reason === "no-such-address" && resource.startsWith("/"),
  "sku-changes": ({ reason }) => reason === "no-such-address" || reason === "no-rule",
  "pool-type-changes": ({ reason }) => reason === "empty-pool",
};

/** All gaps. */
export const GAPS: readonly GapName[] = Object.keys(LOOKS_LIKE) as GapName[];

/** Whether one of the gaps explains the stop. */
export function isGap(stop: Stop | undefined, gaps: readonly GapName[]): boolean {
  return stop !== undefined && gaps.some((gap) => LOOKS_LIKE[gap](stop));
}
