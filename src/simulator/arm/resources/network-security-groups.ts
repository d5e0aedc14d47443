import { networkError } from "../arm-error.ts";
import { childId } from "../arm-id.ts";
import { type JsonObject, objectsAt, propertiesOf } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import { etagOf } from "../render.ts";
import type { ResourceType, View } from "../resource-type.ts";
import { children, choice, flag, integer, list, reference, steadyList, text } from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { NETWORK_HABITS } from "./network-habits.ts";
import { badSecurityRules } from "./security-rules.ts";

/** Security groups with their rules; the six default rules are computed. */
export const networkSecurityGroups: ResourceType = {
  name: "Microsoft.Network/networkSecurityGroups",
  ...NETWORK_HABITS,
  shape: {
    flushConnection: flag(),
    securityRules: children({
      description: text(),
      protocol: choice(["*", "Ah", "Esp", "Icmp", "Tcp", "Udp"]),
      sourcePortRange: text(),
      destinationPortRange: text(),
      sourceAddressPrefix: text(),
      destinationAddressPrefix: text(),
      access: choice(["Allow", "Deny"]),
      priority: integer(-2_147_483_648, 2_147_483_647),
      direction: choice(["Inbound", "Outbound"]),
      sourcePortRanges: steadyList(text()),
      destinationPortRanges: steadyList(text()),
      sourceAddressPrefixes: steadyList(text()),
      destinationAddressPrefixes: steadyList(text()),
      sourceApplicationSecurityGroups: list(reference("Microsoft.Network/applicationSecurityGroups")),
      destinationApplicationSecurityGroups: list(reference("Microsoft.Network/applicationSecurityGroups")),
    }),
  },
  computed: ["defaultSecurityRules", "networkInterfaces", "subnets", "flowLogs"],
  writableChildren: ["securityRules"],
  computedChildren: ["defaultSecurityRules"],
  backReferences: [
    { by: "networkSecurityGroup", member: "networkInterfaces", shape: "many", holders: /\/networkInterfaces\// },
    { by: "networkSecurityGroup", member: "subnets", shape: "many", holders: /\/subnets\// },
  ],
  operationNoun: "NetworkSecurityGroup",
  timing: {
    put: timing(seconds(0.7, 1), seconds(2, 10), { first: 1, poll: 10 }),
    delete: timing(seconds(0.5, 1), seconds(3, 10), { first: 10, poll: 10 }),
  },
  validate: ({ id, document }) => {
    const problem = badSecurityRules(id.text, objectsAt(propertiesOf(document), "securityRules"));
    if (problem !== undefined) throw problem;
  },
  view,
  blocked: ({ id }, world) => {
    const users = world.inboundOrPending(id.key).map(({ from }) => from);
    if (users.length === 0) return undefined;
    const message = `Network security group ${id.text} cannot be deleted because it is in use by the following resources: ${users.join(", ")}. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.`;
    return networkError("InUseNetworkSecurityGroupCannotBeDeleted", message);
  },
};

function view(record: ResourceRecord, world: Store): View {
  const etag = etagOf(record, world);
  return {
    own: {
      defaultSecurityRules: DEFAULT_RULES.map((rule) => defaultRule(record, etag, rule)),
    },
  };
}

type DefaultRule = readonly [
  name: string,
  description: string,
  direction: "Inbound" | "Outbound",
  priority: number,
  source: string,
  destination: string,
];

const DEFAULT_RULES: readonly DefaultRule[] = [
  [
    "AllowVnetInBound",
    "Allow inbound traffic from all VMs in VNET",
    "Inbound",
    65000,
    "VirtualNetwork",
    "VirtualNetwork",
  ],
  [
    "AllowAzureLoadBalancerInBound",
    "Allow inbound traffic from azure load balancer",
    "Inbound",
    65001,
    "AzureLoadBalancer",
    "*",
  ],
  ["DenyAllInBound", "Deny all inbound traffic", "Inbound", 65500, "*", "*"],
  [
    "AllowVnetOutBound",
    "Allow outbound traffic from all VMs to all VMs in VNET",
    "Outbound",
    65000,
    "VirtualNetwork",
    "VirtualNetwork",
  ],
  ["AllowInternetOutBound", "Allow outbound traffic from all VMs to Internet", "Outbound", 65001, "*", "Internet"],
  ["DenyAllOutBound", "Deny all outbound traffic", "Outbound", 65500, "*", "*"],
];

function defaultRule(record: ResourceRecord, etag: string, rule: DefaultRule): JsonObject {
  const [name, description, direction, priority, sourceAddressPrefix, destinationAddressPrefix] = rule;
  return {
    name,
    id: childId(record.id, "defaultSecurityRules", name).text,
    etag,
    type: "Microsoft.Network/networkSecurityGroups/defaultSecurityRules",
    properties: {
      provisioningState: record.busyChild === undefined ? record.state : "Succeeded",
      description,
      protocol: "*",
      sourcePortRange: "*",
      destinationPortRange: "*",
      sourceAddressPrefix,
      destinationAddressPrefix,
      access: name.startsWith("Deny") ? "Deny" : "Allow",
      priority,
      direction,
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
    },
  };
}
