import type { Action } from "../action.ts";
import { ArmError } from "../arm-error.ts";
import { nameOf } from "../arm-id.ts";
import { type JsonObject, numberAt, textsAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { POWER_CHANGES, type PowerChange, setPower } from "./machine-power.ts";
import { capacityOf, changeCapacity } from "./scale-set-count.ts";
import { membersOf, sendAway, settleMembers, upgrade } from "./scale-set-members.ts";

/** The members that a body names, all for none. The cloud provider of Kubernetes and its CSI driver know the refusal. */
function chosen(scaleSet: ResourceRecord, body: JsonObject, world: Store): readonly ResourceRecord[] {
  const members = membersOf(scaleSet, world);
  const asked = textsAt(body, "instanceIds");
  if (asked.length === 0 || asked.includes("*")) return members;
  return asked.map((number) => {
    const found = members.find(({ id }) => nameOf(id).toLowerCase() === number.toLowerCase());
    if (found !== undefined) return found;
    const message = `The provided instanceId ${number} is not an active Virtual Machine Scale Set VM instanceId.`;
    throw new ArmError(400, "InvalidParameter", message, { target: "instanceIds" });
  });
}

function required(body: JsonObject): void {
  if (textsAt(body, "instanceIds").length > 0) return;
  const message = "Required parameter 'instanceIds' is missing (null).";
  throw new ArmError(400, "InvalidParameter", message, { target: "instanceIds" });
}

function powerAction({ verb, to, timing: duration }: PowerChange): Action {
  return {
    verb,
    timing: duration,
    plan: ({ record, body }, world) => {
      const members = chosen(record, body, world);
      return {
        finish: () => {
          if (to !== undefined) for (const member of members) setPower(member, to, world);
        },
      };
    },
  };
}

/** How many instances a scale-out asks for. A zone beside it is taken on trust. */
function moreInstances(body: JsonObject): number {
  const capacity = numberAt(body, "capacity");
  if (capacity !== undefined && Number.isInteger(capacity) && capacity > 0) return capacity;
  const message = `Required parameter 'capacity' is missing or invalid: ${JSON.stringify(body["capacity"] ?? null)}.`;
  throw new ArmError(400, "InvalidParameter", message, { target: "capacity" });
}

/** POSTs on a scale set; without `instanceIds` they are about all instances. */
export const SCALE_SET_ACTIONS: Readonly<Record<string, Action>> = {
  ...Object.fromEntries(Object.entries(POWER_CHANGES).map(([name, change]) => [name, powerAction(change)])),
  delete: {
    verb: "DeleteInstances",
    timing: timing(seconds(1, 1.5), seconds(40, 120), { poll: 10 }),
    plan: ({ record, body }, world) => {
      required(body);
      const members = chosen(record, body, world).filter(({ state }) => state !== "Deleting");
      sendAway(members);
      changeCapacity(record, -members.length);
      return { finish: () => settleMembers(record, world, true) };
    },
  },
  scaleOut: {
    verb: "ScaleOut",
    timing: timing(seconds(1, 1.5), seconds(40, 120), { poll: 10 }),
    plan: ({ record, body }) => ({ merge: { sku: { capacity: (capacityOf(record) ?? 0) + moreInstances(body) } } }),
  },
  manualupgrade: {
    verb: "UpdateInstances",
    timing: timing(seconds(1, 1.5), seconds(30, 90), { poll: 10 }),
    plan: ({ record, body }, world) => {
      required(body);
      const members = chosen(record, body, world);
      return {
        finish: () => {
          for (const member of members) upgrade(member, record, world);
        },
      };
    },
  },
};
