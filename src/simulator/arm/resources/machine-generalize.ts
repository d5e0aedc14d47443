import type { Action } from "../action.ts";
import { ArmError } from "../arm-error.ts";
import { nameOf } from "../arm-id.ts";
import type { ResourceRecord } from "../record.ts";
import { inTheMaking } from "./machine-rules.ts";

/** Whether a machine was marked as one that images are made of; it never runs again. */
export function isGeneralized({ hidden }: ResourceRecord): boolean {
  return hidden["generalized"] === true;
}

/** The refusal to let a machine run that was generalized. @param verb - of the operation: `Start`. */
export function afterGeneralize(record: ResourceRecord, verb: string): ArmError | undefined {
  if (!isGeneralized(record)) return undefined;
  const operation = `${verb.slice(0, 1).toLowerCase()}${verb.slice(1)}`;
  const message = `Operation '${operation}' is not allowed on VM '${nameOf(record.id)}' since the VM is generalized.`;
  return new ArmError(409, "OperationNotAllowed", message);
}

/** `POST generalize`: done when it is answered. That ARM wants the machine stopped is known, its words are not. */
export const GENERALIZE: Action = {
  verb: "Generalize",
  plan: ({ record }) => {
    const refused = inTheMaking(record) ?? stillRunning(record);
    if (refused !== undefined) throw refused;
    return {
      status: 200,
      finish: () => {
        record.hidden = { ...record.hidden, generalized: true };
        record.touch();
      },
    };
  },
};

function stillRunning({ id, hidden }: ResourceRecord): ArmError | undefined {
  if (hidden["power"] === "stopped" || hidden["power"] === "deallocated") return undefined;
  const message = `Operation 'generalize' is not allowed on VM '${nameOf(id)}' since the VM is running. Please power off the VM before performing it.`;
  return new ArmError(409, "OperationNotAllowed", message);
}
