import { toCloudError } from "../errors.ts";
import type { MergeQueueOptions, WriteIntent } from "../queue/options.ts";
import type { ThrottleGate } from "./gate.ts";
import type { Lane } from "./lane.ts";
import { ticketOf } from "./ticket.ts";

/** How the merge queue of one resource asks the gate for the token of its next write. */
export function admission(
  gate: ThrottleGate,
  id: string,
): Required<Pick<MergeQueueOptions<unknown>, "admit" | "release">> {
  let giveBack = (): void => {};
  return {
    admit: async (intent, signal) => {
      const method = intent.verb === "put" ? "PUT" : "DELETE";
      try {
        giveBack = await gate.reserve(ticketOf({ method, path: id, lane: laneOf(intent) }), signal);
      } catch (caught) {
        signal.throwIfAborted();
        throw toCloudError(caught, `writing ${id}`);
      }
    },
    release: () => {
      giveBack();
      giveBack = () => {};
    },
  };
}

/** The lane of a write. */
export function laneOf({ verb, riders, restores }: WriteIntent): Lane {
  if (verb === "remove" || restores) return "restore";
  return riders > 1 ? "batch" : "create";
}
