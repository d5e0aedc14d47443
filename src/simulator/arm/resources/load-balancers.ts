import { privateAddress } from "../addresses/private-address.ts";
import { type JsonObject, objectsAt, propertiesOf, textAt, withProperties, wordAt } from "../json.ts";
import type { Draft, ResourceType } from "../resource-type.ts";
import {
  children,
  choice,
  flag,
  group,
  integer,
  list,
  optionalChildren,
  reference,
  type Shape,
  steadyGroup,
  text,
} from "../shape.ts";
import type { Store } from "../store.ts";
import { seconds, timing } from "../timing.ts";
import { badFrontends } from "./load-balancer-frontends.ts";
import { balancerInUse, leaveBalancer } from "./load-balancer-members.ts";
import { migrateToIpBased } from "./load-balancer-migration.ts";
import { badPools, plainPools } from "./load-balancer-pools.ts";
import { probeInUse } from "./load-balancer-probes.ts";
import { badRules } from "./load-balancer-rules.ts";
import { balancerView } from "./load-balancer-view.ts";
import { NETWORK_HABITS } from "./network-habits.ts";

const BALANCER = "Microsoft.Network/loadBalancers";
const FRONTEND = reference(`${BALANCER}/frontendIPConfigurations`);
const POOL = reference(`${BALANCER}/backendAddressPools`);
const PORT = integer(0, 65_535);

const FRONTENDS: Shape = {
  privateIPAddress: text(),
  privateIPAllocationMethod: choice(["Dynamic", "Static"], "Dynamic"),
  subnet: reference("Microsoft.Network/virtualNetworks/subnets"),
  publicIPAddress: reference("Microsoft.Network/publicIPAddresses"),
  publicIPPrefix: reference("Microsoft.Network/publicIPPrefixes"),
  gatewayLoadBalancer: reference(`${BALANCER}/frontendIPConfigurations`),
  privateIPAddressVersion: choice(["IPv4", "IPv6"]),
};

const POOLS: Shape = {
  location: text(),
  drainPeriodInSeconds: integer(0, 2_147_483_647),
  syncMode: choice(["Automatic", "Manual"]),
  virtualNetwork: reference("Microsoft.Network/virtualNetworks"),
  loadBalancerBackendAddresses: optionalChildren({
    ipAddress: text(),
    virtualNetwork: reference("Microsoft.Network/virtualNetworks"),
    subnet: reference("Microsoft.Network/virtualNetworks/subnets"),
    loadBalancerFrontendIPConfiguration: FRONTEND,
    adminState: choice(["None", "Up", "Down"]),
  }),
};

const RULES: Shape = {
  frontendIPConfiguration: FRONTEND,
  frontendPort: integer(0, 65_534),
  backendPort: PORT,
  enableFloatingIP: flag(false),
  idleTimeoutInMinutes: integer(4, 100, 4),
  protocol: choice(["Udp", "Tcp", "All"]),
  enableDestinationServiceEndpoint: flag(false),
  enableTcpReset: flag(false),
  allowBackendPortConflict: flag(false),
  loadDistribution: choice(["Default", "SourceIP", "SourceIPProtocol"], "Default"),
  disableOutboundSnat: flag(false),
  backendAddressPool: POOL,
  backendAddressPools: list(POOL),
  probe: reference(`${BALANCER}/probes`),
  enableConnectionTracking: flag(),
};

const NAT_RULES: Shape = {
  frontendIPConfiguration: FRONTEND,
  frontendPort: integer(0, 65_534),
  frontendPortRangeStart: integer(1, 65_534),
  frontendPortRangeEnd: integer(1, 65_534),
  backendPort: PORT,
  enableFloatingIP: flag(false),
  idleTimeoutInMinutes: integer(4, 100, 4),
  protocol: choice(["Udp", "Tcp", "All"]),
  enableTcpReset: flag(false),
  backendAddressPool: POOL,
};

