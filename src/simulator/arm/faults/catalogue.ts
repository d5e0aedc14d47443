import type { FaultRow } from "./fault-row.ts";
import { ACCESS_ROWS } from "./rows-access.ts";
import { CONFLICT_ROWS } from "./rows-conflicts.ts";
import { MACHINE_ROWS } from "./rows-machines.ts";
import { NETWORK_ROWS } from "./rows-network.ts";
import { THROTTLING_ROWS } from "./rows-throttling.ts";
import { TRANSPORT_ROWS } from "./rows-transport.ts";

const ROWS = {
  ...THROTTLING_ROWS,
  ...CONFLICT_ROWS,
  ...NETWORK_ROWS,
  ...MACHINE_ROWS,
  ...ACCESS_ROWS,
  ...TRANSPORT_ROWS,
} as const satisfies Readonly<Record<string, FaultRow>>;

/** Name of a catalogued fault: `F01` to `F74`, `hang`, `slow`, `half-open`, `request-timeout`, `internal-error`, `server-timeout`. */
export type FaultName = keyof typeof ROWS;

/** Everything that can be made to go wrong, by name. */
export const FAULT_CATALOGUE: Readonly<Record<FaultName, FaultRow>> = ROWS;

/** Names of all catalogued faults, sorted. */
export const FAULT_NAMES: readonly FaultName[] = (Object.keys(ROWS) as FaultName[]).toSorted();
