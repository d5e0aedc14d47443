import type { Clock } from "../../base/clock.ts";
import type { Edit } from "./port.ts";
import type { ArmTypeName } from "./resource-types.ts";

/** What the repair of a resource needs of it. */
export interface Repairable<T> {
  read(signal: AbortSignal): Promise<T | undefined>;
  submit(edit: Edit<T>, signal: AbortSignal): Promise<unknown>;
}

/** Looks at a resource that is being changed before we give up waiting, and the pause between them. */
const LOOKS = 30;
const PAUSE_MS = 2_000;

/**
 * Brings a resource that ARM calls "not provisioned" back: waits while it is being changed, and writes it again as it is
 * when its last change failed. Resolving means that a retry makes sense, not that the resource is well.
 */
export async function repair<T extends object>(of: Repairable<T>, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const state = provisioningStateOf(await of.read(signal));
    if (state === "failed" || state === "canceled") {
      // The queue knows that what failed is not in effect, and writes it although nothing changes.
      await of.submit({ owner: "repair", order: "", apply: (current) => current }, signal);
      return;
    }
    if (state === undefined || state === "succeeded") return;
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** `provisioningState` of a model, lower case; undefined when it has none or is absent. */
function provisioningStateOf(model: object | undefined): string | undefined {
  const { provisioningState } = (model ?? {}) as { readonly provisioningState?: unknown };
  return typeof provisioningState === "string" ? provisioningState.toLowerCase() : undefined;
}

/**
 * How to tell whether what ARM shows of a type is what it does. After a failed or cancelled operation it is not: ARM keeps
 * showing the new body. Security groups show `Updating` while they are being changed, so that a process that starts
 * meanwhile must not take the new body for done.
 */
export function inEffectOf(type: ArmTypeName): (model: object) => boolean {
  return type === "networkSecurityGroups" ? isSettled : hasNotFailed;
}

function hasNotFailed(model: object): boolean {
  const state = provisioningStateOf(model);
  return state !== "failed" && state !== "canceled";
}

function isSettled(model: object): boolean {
  const state = provisioningStateOf(model);
  return state === undefined || state === "succeeded";
}
