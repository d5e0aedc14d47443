import { ArmError, networkError } from "../arm-error.ts";
import { nameOf } from "../arm-id.ts";
import { zonesChanged } from "../immutable.ts";
import { type JsonObject, objectAt, propertiesOf, referenceAt, textAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import type { Draft } from "../resource-type.ts";
import type { Store } from "../store.ts";
import { LISTED_SIZES, machineSize } from "./machine-sizes.ts";

/** The refusal of a size whose name is not well-formed. */
export function badSize(name: string | undefined): ArmError | undefined {
  if (name === undefined || machineSize(name) !== undefined) return undefined;
  const known = LISTED_SIZES.join(",");
  const message = `The value ${name} provided for the VM size is not valid. The valid sizes in the current region are: ${known}. Find out more on the valid VM sizes in each region at https://aka.ms/azure-regionservices.`;
  return new ArmError(400, "InvalidParameter", message, { target: "vmSize" });
}

/** Members that a machine keeps for life, by the name that ARM's refusal gives them. */
const FROZEN: Readonly<Record<string, (properties: JsonObject) => string | undefined>> = {
  "availabilitySet.id": (properties) => referenceAt(properties, "availabilitySet")?.toLowerCase(),
  "osProfile.computerName": (properties) => textAt(objectAt(properties, "osProfile"), "computerName"),
  "osProfile.adminUsername": (properties) => textAt(objectAt(properties, "osProfile"), "adminUsername"),
  "osDisk.name": (properties) => textAt(osDiskOf(properties), "name"),
  "osDisk.createOption": (properties) => textAt(osDiskOf(properties), "createOption"),
};

function osDiskOf(properties: JsonObject): JsonObject {
  return objectAt(objectAt(properties, "storageProfile"), "osDisk");
}

/** The refusal to change what stays for life. */
export function frozenMachine({ id, document, previous }: Draft): ArmError | undefined {
  if (previous === undefined) return undefined;
  const [before, after] = [propertiesOf(previous.shown), propertiesOf(document)];
  const changed = Object.entries(FROZEN).find(([, read]) => read(before) !== read(after));
  if (changed === undefined) return zonesChanged(id.text, previous.shown, document);
  const [target] = changed;
  return new ArmError(409, "PropertyChangeNotAllowed", `Changing property '${target}' is not allowed.`, { target });
}

/** The refusal to touch a machine that its scale set is making or taking away. */
export function inTheMaking({ state, operation, id }: ResourceRecord): ArmError | undefined {
  if (operation !== undefined || (state !== "Creating" && state !== "Deleting")) return undefined;
  if (state === "Creating") {
    return new ArmError(409, "Conflict", "The request failed due to conflict with a concurrent request. ");
  }
  const message = `Operation is not allowed on VM '${nameOf(id)}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).`;
  return new ArmError(409, "OperationNotAllowed", message);
}

/** The refusal of interfaces that another machine has. */
export function takenInterfaces(id: string, interfaces: readonly string[], world: Store): ArmError | undefined {
  for (const nic of interfaces) {
    const other = world
      .inboundOrPending(nic.toLowerCase())
      .find(({ field, from }) => field === "networkInterfaces" && from.toLowerCase() !== id.toLowerCase());
    if (other === undefined) continue;
    const message = `Network Interface ${nic} is used by existing resource ${other.from}. In order to use the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`;
    return networkError("NicInUse", message);
  }
  return undefined;
}
