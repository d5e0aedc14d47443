import type { Arm } from "../arm/engine.ts";
import type { ArmTypeName, ArmTypes } from "../arm/resource-types.ts";

/** The lists of ARM that this room reads. */
export type MachineSource = Pick<Arm, "list" | "refresh">;

/** Whether a look at what is known suffices, or a list that begins now is asked for. */
export type Freshness = "known" | "fresh";

/** A list through the inventory; a group or scale set that does not exist holds nothing. Any other failure is thrown. */
export async function listed<K extends ArmTypeName>(
  source: MachineSource,
  what: { readonly type: K; readonly scope: string; readonly freshness: Freshness },
  signal: AbortSignal,
): Promise<readonly ArmTypes[K][]> {
  try {
    return await (what.freshness === "known"
      ? source.list(what.type, what.scope, signal)
      : source.refresh(what.type, what.scope, signal));
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "NotFound") return [];
    throw error;
  }
}
