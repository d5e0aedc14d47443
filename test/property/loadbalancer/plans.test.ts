import type { LoadBalancer, NetworkSecurityGroup, SecurityRule } from "@azure/arm-network";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baseName } from "../../../src/azure/loadbalancer/names.ts";
import { accessEdit } from "../../../src/azure/loadbalancer/plan/access.ts";
import { accessClaim, destinationsOf, indexClaims } from "../../../src/azure/loadbalancer/plan/access-rules.ts";
import { planBalancer } from "../../../src/azure/loadbalancer/plan/balancer.ts";
import { membersEdit } from "../../../src/azure/loadbalancer/plan/members.ts";
import { planTags } from "../../../src/azure/loadbalancer/plan/tags.ts";
import { resolveForDeletion, resolveSettings } from "../../../src/azure/loadbalancer/settings.ts";
import type { Service } from "../../../src/cloudprovider/objects.ts";
import {
  balancerIdOf,
  config,
  echoed,
  echoedRule,
  loadBalancer,
  publicIpIdOf,
  securityGroup,
} from "../../fixtures/azure-network.ts";
import { planned, settingsOf, wishOf } from "../../fixtures/balancer-wish.ts";
import { node } from "../../fixtures/node.ts";
import { service, uidOf } from "../../fixtures/service.ts";

const anyPort = fc.record({
  protocol: fc.constantFrom("TCP" as const, "UDP" as const),
  port: fc.integer({ min: 1, max: 400 }),
  nodePort: fc.integer({ min: 30000, max: 32767 }),
});

const anyAnnotations = fc
  .record(
    {
      "azure-load-balancer-tcp-idle-timeout": fc.constantFrom("4", "30", "100"),
      "azure-load-balancer-disable-tcp-reset": fc.constantFrom("true", "false"),
      "azure-disable-load-balancer-floating-ip": fc.constantFrom("true", "false"),
      "azure-load-balancer-health-probe-protocol": fc.constantFrom("tcp", "http", "https"),
      "azure-load-balancer-health-probe-interval": fc.constantFrom("5", "11"),
      "azure-allowed-service-tags": fc.constantFrom("AzureCloud", "AzureCloud,Storage"),
      "azure-allowed-ip-ranges": fc.constantFrom("10.0.0.0/8", "0.0.0.0/0", "10.0.0.1/8,2001:db8::/32"),
      "azure-deny-all-except-load-balancer-source-ranges": fc.constantFrom("true", "false"),
    },
    { requiredKeys: [] },
  )
  .map((each) => each as Record<string, string>);

const anyFamilies = fc.constantFrom<("IPv4" | "IPv6")[]>(["IPv4"], ["IPv6"], ["IPv4", "IPv6"], ["IPv6", "IPv4"]);

function anyService(n: number): fc.Arbitrary<Service> {
  return fc
    .record({
      ports: fc.uniqueArray(anyPort, {
        minLength: 1,
        maxLength: 4,
        selector: ({ protocol, port }) => `${protocol}${port}`,
      }),
      annotations: anyAnnotations,
      ipFamilies: anyFamilies,
      local: fc.boolean(),
      sticky: fc.boolean(),
    })
    .map(({ local, sticky, ...rest }) =>
      service({
        ...rest,
        name: `s${n}`,
        uid: uidOf(n),
        sessionAffinity: sticky ? "ClientIP" : "None",
        ...(local ? { externalTrafficPolicy: "Local", healthCheckNodePort: 31000 + n } : {}),
      }),
    );
}

const anyServices = fc.tuple(anyService(1), anyService(2), anyService(3));

const FOREIGN: LoadBalancer = loadBalancer({
  frontendIPConfigurations: [
    {
      name: "egress",
      id: `${balancerIdOf()}/frontendIPConfigurations/egress`,
      publicIPAddress: { id: publicIpIdOf("egress") },
    },
  ],
  backendAddressPools: [{ name: "outbound" }],
  loadBalancingRules: [
    {
      name: "by-hand",
      frontendPort: 80,
      protocol: "Tcp",
      frontendIPConfiguration: { id: `${balancerIdOf()}/frontendIPConfigurations/egress` },
    },
  ],
  probes: [{ name: "by-hand", port: 1 }],
  outboundRules: [
    { name: "egress", frontendIPConfigurations: [{ id: `${balancerIdOf()}/frontendIPConfigurations/egress` }] },
  ],
});

function folded(current: LoadBalancer | undefined, services: readonly Service[], shared = false): LoadBalancer {
  const cluster = config(shared ? { probeMode: "shared" } : {});
  return services.reduce<LoadBalancer | undefined>(
    (each, next) => planned(each, next, { config: cluster }),
    current,
  ) as LoadBalancer;
}

/** The parts of a balancer that no Service of the test owns. */
function foreignPartOf(balancer: LoadBalancer): unknown {
  const bases = [1, 2, 3].map((n) => baseName(uidOf(n)));
  const foreign = (children: readonly { name?: string }[] = []) =>
    children.filter(
      ({ name = "" }) =>
        !bases.some((base) => name.startsWith(base)) &&
        !name.startsWith("kubernetes") &&
        !name.startsWith("cluster-service"),
    );
  return [
    balancer.frontendIPConfigurations,
    balancer.backendAddressPools,
    balancer.loadBalancingRules,
    balancer.probes,
    balancer.outboundRules,
  ].map(foreign);
}

