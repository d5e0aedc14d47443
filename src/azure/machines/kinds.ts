import type { CloudConfig } from "../config/index.ts";

/** Which kinds of machines nodes can be. */
export interface NodeKinds {
  /** Instances of uniform scale sets. */
  readonly uniform: boolean;
  /** Machines of their own: standalone, in availability sets, in flexible scale sets. */
  readonly single: boolean;
}

/** The kinds of machines that the configuration allows nodes to be; what is ruled out is never looked for by name. */
export function nodeKinds(
  config: Pick<CloudConfig, "vmType" | "disableAvailabilitySetNodes" | "enableVmssFlexNodes">,
): NodeKinds {
  const uniform = config.vmType === "vmss";
  return { uniform, single: !uniform || !config.disableAvailabilitySetNodes || config.enableVmssFlexNodes };
}
