import { subnetShortage } from "../addresses/private-address.ts";
import { ArmError, networkError } from "../arm-error.ts";
import { zonesChanged } from "../immutable.ts";
import {
  type Json,
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  propertiesOf,
  referenceAt,
  textAt,
} from "../json.ts";
import type { Draft } from "../resource-type.ts";
import type { Store } from "../store.ts";
import { badSize } from "./machine-rules.ts";
import { membersOf } from "./scale-set-members.ts";
import { interfaceConfigurations } from "./scale-set-model.ts";

/** Why ARM refuses a scale set, apart from the balancers it joins. */
export function badScaleSet(draft: Draft, world: Store): ArmError | undefined {
  const { document } = draft;
  const sku = objectAt(document, "sku");
  return (
    frozen(draft) ??
    badSize(textAt(sku, "name")) ??
    badCapacity(sku) ??
    badApi(document) ??
    badProbe(document, world) ??
    shortage(draft, world)
  );
}

/** Members that a scale set keeps for life, by the name that ARM's refusal gives them. */
const FROZEN: Readonly<Record<string, (document: JsonObject) => Json | undefined>> = {
  orchestrationMode: (document) => propertiesOf(document)["orchestrationMode"],
  platformFaultDomainCount: (document) => propertiesOf(document)["platformFaultDomainCount"],
  "osProfile.computerNamePrefix": (document) =>
    objectAt(objectAt(propertiesOf(document), "virtualMachineProfile"), "osProfile")["computerNamePrefix"],
};

function frozen({ id, document, previous }: Draft): ArmError | undefined {
  if (previous === undefined) return undefined;
  const changed = Object.entries(FROZEN).find(([, read]) => {
    const before = read(previous.shown);
    return before !== undefined && before !== read(document);
  });
  if (changed === undefined) return zonesChanged(id.text, previous.shown, document);
  const [target] = changed;
  return new ArmError(409, "PropertyChangeNotAllowed", `Changing property '${target}' is not allowed.`, { target });
}

function badCapacity(sku: JsonObject): ArmError | undefined {
  const capacity = sku["capacity"];
  if (capacity === undefined || ((numberAt(sku, "capacity") ?? -1) >= 0 && Number.isInteger(capacity)))
    return undefined;
  const message = `The value ${JSON.stringify(capacity)} of parameter sku.capacity is out of range.`;
  return new ArmError(400, "InvalidParameter", message, { target: "sku.capacity" });
}

/** A flexible scale set says which version of the network's API its interfaces are written in. */
function badApi(document: JsonObject): ArmError | undefined {
  const profile = objectAt(propertiesOf(document), "virtualMachineProfile");
  const flexible = textAt(propertiesOf(document), "orchestrationMode") === "Flexible";
  if (!flexible || interfaceConfigurations(profile).length === 0) return undefined;
  const version = textAt(objectAt(profile, "networkProfile"), "networkApiVersion");
  if (version === "2020-11-01" || version === "2022-11-01") return undefined;
  const message = `The value '${version ?? ""}' of parameter networkProfile.networkApiVersion is not valid: scale sets with orchestration mode Flexible need 2020-11-01 or 2022-11-01.`;
  return new ArmError(400, "InvalidParameter", message, { target: "networkProfile.networkApiVersion" });
}

/** New instances need an address for each of their IP configurations. */
function shortage(draft: Draft, world: Store): ArmError | undefined {
  const more = newInstances(draft, world);
  if (more <= 0) return undefined;
  const needs = new Map<string, number>();
  for (const properties of ipConfigurationsOf(draft.document)) {
    const version = properties["privateIPAddressVersion"] === "IPv6" ? 6 : 4;
    const slot = `${version} ${referenceAt(properties, "subnet") ?? ""}`;
    needs.set(slot, (needs.get(slot) ?? 0) + more);
  }
  for (const [slot, count] of needs) {
    const problem = subnetShortage(slot.slice(2), slot.startsWith("6") ? 6 : 4, count, world);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function newInstances({ document, previous }: Draft, world: Store): number {
  const members = previous === undefined ? [] : membersOf(previous, world).filter(({ state }) => state !== "Deleting");
  return (numberAt(objectAt(document, "sku"), "capacity") ?? 0) - members.length;
}

function ipConfigurationsOf(document: JsonObject): readonly JsonObject[] {
  const interfaces = interfaceConfigurations(objectAt(propertiesOf(document), "virtualMachineProfile"));
  return interfaces.flatMap((nic) => objectsAt(propertiesOf(nic), "ipConfigurations").map(propertiesOf));
}

/** A health probe must be in use by a rule of its balancer. */
function badProbe(document: JsonObject, world: Store): ArmError | undefined {
  const profile = objectAt(objectAt(propertiesOf(document), "virtualMachineProfile"), "networkProfile");
  const probe = referenceAt(profile, "healthProbe");
  const balancer = probe === undefined ? undefined : world.owner(probe.toLowerCase());
  if (probe === undefined || balancer === undefined) return undefined;
  const rules = objectsAt(propertiesOf(balancer.shown), "loadBalancingRules");
  const used = rules.some((rule) => referenceAt(propertiesOf(rule), "probe")?.toLowerCase() === probe.toLowerCase());
  if (used) return undefined;
  const message = `Health probe ${probe} cannot be used since it is not referenced by any load balancing rule.`;
  return networkError("CannotUseInactiveHealthProbe", message);
}
