import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { LoadBalancer, NetworkSecurityGroup, PublicIPAddress, SecurityRule } from "@azure/arm-network";
import { describe, expect, it } from "vitest";
import type { LoadBalancerConfig } from "../../../src/azure/loadbalancer/config.ts";
import { accessEdit } from "../../../src/azure/loadbalancer/plan/access.ts";
import { accessClaim, indexClaims } from "../../../src/azure/loadbalancer/plan/access-rules.ts";
import { planBalancer } from "../../../src/azure/loadbalancer/plan/balancer.ts";
import { membersEdit } from "../../../src/azure/loadbalancer/plan/members.ts";
import { publicIpEdit } from "../../../src/azure/loadbalancer/plan/public-ip.ts";
import { choosePublicIp } from "../../../src/azure/loadbalancer/plan/public-ip-choice.ts";
import { accept } from "../../../src/cloudprovider/errors.ts";
import type { Node, Service } from "../../../src/cloudprovider/objects.ts";
import {
  balancerIdOf,
  config as defaultConfig,
  publicIp,
  publicIpIdOf,
  securityGroup,
} from "../../fixtures/azure-network.ts";
import { settingsOf, type WishWords, wishOf } from "../../fixtures/balancer-wish.ts";
import { node } from "../../fixtures/node.ts";
import { EXAMPLE_BASE as B, service, uidOf } from "../../fixtures/service.ts";
import { wire } from "../../fixtures/wire.ts";

