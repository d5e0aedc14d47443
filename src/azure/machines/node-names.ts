import { idKey } from "../arm/resource-id.ts";
import { nodeNameOf } from "./machine.ts";
import type { MemberReader } from "./members.ts";
import { scopesOf } from "./scopes.ts";
import { listed } from "./source.ts";

/** An IP configuration's id up to what owns it: an instance of a scale set, or an interface. */
const OWNER = /^.*?\/(?:virtualMachineScaleSets\/[^/]+\/virtualMachines|Microsoft\.Network\/networkInterfaces)\/[^/]+/i;

/** The names of the nodes behind IP configurations, by the ids as they were given. */
export async function nodeNamesOf(
  { arm, directory }: MemberReader,
  ipConfigurationIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const { scaleSets, groups } = scopesOf(ipConfigurationIds);
  const [instances, singles, interfaces] = await Promise.all([
    Promise.all(scaleSets.map((scope) => directory.instances(scope, "known", signal))),
    Promise.all(groups.map((scope) => directory.singles(scope, "known", signal))),
    Promise.all(groups.map((scope) => listed(arm, { type: "networkInterfaces", scope, freshness: "known" }, signal))),
  ]);
  const machines = [...instances, ...singles].flat();
  const nameOfMachine = new Map(machines.map((machine) => [idKey(machine.id), nodeNameOf(machine)]));
  const machineOfInterface = new Map(
    interfaces.flat().map(({ id = "", virtualMachine }) => [idKey(id), idKey(virtualMachine?.id ?? "")]),
  );
  return new Map(
    ipConfigurationIds.flatMap((id) => {
      const owner = idKey(OWNER.exec(id)?.[0] ?? id);
      const name = nameOfMachine.get(machineOfInterface.get(owner) ?? owner);
      return name === undefined ? [] : [[id, name] as const];
    }),
  );
}
