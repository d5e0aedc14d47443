import { parseCidr } from "../addresses/cidr.ts";
import { type ArmError, networkError } from "../arm-error.ts";
import { type JsonObject, objectsAt, propertiesOf, textAt, wordAt } from "../json.ts";
import type { ResourceType } from "../resource-type.ts";
import { children, choice, flag, text } from "../shape.ts";
import { seconds, timing } from "../timing.ts";
import { NETWORK_HABITS } from "./network-habits.ts";

/** Route tables with their routes. */
export const routeTables: ResourceType = {
  name: "Microsoft.Network/routeTables",
  ...NETWORK_HABITS,
  shape: {
    disableBgpRoutePropagation: flag(false),
    routes: children({
      addressPrefix: text(),
      nextHopType: choice(["VirtualAppliance", "VirtualNetworkGateway", "VnetLocal", "Internet", "None"]),
      nextHopIpAddress: text(),
      hasBgpOverride: flag(false),
    }),
  },
  computed: ["subnets"],
  writableChildren: ["routes"],
  backReferences: [{ by: "routeTable", member: "subnets", shape: "many" }],
  operationNoun: "RouteTable",
  timing: {
    put: timing(seconds(0.5, 0.8), seconds(2, 10), { first: 1, poll: 10 }),
    delete: timing(seconds(0.5, 1), seconds(3, 10), { first: 10, poll: 10 }),
  },
  validate: ({ id, document }) => {
    const problem = badRoutes(id.text, objectsAt(propertiesOf(document), "routes"));
    if (problem !== undefined) throw problem;
  },
  blocked: ({ id }, world) => {
    if (world.inboundOrPending(id.key).length === 0) return undefined;
    return networkError("InUseRouteTableCannotBeDeleted", `Route table ${id.text} is in use and cannot be deleted.`);
  },
};

/** Why the routes of a table are refused. ARM's codes for them are unconfirmed. */
function badRoutes(table: string, routes: readonly JsonObject[]): ArmError | undefined {
  const taken = new Map<string, string>();
  for (const route of routes) {
    const name = wordAt(route, "name");
    const problem = badRoute(`${table}/routes/${name}`, propertiesOf(route));
    if (problem !== undefined) return problem;
    const prefix = wordAt(propertiesOf(route), "addressPrefix").toLowerCase();
    const twin = taken.get(prefix);
    if (twin !== undefined) {
      const message = `Route ${name} in route table ${table} has the same address prefix ${prefix} as route ${twin}.`;
      return networkError("RouteConflictsOnSamePrefix", message);
    }
    taken.set(prefix, name);
  }
  return undefined;
}

/** A service tag instead of a prefix, such as `AzureCloud` or `Storage.WestEurope`. */
const SERVICE_TAG = /^[A-Za-z]\w*(\.\w+)?$/;

function badRoute(id: string, properties: JsonObject): ArmError | undefined {
  const missing = ["addressPrefix", "nextHopType"].find((member) => properties[member] === undefined);
  if (missing !== undefined) {
    const details = [{ code: "MissingRequiredProperty", message: `Property ${missing} of ${id} is required.` }];
    return networkError("InvalidRequestFormat", "Cannot parse the request.", details);
  }
  return (
    badPrefix(id, wordAt(properties, "addressPrefix")) ??
    badNextHop(id, wordAt(properties, "nextHopType"), textAt(properties, "nextHopIpAddress"))
  );
}

function badPrefix(id: string, prefix: string): ArmError | undefined {
  const block = prefix.includes("/") ? parseCidr(prefix) : undefined;
  if (block?.text === prefix.toLowerCase() || SERVICE_TAG.test(prefix)) return undefined;
  const message = `The address prefix ${prefix} in resource ${id} has an invalid CIDR notation. For the given prefix length, the address prefix should be ${block?.text ?? "an address and a length"}.`;
  return networkError("InvalidCIDRNotation", message);
}

function badNextHop(id: string, type: string, address: string | undefined): ArmError | undefined {
  const needed = type === "VirtualAppliance";
  if (needed && (address === undefined || parseCidr(address) === undefined || address.includes("/"))) {
    const message = `Route ${id} with next hop type VirtualAppliance needs a valid next hop IP address, got ${address ?? "none"}.`;
    return networkError("RouteNextHopIpAddressRequired", message);
  }
  if (needed || address === undefined) return undefined;
  const message = `Route ${id} has next hop IP address ${address}, which only next hop type VirtualAppliance can have.`;
  return networkError("RouteNextHopIpAddressNotAllowed", message);
}