interface Scenario {
  /** Also the file's name. */
  readonly name: string;
  readonly services: readonly Service[];
  /** What the balancer's address turns out to be, per Service key. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  readonly config?: LoadBalancerConfig;
  readonly wish?: (service: Service) => WishWords;
  readonly nodes?: readonly Node[];
}

const INTERNAL = { "azure-load-balancer-internal": "true" };
const NODES = [
  node("aks-nodes-0", { addresses: ["10.240.0.4", "fd00::4"] }),
  node("aks-nodes-1", { addresses: ["10.240.0.5", "fd00::5"] }),
];

const SCENARIOS: readonly Scenario[] = [
  {
    name: "worked-example",
    services: [service({ ports: ["80/30080", "443/30443"] })],
    addresses: { "shop/web": ["20.1.2.3"] },
  },
  {
    name: "dual-stack-udp-sticky-ip-pools",
    services: [
      service({ ports: ["80/30080", "UDP 53/30053"], ipFamilies: ["IPv4", "IPv6"], sessionAffinity: "ClientIP" }),
    ],
    addresses: { "shop/web": ["20.1.2.3", "2603:1020::5"] },
    config: defaultConfig({ poolType: "nodeIP", disableOutboundSnat: true, tags: { team: "shop" } }),
    nodes: NODES,
  },
  {
    name: "internal-subnet-dual-stack-local",
    services: [
      service({
        ipFamilies: ["IPv4", "IPv6"],
        externalTrafficPolicy: "Local",
        healthCheckNodePort: 32456,
        loadBalancerIP: "10.240.0.50",
        annotations: { ...INTERNAL, "azure-load-balancer-internal-subnet": "apps" },
      }),
    ],
    addresses: { "shop/web": ["10.240.0.50", "fd00::50"] },
  },
  {
    name: "internal-high-availability-ports",
    services: [
      service({
        ports: ["80/30080", "8080/30081"],
        annotations: {
          ...INTERNAL,
          "azure-load-balancer-enable-high-availability-ports": "true",
          "azure-allowed-ip-ranges": "10.0.0.0/8",
        },
      }),
    ],
    addresses: { "shop/web": ["10.240.0.50"] },
  },
  {
    name: "closed-to-all-but-ranges-and-tags",
    services: [
      service({
        annotations: {
          "azure-allowed-ip-ranges": "10.0.0.0/8,192.168.0.0/16,2001:db8::/32",
          "azure-allowed-service-tags": "AzureFrontDoor.Backend",
          "azure-deny-all-except-load-balancer-source-ranges": "true",
        },
      }),
    ],
    addresses: { "shop/web": ["20.1.2.3"] },
  },
  {
    name: "probes-by-annotation-without-floating-ip",
    services: [
      service({
        ports: ["80/30080", "443/30443"],
        annotations: {
          "azure-disable-load-balancer-floating-ip": "true",
          "azure-load-balancer-health-probe-protocol": "http",
          "azure-load-balancer-health-probe-request-path": "/ready",
          "port_443_health-probe_protocol": "https",
          "port_443_health-probe_interval": "10",
          "azure-load-balancer-tcp-idle-timeout": "30",
          "azure-load-balancer-disable-tcp-reset": "true",
        },
      }),
    ],
    addresses: { "shop/web": ["10.240.0.4", "10.240.0.5"] },
  },
  {
    name: "two-services-on-one-address",
    services: [
      service({ name: "first", uid: uidOf(1), ports: ["80/30080"] }),
      service({ name: "second", uid: uidOf(2), ports: ["443/30443"], loadBalancerIP: "20.1.2.3" }),
    ],
    addresses: { "shop/first": ["20.1.2.3"], "shop/second": ["20.1.2.3"] },
    wish: () => ({
      publicIps: {
        IPv4: publicIpIdOf(`kubernetes-${"a00000001-7d52-4f0a-9c6e-2b8d1f3a5e70".replaceAll("-", "").slice(0, 32)}`),
      },
    }),
  },
];

function bodiesOf(scenario: Scenario): unknown {
  const { services, config = defaultConfig(), wish, nodes = [] } = scenario;
  const folded = services.reduce<LoadBalancer | undefined>(
    (balancer, each) => planBalancer(balancer, wishOf(each, { config, ...wish?.(each) })).next,
    undefined,
  );
  const items = { synced: true, items: nodes };
  const balancer = membersEdit({ config, internal: false, nodes: () => items }).apply(folded);
  const group = { location: config.location, securityRules: rulesOf(scenario) };
  const { properties } = wire.networkSecurityGroup(group) as { properties: { securityRules: unknown } };
  return {
    loadBalancer: wire.loadBalancer(balancer as LoadBalancer),
    publicIPAddresses: publicIpsOf(scenario),
    securityRules: properties.securityRules,
  };
}

function rulesOf({ services, addresses, config = defaultConfig() }: Scenario): SecurityRule[] {
  const group = services.reduce<NetworkSecurityGroup | undefined>((each, next) => {
    const settings = settingsOf(next, config);
    const claim = accessClaim(settings, addresses[settings.key] ?? []);
    return accessEdit({ config, claim, order: settings.order, released: [], others: indexClaims([]) }).apply(each);
  }, securityGroup());
  return group?.securityRules ?? [];
}

function publicIpsOf({ services, addresses, config = defaultConfig() }: Scenario): Record<string, unknown> {
  const bodies: Record<string, unknown> = {};
  const known: PublicIPAddress[] = [];
  for (const settings of services.map((each) => settingsOf(each, config))) {
    for (const [at, family] of settings.internal ? [] : settings.families.entries()) {
      const choice = accept(choosePublicIp(settings, family, known, config));
      const made = publicIpEdit({ settings, config, choice }).apply(choice.existing) as PublicIPAddress;
      bodies[choice.name] = wire.publicIPAddress(made);
      const ipAddress = addresses[settings.key]?.[at];
      known.push({ ...publicIp(choice.name, made), ...(ipAddress === undefined ? {} : { ipAddress }) });
    }
  }
  return bodies;
}

describe("ARM bodies", () => {
  for (const scenario of SCENARIOS) {
    it(scenario.name, () => {
      const file = new URL(`${scenario.name}.json`, import.meta.url);
      const actual = bodiesOf(scenario);
      // GOLDEN=write rewrites; a review reads the difference
      if (process.env["GOLDEN"] === "write") writeFileSync(file, `${JSON.stringify(actual, undefined, 2)}\n`);
      expect(existsSync(file), `${file.pathname} is missing`).toBe(true);
      expect(actual).toEqual(JSON.parse(readFileSync(file, "utf8")));
    });
  }
});

describe("the worked examples of the reference, word for word", () => {
  const [example] = SCENARIOS;
  const bodies = bodiesOf(example as Scenario) as {
    loadBalancer: { sku: unknown; properties: Record<string, readonly Record<string, unknown>[]> };
    publicIPAddresses: Record<string, Record<string, unknown>>;
    securityRules: unknown;
  };
  const id = balancerIdOf();

  it("2.9: the first rule", () => {
    expect(bodies.loadBalancer.properties["loadBalancingRules"]?.[0]).toEqual({
      name: "a4c3a9b1e7d524f0a9c6e2b8d1f3a5e7-TCP-80",
      properties: {
        protocol: "Tcp",
        frontendPort: 80,
        backendPort: 80,
        enableFloatingIP: true,
        enableTcpReset: true,
        disableOutboundSnat: false,
        loadDistribution: "Default",
        idleTimeoutInMinutes: 4,
        frontendIPConfiguration: { id: `${id}/frontendIPConfigurations/a4c3a9b1e7d524f0a9c6e2b8d1f3a5e7` },
        backendAddressPool: { id: `${id}/backendAddressPools/kubernetes` },
        probe: { id: `${id}/probes/a4c3a9b1e7d524f0a9c6e2b8d1f3a5e7-TCP-80` },
      },
    });
  });
  it("2.9: balancer, frontend, pool, probes and public IP", () => {
    const { properties, sku } = bodies.loadBalancer;
    expect(sku).toEqual({ name: "Standard" });
    expect(properties["frontendIPConfigurations"]).toEqual([
      {
        name: B,
        id: `${id}/frontendIPConfigurations/${B}`,
        properties: { publicIPAddress: { id: publicIpIdOf(`kubernetes-${B}`) } },
      },
    ]);
    expect(properties["backendAddressPools"]).toEqual([{ name: "kubernetes" }]);
    expect(properties["probes"]).toEqual([
      { name: `${B}-TCP-80`, properties: { protocol: "Tcp", port: 30080, intervalInSeconds: 5, probeThreshold: 2 } },
      { name: `${B}-TCP-443`, properties: { protocol: "Tcp", port: 30443, intervalInSeconds: 5, probeThreshold: 2 } },
    ]);
    expect(bodies.publicIPAddresses[`kubernetes-${B}`]).toMatchObject({
      tags: { "k8s-azure-service": "shop/web", "k8s-azure-cluster-name": "kubernetes" },
      properties: { publicIPAllocationMethod: "Static", publicIPAddressVersion: "IPv4" },
      zones: ["1", "2", "3"],
    });
  });
  it("5.8: the security rule", () => {
    expect(bodies.securityRules).toEqual([
      {
        name: "k8s-azure-lb_allow_IPv4_556f7044ec033071ec0dfcf7cd85bc93",
        properties: {
          protocol: "Tcp",
          access: "Allow",
          direction: "Inbound",
          priority: 500,
          sourceAddressPrefix: "Internet",
          sourcePortRange: "*",
          destinationAddressPrefix: "20.1.2.3",
          destinationPortRanges: ["443", "80"],
        },
      },
    ]);
  });
});