/** Load balancers: a PUT replaces all children, except that pools keep the interfaces that have joined them. */
export const loadBalancers: ResourceType = {
  name: BALANCER,
  ...NETWORK_HABITS,
  envelope: {
    sku: steadyGroup({
      name: choice(["Basic", "Standard", "Gateway"], "Standard"),
      tier: choice(["Regional", "Global"], "Regional"),
    }),
    extendedLocation: group({ name: text(), type: text() }),
  },
  shape: {
    frontendIPConfigurations: children(FRONTENDS),
    backendAddressPools: children(POOLS),
    loadBalancingRules: children(RULES),
    probes: children({
      protocol: choice(["Http", "Tcp", "Https"]),
      port: integer(1, 65_535),
      requestPath: text(),
      intervalInSeconds: integer(5, 2_147_483_647, 15),
      numberOfProbes: integer(1, 2_147_483_647, 2),
      probeThreshold: integer(1, 100),
      noHealthyBackendsBehavior: choice(["AllProbedDown", "AllProbedUp"]),
    }),
    inboundNatRules: children(NAT_RULES),
    outboundRules: children({
      allocatedOutboundPorts: integer(0, 64_000),
      frontendIPConfigurations: list(FRONTEND),
      backendAddressPool: POOL,
      protocol: choice(["Tcp", "Udp", "All"]),
      enableTcpReset: flag(false),
      idleTimeoutInMinutes: integer(4, 120, 4),
    }),
    inboundNatPools: children({
      frontendIPConfiguration: FRONTEND,
      frontendPortRangeStart: integer(1, 65_534),
      frontendPortRangeEnd: integer(1, 65_534),
      backendPort: PORT,
      protocol: choice(["Udp", "Tcp", "All"]),
      idleTimeoutInMinutes: integer(4, 100, 4),
      enableFloatingIP: flag(false),
      enableTcpReset: flag(false),
    }),
  },
  computed: [
    "backendIPConfigurations",
    "backendIPConfiguration",
    "inboundNatPools",
    "inboundNatRules",
    "loadBalancingRules",
    "networkInterfaceIPConfiguration",
    "outboundRule",
    "outboundRules",
  ],
  writableChildren: ["backendAddressPools", "inboundNatRules"],
  backReferences: [
    {
      child: "backendAddressPools",
      by: "loadBalancerBackendAddressPools",
      member: "backendIPConfigurations",
      shape: "many",
      holders: /\/ipConfigurations\//,
    },
  ],
  operationNoun: "LoadBalancer",
  put: "succeeded",
  etagAtCompletion: "same",
  timing: {
    put: timing(seconds(0.7, 1), seconds(1.5, 4)),
    delete: timing(seconds(0.5, 1), seconds(6, 15), { first: 10, poll: 10 }),
  },
  actions: { migrateToIpBased },
  prepare: (draft, world) => withProperties(draft.document, prepared(draft, world)),
  validate: (draft, world) => {
    const problem = badFrontends(draft, world) ?? badRules(draft) ?? badPools(draft, world) ?? probeInUse(draft, world);
    if (problem !== undefined) throw problem;
  },
  view: balancerView,
  blocked: balancerInUse,
  released: leaveBalancer,
};

function prepared({ id, document, previous }: Draft, world: Store): JsonObject {
  const properties = propertiesOf(document);
  const before = previous === undefined ? [] : objectsAt(propertiesOf(previous.shown), "frontendIPConfigurations");
  const taken = new Set<string>();
  const frontends = objectsAt(properties, "frontendIPConfigurations").map((frontend) => {
    const name = wordAt(frontend, "name");
    const known = before.find((candidate) => textAt(candidate, "name")?.toLowerCase() === name.toLowerCase());
    const owner = `${id.text}/frontendIPConfigurations/${name}`;
    const request = { owner, properties: propertiesOf(frontend), before: known && propertiesOf(known), taken };
    const address = privateAddress(request, world);
    return address === undefined
      ? frontend
      : withProperties(frontend, {
          privateIPAddress: address,
          privateIPAddressVersion: propertiesOf(frontend)["privateIPAddressVersion"] ?? "IPv4",
        });
  });
  const rules = objectsAt(properties, "loadBalancingRules").map(withBothPoolMembers);
  const pools = plainPools(objectsAt(properties, "backendAddressPools"));
  return { frontendIPConfigurations: frontends, backendAddressPools: pools, loadBalancingRules: rules };
}

/** A rule is printed with both `backendAddressPool` and `backendAddressPools`, whichever it was given. */
function withBothPoolMembers(rule: JsonObject): JsonObject {
  const { backendAddressPool: one, backendAddressPools: many } = propertiesOf(rule);
  const first = Array.isArray(many) ? (many as readonly JsonObject[])[0] : undefined;
  if (one !== undefined && many === undefined) return withProperties(rule, { backendAddressPools: [one] });
  return one === undefined && first !== undefined ? withProperties(rule, { backendAddressPool: first }) : rule;
}
