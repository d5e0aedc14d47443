import { describe, expect, it } from "vitest";
import type { ArmTypeName } from "../../../../src/azure/arm/index.ts";
import { differences } from "../../../../src/azure/plan/difference.ts";
import { gravest } from "../../../../src/azure/plan/plan.ts";
import { judge, judgeResource } from "../../../../src/azure/plan/risk.ts";

const frontend = { id: "/lb/frontendIPConfigurations/web" };
const rule = (name: string, more: object = {}): object => ({
  name,
  properties: {
    frontendIPConfiguration: frontend,
    frontendPort: 80,
    protocol: "Tcp",
    idleTimeoutInMinutes: 4,
    ...more,
  },
});
const balancer = (...loadBalancingRules: object[]): object => ({ properties: { loadBalancingRules } });
const frontends = (...frontendIPConfigurations: object[]): object => ({ properties: { frontendIPConfigurations } });
const pools = (...names: string[]): object => ({
  properties: {
    backendAddressPools: [{ name: "k", properties: { loadBalancerBackendAddresses: names.map((name) => ({ name })) } }],
  },
});
const access = (more: object, ...securityRules: object[]): object => ({
  properties: { securityRules: [{ name: "r", properties: { access: "Allow", ...more } }, ...securityRules] },
});
const allow = (name: string, destinations: readonly string[], more: object = {}): object => ({
  name,
  properties: {
    access: "Allow",
    protocol: "Tcp",
    sourceAddressPrefix: "Internet",
    destinationPortRanges: ["80"],
    destinationAddressPrefixes: destinations,
    ...more,
  },
});
const denying = (...destinations: readonly string[]): object =>
  allow("deny", destinations, {
    access: "Deny",
    protocol: "*",
    sourceAddressPrefix: "*",
    destinationPortRanges: ["*"],
  });
const rules = (...securityRules: object[]): object => ({ properties: { securityRules } });
const deny = { name: "d", properties: { access: "Deny" } };

interface Case {
  readonly name: string;
  readonly type: ArmTypeName;
  readonly before: object | undefined;
  readonly after: object;
  readonly want: string;
}