function sorted(balancer: LoadBalancer): unknown {
  const byName = (children: readonly { name?: string }[] = []) =>
    children.toSorted((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
  return [
    balancer.frontendIPConfigurations,
    balancer.backendAddressPools,
    balancer.loadBalancingRules,
    balancer.probes,
  ].map(byName);
}

describe("laws of the balancer plan", () => {
  it("law: a plan that has been applied plans nothing more", () => {
    fc.assert(
      fc.property(anyServices, fc.boolean(), (services, shared) => {
        const shown = echoed(folded(FOREIGN, services, shared));
        const cluster = config(shared ? { probeMode: "shared" } : {});
        for (const each of services) expect(planned(shown, each, { config: cluster })).toBe(shown);
      }),
    );
  });

  it("law: the order of Services, ports and annotations does not change the plan", () => {
    fc.assert(
      fc.property(anyServices, (services) => {
        const turned = services.toReversed().map((each) => ({
          ...each,
          metadata: {
            ...each.metadata,
            annotations: Object.fromEntries(Object.entries(each.metadata.annotations ?? {}).toReversed()),
          },
          spec: {
            ...each.spec,
            ports: each.spec.ports.toReversed(),
            ipFamilies: each.spec.ipFamilies?.toReversed() ?? [],
          },
        }));
        expect(sorted(folded(FOREIGN, turned))).toEqual(sorted(folded(FOREIGN, services)));
      }),
    );
  });

  it("law: no plan touches what is foreign", () => {
    fc.assert(
      fc.property(anyServices, anyServices, (before, after) => {
        const changed = folded(folded(FOREIGN, before), after);
        expect(foreignPartOf(changed)).toEqual(foreignPartOf(FOREIGN));
      }),
    );
  });

  it("law: a Service that comes and goes leaves the balancer as it was, but for pools", () => {
    fc.assert(
      fc.property(anyServices, ([one, two, three]) => {
        const before = folded(FOREIGN, [one, two]);
        const { next } = planBalancer(planned(before, three), wishOf(three, { gone: true }));
        expect({ ...next, backendAddressPools: [] }).toEqual({ ...before, backendAddressPools: [] });
      }),
    );
  });

  it("law: a changed Service ends as if it had always been so", () => {
    fc.assert(
      fc.property(anyService(1), anyService(1), (before, after) => {
        const { backendAddressPools: _a, ...changed } = planned(folded(FOREIGN, [before]), after);
        const { backendAddressPools: _b, ...fresh } = planned(FOREIGN, after);
        const lists = (balancer: LoadBalancer) => (sorted(balancer) as unknown[]).map((each) => each);
        expect(lists(changed)).toEqual(lists(fresh));
      }),
    );
  });
});

const ADDRESSES = ["20.1.2.1", "20.1.2.2", "20.1.2.3", "2603::1"];
const anyAddresses = fc.subarray(ADDRESSES, { minLength: 1 });

const FOREIGN_RULES: readonly SecurityRule[] = [
  {
    name: "ssh",
    priority: 500,
    access: "Allow",
    protocol: "Tcp",
    direction: "Inbound",
    sourceAddressPrefix: "*",
    destinationAddressPrefix: "20.1.2.1",
    destinationPortRange: "22",
  },
  {
    name: "k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77",
    priority: 501,
    access: "Allow",
    protocol: "Tcp",
    direction: "Inbound",
    sourceAddressPrefix: "Internet",
    destinationAddressPrefixes: ["198.51.100.7"],
    destinationPortRanges: ["80"],
  },
];

function allowed(
  group: NetworkSecurityGroup,
  services: readonly Service[],
  addresses: readonly (readonly string[])[],
): NetworkSecurityGroup {
  const claims = services.map((each, index) => accessClaim(settingsOf(each), addresses[index] ?? []));
  const others = indexClaims(claims);
  return claims.reduce<NetworkSecurityGroup>(
    (each, claim) =>
      accessEdit({ config: config(), claim, order: claim.key, released: [], others }).apply(
        each,
      ) as NetworkSecurityGroup,
    group,
  );
}

/** Rules without priorities, which depend on who came first. */
function matches({ securityRules = [] }: NetworkSecurityGroup): unknown {
  return securityRules
    .map(({ priority: _priority, ...rule }) => rule)
    .toSorted((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
}

describe("laws of the access plan", () => {
  const anyAddressLists = fc.tuple(anyAddresses, anyAddresses, anyAddresses);

  it("law: a plan that has been applied plans nothing more, also as ARM echoes it and when addresses are shared", () => {
    fc.assert(
      fc.property(anyServices, anyAddressLists, (services, addresses) => {
        const once = allowed(securityGroup(FOREIGN_RULES), services, addresses);
        const echo = { ...once, securityRules: (once.securityRules ?? []).map(echoedRule) };
        expect(allowed(echo, services, addresses)).toBe(echo);
      }),
    );
  });

  it("law: the order of Services does not change who may come in", () => {
    fc.assert(
      fc.property(anyServices, anyAddressLists, (services, addresses) => {
        const there = allowed(securityGroup(FOREIGN_RULES), services, addresses);
        const back = allowed(securityGroup(FOREIGN_RULES), services.toReversed(), addresses.toReversed());
        expect(matches(back)).toEqual(matches(there));
      }),
    );
  });

  it("law: a Service that comes and goes leaves the group as it was", () => {
    fc.assert(
      fc.property(anyServices, anyAddressLists, ([one, two, three], addresses) => {
        const before = allowed(securityGroup(FOREIGN_RULES), [one, two], addresses);
        const during = allowed(before, [one, two, three], addresses);
        const left = [one, two].map((each, index) => accessClaim(settingsOf(each), addresses[index] ?? []));
        const gone = { key: `shop/${three.metadata.name}`, destinations: [], rules: [] };
        const released = addresses[2];
        const after = accessEdit({
          config: config(),
          claim: gone,
          order: "",
          released,
          others: indexClaims(left),
        }).apply(during);
        expect(matches(after as NetworkSecurityGroup)).toEqual(matches(before));
      }),
    );
  });

  it("law: foreign rules, and foreign addresses in our rules, survive", () => {
    fc.assert(
      fc.property(anyServices, anyAddressLists, (services, addresses) => {
        const rules = allowed(securityGroup(FOREIGN_RULES), services, addresses).securityRules ?? [];
        expect(rules[0]).toBe(FOREIGN_RULES[0]);
        expect(destinationsOf(rules[1] ?? {})).toContain("198.51.100.7");
      }),
    );
  });

  it("law: priorities are unique", () => {
    fc.assert(
      fc.property(anyServices, anyAddressLists, (services, addresses) => {
        const priorities = (allowed(securityGroup(FOREIGN_RULES), services, addresses).securityRules ?? []).map(
          ({ priority }) => priority,
        );
        expect(new Set(priorities).size).toBe(priorities.length);
      }),
    );
  });
});

describe("laws of the members plan", () => {
  const anyNodes = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
  const cluster = config({ poolType: "nodeIP" });
  const filled = (current: LoadBalancer, numbers: readonly number[]): LoadBalancer => {
    const items = numbers.map((n) => node(`n${n}`, { addresses: [`10.0.0.${n}`] }));
    return membersEdit({ config: cluster, internal: false, nodes: () => ({ synced: true, items }) }).apply(
      current,
    ) as LoadBalancer;
  };
  const membersOf = ({ backendAddressPools = [] }: LoadBalancer) =>
    new Set(backendAddressPools[0]?.loadBalancerBackendAddresses?.map(({ ipAddress }) => ipAddress));

  it("law: members are the nodes, whatever was there and in whatever order they come", () => {
    fc.assert(
      fc.property(anyNodes, anyNodes, (before, after) => {
        const first = filled(loadBalancer({ backendAddressPools: [{ name: "kubernetes" }] }), before);
        const next = filled(first, after);
        expect(membersOf(next)).toEqual(new Set(after.map((n) => `10.0.0.${n}`)));
        expect(filled(next, after.toReversed())).toBe(next);
      }),
    );
  });
});

describe("laws of settings and tags", () => {
  const anyText = fc.oneof(fc.string(), fc.constantFrom("true", "TRUE", "10.0.0.0/8", "5", "-1", "a=b", "http", "::1"));
  const anyKeys = fc.constantFrom(
    "azure-load-balancer-internal",
    "azure-load-balancer-ipv4",
    "azure-load-balancer-tcp-idle-timeout",
    "azure-pip-tags",
    "azure-pip-ip-tags",
    "azure-allowed-ip-ranges",
    "azure-additional-public-ips",
    "port_80_health-probe_port",
    "port_80_health-probe_interval",
    "azure-load-balancer-health-probe-num-of-probe",
  );

  it("law: any annotations are either taken or refused by name and value, and never block deletion", () => {
    fc.assert(
      fc.property(fc.dictionary(anyKeys, anyText), (annotations) => {
        const asked = service({ annotations });
        const result = resolveSettings(asked, config());
        if (!result.ok) {
          for (const { field, got } of result.problems) expect(asked.metadata.annotations?.[field]).toBe(got);
        }
        const settings = resolveForDeletion(asked, config());
        const wish = { ...wishOf(service()), settings, sources: undefined };
        expect(planBalancer(echoed(planned(undefined, service())), wish).next?.loadBalancingRules).toEqual([]);
      }),
    );
  });

  it("law: tags that have been applied plan nothing more", () => {
    const anyTags = fc.dictionary(
      fc.constantFrom("a", "A", "b", "sys-x", "k8s-azure-service"),
      fc.constantFrom("1", "2", "x"),
    );
    fc.assert(
      fc.property(anyTags, anyTags, fc.subarray(["sys", "b"]), (existing, wanted, system) => {
        const next = planTags(existing, wanted, system);
        expect(planTags(next, wanted, system)).toBe(next);
      }),
    );
  });
});
