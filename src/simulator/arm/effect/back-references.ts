import type { JsonObject } from "../json.ts";
import type { Link } from "../links.ts";

/** A member that a resource or child shows because others refer to it. */
interface BackReference {
  /** Last type segment of what is referred to. */
  readonly of: string;
  /** The member by which others refer to it. */
  readonly by: string;
  readonly member: string;
  /** `one`: the member is an object with the first id; `many`: a list of them. */
  readonly shape: "one" | "many";
  /** Part of the ids that count; others only name it, as a scale set's model names a pool. */
  readonly holders: RegExp;
}

const IP_CONFIGURATION = /\/(?:frontendIP|ip)Configurations\//i;

const TABLE: readonly BackReference[] = [
  { of: "publicIPAddresses", by: "publicIPAddress", member: "ipConfiguration", shape: "one", holders: /./ },
  { of: "subnets", by: "subnet", member: "ipConfigurations", shape: "many", holders: IP_CONFIGURATION },
  {
    of: "backendAddressPools",
    by: "loadBalancerBackendAddressPools",
    member: "backendIPConfigurations",
    shape: "many",
    holders: /\/ipConfigurations\//i,
  },
  {
    of: "networkSecurityGroups",
    by: "networkSecurityGroup",
    member: "networkInterfaces",
    shape: "many",
    holders: /\/networkInterfaces\//i,
  },
  {
    of: "networkSecurityGroups",
    by: "networkSecurityGroup",
    member: "subnets",
    shape: "many",
    holders: /\/subnets\//i,
  },
  { of: "routeTables", by: "routeTable", member: "subnets", shape: "many", holders: /\/subnets\//i },
  { of: "networkInterfaces", by: "networkInterfaces", member: "virtualMachine", shape: "one", holders: /./ },
];

/** What a resource or child of type segment `type` shows of the references to it; `inbound` sorted by holder. */
export function backReferences(type: string, inbound: readonly Link[]): JsonObject {
  const members = TABLE.filter(({ of }) => of.toLowerCase() === type.toLowerCase()).flatMap((entry) => {
    const ids = inbound.filter(({ field, from }) => field === entry.by && entry.holders.test(from));
    const [first] = ids;
    if (first === undefined) return [];
    const value = entry.shape === "one" ? { id: first.from } : ids.map(({ from }) => ({ id: from }));
    return [[entry.member, value] as const];
  });
  return Object.fromEntries(members);
}
