import { isDeepStrictEqual } from "node:util";
import { ArmError } from "../arm-error.ts";
import { childId, nameOf } from "../arm-id.ts";
import { type JsonObject, objectAt, propertiesOf, referenceAt, textAt } from "../json.ts";
import { plant, settle } from "../plant.ts";
import type { ResourceRecord } from "../record.ts";
import type { Store } from "../store.ts";
import { capacityOf, changeCapacity, modelNumber } from "./scale-set-count.ts";
import { plantMachine } from "./scale-set-flexible.ts";
import { scaleSetInstances } from "./scale-set-instances.ts";
import { instanceBody, isFlexible, nextZone, withModel } from "./scale-set-model.ts";

/** The instances, or the machines, of a scale set: lowest number first. */
export function membersOf(scaleSet: ResourceRecord, world: Store): readonly ResourceRecord[] {
  const { key } = scaleSet.id;
  if (isFlexible(scaleSet)) {
    return world
      .ofType("Microsoft.Compute/virtualMachines")
      .filter(({ shown }) => referenceAt(propertiesOf(shown), "virtualMachineScaleSet")?.toLowerCase() === key);
  }
  return world
    .ofType(scaleSetInstances.name)
    .filter(({ id }) => id.key.startsWith(`${key}/`))
    .toSorted((a, b) => Number(nameOf(a.id)) - Number(nameOf(b.id)));
}

/** Starts to bring a scale set to the capacity that was accepted: new members are Creating, superfluous ones Deleting. */
export function scale(scaleSet: ResourceRecord, world: Store): void {
  const wanted = capacityOf(scaleSet);
  if (wanted === undefined) return;
  const members = [...membersOf(scaleSet, world)];
  const staying = members.filter(({ state }) => state !== "Deleting");
  for (let count = staying.length; count < wanted; count++) members.push(grow(scaleSet, members, world));
  sendAway(staying.slice(wanted));
}

/** Marks members that leave because their scale set is told so. */
export function sendAway(members: readonly ResourceRecord[]): void {
  for (const member of members) {
    member.state = "Deleting";
    member.hidden = { ...member.hidden, scaledIn: true };
    member.bump();
  }
}

function grow(scaleSet: ResourceRecord, members: readonly ResourceRecord[], world: Store): ResourceRecord {
  const documents = members.map(({ shown }) => shown);
  const zone = nextZone(scaleSet.shown, documents);
  const number = nextNumber(scaleSet, members);
  scaleSet.hidden = { ...scaleSet.hidden, nextInstance: number + 1 };
  if (isFlexible(scaleSet)) return plantMachine(scaleSet, number, zone, world);
  const id = childId(scaleSet.id, "virtualMachines", String(number));
  return plant({ id, type: scaleSetInstances, body: instanceBody(scaleSet, number, zone) }, world);
}

/** Numbers go up and are not used twice. */
function nextNumber({ hidden }: ResourceRecord, members: readonly ResourceRecord[]): number {
  const known = typeof hidden["nextInstance"] === "number" ? hidden["nextInstance"] : 0;
  const numbers = members.map(({ id }) => Number(nameOf(id))).filter((number) => Number.isInteger(number));
  return Math.max(known, ...numbers.map((number) => number + 1));
}

/** Ends what {@link scale} and {@link sendAway} have begun. */
export function settleMembers(scaleSet: ResourceRecord, world: Store, succeeded: boolean): void {
  for (const member of membersOf(scaleSet, world)) {
    if (member.operation !== undefined) continue;
    if (member.state === "Creating") arrive(member, scaleSet, world, succeeded);
    else if (member.state === "Deleting" && member.hidden["scaledIn"] === true)
      leave(member, scaleSet, world, succeeded);
  }
}

function arrive(member: ResourceRecord, scaleSet: ResourceRecord, world: Store, succeeded: boolean): void {
  if (!succeeded) {
    fail(member, scaleSet);
    return;
  }
  member.hidden = { ...member.hidden, model: modelNumber(scaleSet), counted: true };
  try {
    settle(member, world);
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    member.failure = error.toJson();
    member.state = "Failed";
  }
}

function leave(member: ResourceRecord, scaleSet: ResourceRecord, world: Store, succeeded: boolean): void {
  if (succeeded) {
    world.remove(member);
    return;
  }
  const { scaledIn: _, ...hidden } = member.hidden;
  member.hidden = hidden;
  fail(member, scaleSet);
  changeCapacity(scaleSet, 1);
}

function fail(member: ResourceRecord, { failure }: ResourceRecord): void {
  member.state = "Failed";
  member.failure = failure;
  member.bump();
}

/** Notes that the model changes, when it does; members then no longer have the latest, or get it if the policy says so. */
export function noteModel(scaleSet: ResourceRecord, world: Store): void {
  const { effect, shown } = scaleSet;
  if (effect === undefined || isDeepStrictEqual(modelOf(effect), modelOf(shown))) return;
  scaleSet.hidden = { ...scaleSet.hidden, model: modelNumber(scaleSet) + 1 };
  const manual = textAt(objectAt(propertiesOf(shown), "upgradePolicy"), "mode") === "Manual";
  for (const member of membersOf(scaleSet, world)) {
    if (manual || isFlexible(scaleSet) || member.state !== "Succeeded") member.touch();
    else upgrade(member, scaleSet, world);
  }
}

function modelOf(document: JsonObject): unknown {
  const { capacity: _, ...sku } = objectAt(document, "sku");
  return [sku, objectAt(propertiesOf(document), "virtualMachineProfile")];
}

/** Gives an instance the model as it is now. */
export function upgrade(member: ResourceRecord, scaleSet: ResourceRecord, world: Store): void {
  if (isFlexible(scaleSet) || member.operation !== undefined) return;
  member.hidden = { ...member.hidden, model: modelNumber(scaleSet) };
  member.shown = withModel(member.shown, scaleSet);
  member.bump();
  settle(member, world);
}
