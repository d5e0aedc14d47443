import { type Cidr, covers, overlaps, parseCidr } from "../addresses/cidr.ts";
import { type ArmError, networkError } from "../arm-error.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, textAt, textsAt, wordAt } from "../json.ts";
import type { Draft } from "../resource-type.ts";

/** The address prefixes of a subnet, in whichever of the two members it has them. */
export function subnetPrefixes(subnet: JsonObject): readonly string[] {
  const properties = propertiesOf(subnet);
  const single = textAt(properties, "addressPrefix");
  return single === undefined ? textsAt(properties, "addressPrefixes") : [single];
}

/** Why the address space and subnets of a virtual network are refused. */
export function badSubnets({ id, document }: Draft): ArmError | undefined {
  const properties = propertiesOf(document);
  const network = id.names.at(-1) ?? "";
  const space = textsAt(objectAt(properties, "addressSpace"), "addressPrefixes");
  const notation = space.map((prefix) => badNotation(prefix, id.text)).find((problem) => problem !== undefined);
  if (notation !== undefined) return notation;
  const blocks = space.flatMap((prefix) => parseCidr(prefix) ?? []);
  const placed: Cidr[] = [];
  for (const subnet of objectsAt(properties, "subnets")) {
    const name = wordAt(subnet, "name");
    for (const prefix of subnetPrefixes(subnet)) {
      const problem =
        badNotation(prefix, `${id.text}/subnets/${name}`) ?? misplaced(prefix, name, { network, blocks, placed });
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

interface Placing {
  readonly network: string;
  readonly blocks: readonly Cidr[];
  readonly placed: Cidr[];
}

function misplaced(prefix: string, name: string, { network, blocks, placed }: Placing): ArmError | undefined {
  const block = parseCidr(prefix);
  if (block === undefined || !blocks.some((outer) => covers(outer, block))) {
    return networkError("NetcfgInvalidSubnet", `Subnet '${name}' is not valid in virtual network '${network}'.`);
  }
  if (placed.some((other) => overlaps(other, block))) {
    const message = `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`;
    return networkError("NetcfgSubnetRangesOverlap", message);
  }
  placed.push(block);
  return undefined;
}

function badNotation(prefix: string, id: string): ArmError | undefined {
  const block = parseCidr(prefix);
  if (block !== undefined && prefix.includes("/") && block.text === prefix.toLowerCase()) return undefined;
  const message = `The address prefix ${prefix} in resource ${id} has an invalid CIDR notation. For the given prefix length, the address prefix should be ${block?.text ?? "an address and a length"}.`;
  return networkError("InvalidCIDRNotation", message);
}