describe("the risk of a change", () => {
  const cases: readonly Case[] = [
    { name: "a rule that comes", type: "loadBalancers", before: balancer(), after: balancer(rule("a")), want: "adds" },
    {
      name: "a rule that goes",
      type: "loadBalancers",
      before: balancer(rule("a")),
      after: balancer(),
      want: "interrupts",
    },
    {
      name: "a rule that gets another name",
      type: "loadBalancers",
      before: balancer(rule("a")),
      after: balancer(rule("b")),
      want: "changes",
    },
    {
      name: "a rule whose packets take another way",
      type: "loadBalancers",
      before: balancer(rule("a")),
      after: balancer(rule("a", { frontendPort: 81 })),
      want: "interrupts",
    },
    {
      name: "a rule with another timeout",
      type: "loadBalancers",
      before: balancer(rule("a")),
      after: balancer(rule("a", { idleTimeoutInMinutes: 9 })),
      want: "changes",
    },
    {
      name: "a frontend with another address",
      type: "loadBalancers",
      before: frontends({ name: "web", properties: { publicIPAddress: { id: "/a" } } }),
      after: frontends({ name: "web", properties: { publicIPAddress: { id: "/b" } } }),
      want: "interrupts",
    },
    {
      name: "a frontend that goes",
      type: "loadBalancers",
      before: frontends({ name: "web" }),
      after: frontends(),
      want: "interrupts",
    },
    { name: "a node that joins", type: "loadBalancers", before: pools("a"), after: pools("a", "b"), want: "adds" },
    { name: "a node that leaves", type: "loadBalancers", before: pools("a", "b"), after: pools("a"), want: "changes" },
    {
      name: "an allowing rule that loses an address",
      type: "networkSecurityGroups",
      before: access({ destinationAddressPrefixes: ["1.1.1.1", "2.2.2.2"] }),
      after: access({ destinationAddressPrefix: "1.1.1.1" }),
      want: "interrupts",
    },
    {
      name: "an allowing rule that gets another address besides",
      type: "networkSecurityGroups",
      before: access({ destinationAddressPrefix: "1.1.1.1" }),
      after: access({ destinationAddressPrefixes: ["1.1.1.1", "2.2.2.2"] }),
      want: "adds",
    },
    {
      name: "a denying rule that comes",
      type: "networkSecurityGroups",
      before: access({}),
      after: access({}, deny),
      want: "changes",
    },
    {
      name: "a denying rule that goes",
      type: "networkSecurityGroups",
      before: access({}, deny),
      after: access({}),
      want: "changes",
    },
    {
      name: "an allowing rule that goes",
      type: "networkSecurityGroups",
      before: rules(allow("a", ["1.1.1.1"])),
      after: { properties: {} },
      want: "interrupts",
    },
    {
      name: "a rule in whose place one with another port besides comes",
      type: "networkSecurityGroups",
      before: rules(allow("a", ["1.1.1.1"])),
      after: rules(allow("b", ["1.1.1.1"], { destinationPortRanges: ["443", "80"] })),
      want: "changes",
    },
    {
      name: "a rule in whose place one with fewer ports comes",
      type: "networkSecurityGroups",
      before: rules(allow("a", ["1.1.1.1"], { destinationPortRanges: ["443", "80"] })),
      after: rules(allow("b", ["1.1.1.1"])),
      want: "interrupts",
    },
    {
      name: "an address that moves to a rule with another port besides",
      type: "networkSecurityGroups",
      before: rules(allow("a", ["1.1.1.1", "2.2.2.2"])),
      after: rules(allow("a", ["2.2.2.2"]), allow("b", ["1.1.1.1"], { destinationPortRanges: ["443", "80"] })),
      want: "changes",
    },
    {
      name: "a rule that is put right, which somebody has widened",
      type: "networkSecurityGroups",
      before: rules(allow("a", ["1.1.1.1"], { sourceAddressPrefix: "*" })),
      after: rules(allow("a", ["1.1.1.1"])),
      want: "interrupts",
    },
    {
      name: "a rule that is put right, which somebody has turned into a denying one",
      type: "networkSecurityGroups",
      before: rules(allow("a", ["1.1.1.1"], { access: "Deny" })),
      after: rules(allow("a", ["1.1.1.1"])),
      want: "changes",
    },
    {
      name: "a denying rule for an address that was to be reached",
      type: "networkSecurityGroups",
      before: rules(allow("a", ["1.1.1.1"])),
      after: rules(allow("a", ["1.1.1.1"]), denying("1.1.1.1")),
      want: "interrupts",
    },
    {
      name: "a denying rule that gets such an address",
      type: "networkSecurityGroups",
      before: rules(allow("a", ["1.1.1.1"]), denying("2.2.2.2")),
      after: rules(allow("a", ["1.1.1.1"]), denying("1.1.1.1", "2.2.2.2")),
      want: "interrupts",
    },
    {
      name: "a denying rule that loses an address",
      type: "networkSecurityGroups",
      before: rules(denying("1.1.1.1", "2.2.2.2")),
      after: rules(denying("2.2.2.2")),
      want: "changes",
    },
    {
      name: "a rule that takes the nodes' way out",
      type: "loadBalancers",
      before: balancer(rule("a", { disableOutboundSnat: false })),
      after: balancer(rule("a", { disableOutboundSnat: true })),
      want: "interrupts",
    },
    {
      name: "a rule in whose place one for all ports comes",
      type: "loadBalancers",
      before: balancer(rule("a")),
      after: balancer(rule("b", { frontendPort: 0, protocol: "All" })),
      want: "changes",
    },
    {
      name: "an address that gets another SKU",
      type: "publicIPAddresses",
      before: { sku: { name: "Basic" } },
      after: { sku: { name: "Standard" } },
      want: "interrupts",
    },
    {
      name: "a DNS label that comes",
      type: "publicIPAddresses",
      before: {},
      after: { dnsSettings: { domainNameLabel: "a" } },
      want: "adds",
    },
    {
      name: "another DNS label",
      type: "publicIPAddresses",
      before: { dnsSettings: { domainNameLabel: "a" } },
      after: { dnsSettings: { domainNameLabel: "b" } },
      want: "interrupts",
    },
    {
      name: "anything of what is new",
      type: "loadBalancers",
      before: undefined,
      after: balancer(rule("a")),
      want: "adds",
    },
    { name: "what no row knows", type: "networkInterfaces", before: { x: 1 }, after: { x: 2 }, want: "changes" },
  ];
  for (const { name, type, before, after, want } of cases) {
    it(name, () => {
      const risks = differences(before, after).map((each) => judge(each, { type, before, after }).risk);
      expect(gravest(risks)).toBe(want);
    });
  }

  it("of what goes as a whole", () => {
    expect(judgeResource("publicIPAddresses", "remove")?.risk).toBe("releases");
    expect(judgeResource("loadBalancers", "remove")?.risk).toBe("interrupts");
    expect(judgeResource("loadBalancers", "create")?.risk).toBe("adds");
    expect(judgeResource("loadBalancers", "update")).toBeUndefined();
  });
});
