import type { Action, ActionRequest } from "../action.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, referenceAt, textAt, wordAt } from "../json.ts";
import type { WriteTiming } from "../latency.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { afterGeneralize } from "./machine-generalize.ts";
import { inTheMaking } from "./machine-rules.ts";

/** Power of a machine when nothing goes on. */
export type Power = "running" | "stopped" | "deallocated";

/** What an action does to a machine's power. */
export interface PowerChange {
  /** The operation's name begins with it: `Start`. */
  readonly verb: string;
  /** Afterwards; unchanged when absent. */
  readonly to?: Power;
  /** Meanwhile; unchanged when absent. */
  readonly during?: string;
  /** The shown model is applied anew. */
  readonly applies: boolean;
  readonly timing: WriteTiming;
}

const SLOW = timing(seconds(0.5, 1), seconds(40, 60), { poll: 10 });

/** The actions that concern power, by name. */
export const POWER_CHANGES: Readonly<Record<string, PowerChange>> = {
  start: { verb: "Start", to: "running", during: "starting", applies: true, timing: SLOW },
  restart: { verb: "Restart", to: "running", applies: true, timing: SLOW },
  redeploy: { verb: "Redeploy", to: "running", applies: true, timing: SLOW },
  reimage: { verb: "Reimage", to: "running", applies: true, timing: SLOW },
  reapply: { verb: "Reapply", applies: true, timing: SLOW },
  powerOff: { verb: "PowerOff", to: "stopped", during: "stopping", applies: false, timing: SLOW },
  deallocate: { verb: "Deallocate", to: "deallocated", during: "deallocating", applies: false, timing: SLOW },
};

/** The power of a machine when nothing goes on with it. */
export function powerOf({ hidden }: ResourceRecord): Power {
  const { power } = hidden;
  return power === "stopped" || power === "deallocated" ? power : "running";
}

/** What the instance view says of power; nothing while a machine comes or goes. */
export function shownPower(record: ResourceRecord): string | undefined {
  const { state, operation } = record;
  if (state === "Creating" || state === "Deleting") return undefined;
  const going =
    operation?.verb === "POST" && Object.values(POWER_CHANGES).find(({ verb }) => operation.name.startsWith(verb));
  return (going === false || going === undefined ? undefined : going.during) ?? powerOf(record);
}

/** Changes the power of a machine, and with it the state of its disks. */
export function setPower(record: ResourceRecord, power: Power, world: Store): void {
  record.hidden = { ...record.hidden, power };
  record.touch();
  world.touchTargets(record);
}

function powerAction({ verb, to, applies, timing: duration }: PowerChange): Action {
  return {
    verb,
    timing: duration,
    plan: ({ record }, world) => {
      const refused = inTheMaking(record) ?? (applies ? afterGeneralize(record, verb) : undefined);
      if (refused !== undefined) throw refused;
      return {
        ...(applies && { applies: true }),
        finish: () => {
          if (to !== undefined) setPower(record, to, world);
        },
      };
    },
  };
}

/** POSTs that machines and instances of scale sets have in common. */
export const MACHINE_ACTIONS: Readonly<Record<string, Action>> = {
  ...Object.fromEntries(Object.entries(POWER_CHANGES).map(([name, change]) => [name, powerAction(change)])),
  simulateEviction: {
    verb: "SimulateEviction",
    plan: ({ record }, world) => ({ finish: () => setPower(record, "deallocated", world) }),
  },
  runCommand: {
    verb: "RunCommand",
    timing: timing(seconds(0.5, 1), seconds(20, 40), { poll: 10 }),
    plan: () => ({ output: () => COMMAND_OUTPUT }),
  },
  attachDetachDataDisks: {
    verb: "AttachDetachDataDisks",
    timing: timing(seconds(1.5, 2), seconds(20, 60), { poll: 10 }),
    plan: (request) => ({
      merge: { properties: { storageProfile: { dataDisks: changedDisks(request) } } },
      output: () => objectAt(propertiesOf(request.record.shown), "storageProfile"),
    }),
  },
};

const COMMAND_OUTPUT: JsonObject = {
  value: [
    { code: "ComponentStatus/StdOut/succeeded", level: "Info", displayStatus: "Provisioning succeeded", message: "" },
    { code: "ComponentStatus/StdErr/succeeded", level: "Info", displayStatus: "Provisioning succeeded", message: "" },
  ],
};

/** The data disks that `{dataDisksToAttach, dataDisksToDetach}` leaves a machine with. */
function changedDisks({ record, body }: ActionRequest): readonly JsonObject[] {
  const known = objectsAt(objectAt(propertiesOf(record.shown), "storageProfile"), "dataDisks");
  const leaving = new Map(
    objectsAt(body, "dataDisksToDetach").map((disk) => [wordAt(disk, "diskId").toLowerCase(), disk]),
  );
  const kept = known.map((disk) => {
    const request = leaving.get(referenceAt(disk, "managedDisk")?.toLowerCase() ?? "");
    if (request === undefined) return disk;
    const option = textAt(request, "detachOption");
    return { ...disk, toBeDetached: true, ...(option !== undefined && { detachOption: option }) };
  });
  const used = new Set(known.map((disk) => disk["lun"]));
  const added = objectsAt(body, "dataDisksToAttach").map(({ diskId, lun, ...rest }) => {
    const free = lun ?? Array.from({ length: 64 }, (_, i) => i).find((candidate) => !used.has(candidate)) ?? 0;
    used.add(free);
    return { ...rest, lun: free, createOption: "Attach", managedDisk: { id: diskId ?? "" } };
  });
  return [...kept, ...added];
}
