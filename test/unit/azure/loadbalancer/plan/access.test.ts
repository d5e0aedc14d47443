import type { NetworkSecurityGroup, SecurityRule } from "@azure/arm-network";
import { describe, expect, it } from "vitest";
import { type AccessWish, accessEdit, denyEdit } from "../../../../../src/azure/loadbalancer/plan/access.ts";
import {
  type AccessClaim,
  accessClaim,
  destinationsOf,
  indexClaims,
} from "../../../../../src/azure/loadbalancer/plan/access-rules.ts";
import { resolveForDeletion, resolveSettings } from "../../../../../src/azure/loadbalancer/settings.ts";
import { config, echoedRule, securityGroup } from "../../../../fixtures/azure-network.ts";
import { settingsOf } from "../../../../fixtures/balancer-wish.ts";
import { type ServiceWords, service } from "../../../../fixtures/service.ts";

const INTERNAL = { "azure-load-balancer-internal": "true" };
const IPV4 = ["10.0.0.1", "10.0.0.2"];
const IPV6 = ["2001:db8:ac10:fe01::", "::1"];
const FIXTURE_PORTS = ["80/30080", "443/30443", "UDP 53/30053"];
const HTTP_RULE = "k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77";

interface Case {
  readonly addresses?: readonly string[];
  readonly released?: readonly string[];
  readonly others?: readonly AccessClaim[];
}

function wishOf(words: ServiceWords, { addresses = ["20.1.2.3"], released = [], others = [] }: Case = {}): AccessWish {
  const settings = settingsOf(service(words));
  return {
    config: config(),
    claim: accessClaim(settings, addresses),
    order: settings.order,
    released,
    others: indexClaims(others),
  };
}

function applied(current: NetworkSecurityGroup, words: ServiceWords, rest: Case = {}): NetworkSecurityGroup {
  return accessEdit(wishOf(words, rest)).apply(current) as NetworkSecurityGroup;
}

function gone(current: NetworkSecurityGroup, words: ServiceWords, rest: Case = {}): NetworkSecurityGroup {
  const wish = wishOf(words, rest);
  const claim = { key: wish.claim.key, destinations: [], rules: [] };
  return accessEdit({ ...wish, claim, released: rest.addresses ?? ["20.1.2.3"] }).apply(
    current,
  ) as NetworkSecurityGroup;
}

function shown({ securityRules = [] }: NetworkSecurityGroup): readonly string[] {
  return securityRules.map((rule) => {
    const sources = rule.sourceAddressPrefix ?? rule.sourceAddressPrefixes?.join(",");
    const family = rule.name?.includes("IPv6") === true ? "v6" : "v4";
    return `${rule.priority} ${rule.access} ${rule.protocol} ${family} ${sources}`;
  });
}

function claimOf(words: ServiceWords, addresses: readonly string[]): AccessClaim {
  return accessClaim(settingsOf(service(words)), addresses);
}

describe("rules of one Service", () => {
  const both: ServiceWords = { ports: FIXTURE_PORTS, ipFamilies: ["IPv4", "IPv6"] };
  const cases: readonly { name: string; words: ServiceWords; rules: readonly string[] }[] = [
    { name: "LB 67 internal: none", words: { ...both, annotations: INTERNAL }, rules: [] },
    {
      name: "LB 68 internal, allowed from everywhere: that prefix, IPv4 only",
      words: { ...both, annotations: { ...INTERNAL, "azure-allowed-ip-ranges": "0.0.0.0/0" } },
      rules: ["500 Allow Tcp v4 0.0.0.0/0", "501 Allow Udp v4 0.0.0.0/0"],
    },
    {
      name: "LB 69 internal, ranges and a service tag: contained ranges are absorbed",
      words: {
        ...both,
        annotations: {
          ...INTERNAL,
          "azure-allowed-ip-ranges": "0.0.0.0/0,8.8.8.8/32",
          "azure-allowed-service-tags": "AzureCloud",
        },
      },
      rules: [
        "500 Allow Tcp v4 AzureCloud",
        "501 Allow Tcp v4 0.0.0.0/0",
        "502 Allow Tcp v6 AzureCloud",
        "503 Allow Udp v4 AzureCloud",
        "504 Allow Udp v4 0.0.0.0/0",
        "505 Allow Udp v6 AzureCloud",
      ],
    },
    {
      name: "LB 70 external: from the Internet, per protocol and family",
      words: both,
      rules: [
        "500 Allow Tcp v4 Internet",
        "501 Allow Tcp v6 Internet",
        "502 Allow Udp v4 Internet",
        "503 Allow Udp v6 Internet",
      ],
    },
    {
      name: "external, service tag: nobody else",
      words: { annotations: { "azure-allowed-service-tags": " AzureCloud , " } },
      rules: ["500 Allow Tcp v4 AzureCloud", "501 Allow Tcp v6 AzureCloud"],
    },
    {
      name: "external, empty service tags: as if the annotation were absent",
      words: { annotations: { "azure-allowed-service-tags": "" } },
      rules: ["500 Allow Tcp v4 Internet", "501 Allow Tcp v6 Internet"],
    },
    {
      name: "external, source ranges: sorted in one rule",
      words: { loadBalancerSourceRanges: ["192.168.0.0/16", "10.0.0.0/8"] },
      rules: ["500 Allow Tcp v4 10.0.0.0/8,192.168.0.0/16"],
    },
    {
      name: "external, halves of a range: the range",
      words: { loadBalancerSourceRanges: ["192.168.0.1/32", "192.168.0.0/32"] },
      rules: ["500 Allow Tcp v4 192.168.0.0/31"],
    },
    {
      name: "external, ranges that cannot be read: closed",
      words: { loadBalancerSourceRanges: ["foo"] },
      rules: ["4095 Deny * v4 *", "4094 Deny * v6 *"],
    },
    {
      name: "external, one range with host bits: the other, and closed",
      words: { annotations: { "azure-allowed-ip-ranges": "10.10.10.1/24, 10.20.0.0/16" } },
      rules: ["500 Allow Tcp v4 10.20.0.0/16", "4095 Deny * v4 *", "4094 Deny * v6 *"],
    },
    {
      name: "LB 74 deny-all with source ranges: deny rules from the end",
      words: {
        loadBalancerSourceRanges: ["10.0.0.0/8", "2001:db8::/32"],
        annotations: { "azure-deny-all-except-load-balancer-source-ranges": "true" },
      },
      rules: ["500 Allow Tcp v4 10.0.0.0/8", "501 Allow Tcp v6 2001:db8::/32", "4095 Deny * v4 *", "4094 Deny * v6 *"],
    },
    {
      name: "deny-all without ranges: nothing to deny",
      words: { annotations: { "azure-deny-all-except-load-balancer-source-ranges": "true" } },
      rules: ["500 Allow Tcp v4 Internet", "501 Allow Tcp v6 Internet"],
    },
    {
      name: "SCTP: any protocol",
      words: { ports: ["SCTP 1/30102"], annotations: { ...INTERNAL, "azure-allowed-ip-ranges": "10.0.0.0/8" } },
      rules: ["500 Allow * v4 10.0.0.0/8"],
    },
  ];
  for (const { name, words, rules } of cases) {
    it(name, () => expect(shown(applied(securityGroup(), words, { addresses: [...IPV4, ...IPV6] }))).toEqual(rules));
  }

  it("LB 67 leave the group itself alone when there are none", () => {
    const group = securityGroup();
    expect(applied(group, { annotations: INTERNAL }, { addresses: IPV4 })).toBe(group);
  });
  it("LB 71 open additional addresses too", () => {
    const annotations = { "azure-additional-public-ips": "172.55.0.1,172.55.0.2,1001:db4::1,1001:db4::2" };
    const { securityRules = [] } = applied(securityGroup(), { annotations }, { addresses: [...IPV4, ...IPV6] });
    expect(securityRules.map(destinationsOf)).toEqual([
      ["10.0.0.1", "10.0.0.2", "172.55.0.1", "172.55.0.2"],
      ["1001:db4::1", "1001:db4::2", "2001:db8:ac10:fe01::", "::1"],
    ]);
  });
  it("LB 72 without floating IP are about node ports and the given nodes", () => {
    const words = {
      ports: ["80/30080", "443/30443"],
      annotations: { "azure-disable-load-balancer-floating-ip": "true" },
    };
    expect(applied(securityGroup(), words, { addresses: ["10.240.0.4", "10.240.0.5"] }).securityRules).toMatchObject([
      {
        name: "k8s-azure-lb_allow_IPv4_6be5f0a622e37cd4f3234685c452ef3e",
        destinationPortRanges: ["30080", "30443"],
        destinationAddressPrefixes: ["10.240.0.4", "10.240.0.5"],
      },
    ]);
  });
  it("without floating IP and without node ports are about port 0 once", () => {
    const words = { ports: ["80", "443"], annotations: { "azure-disable-load-balancer-floating-ip": "true" } };
    expect(applied(securityGroup(), words).securityRules).toMatchObject([{ destinationPortRanges: ["0"] }]);
  });
  it("LB 73 vanish when the Service wants none", () => {
    const group = applied(securityGroup(), {});
    expect(applied(group, { annotations: { "azure-disable-load-balancer-nsg-rule": "true" } }).securityRules).toEqual(
      [],
    );
  });
  it("are about every declared port, also one without a rule", () => {
    const group = applied(securityGroup(), { ports: ["80/1", "81/2"], annotations: { port_81_no_lb_rule: "true" } });
    expect(group.securityRules).toMatchObject([{ destinationPortRanges: ["80", "81"] }]);
  });
  it("pass over an address that is not known yet, and keep the others", () => {
    expect(applied(securityGroup(), {}, { addresses: ["", "20.1.2.3"] }).securityRules).toMatchObject([
      { destinationAddressPrefix: "20.1.2.3" },
    ]);
  });
});

describe("range annotations", () => {
  it("LB 75 are refused together with spec.loadBalancerSourceRanges, and do not block deletion", () => {
    const asked = service({
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      annotations: { "azure-allowed-ip-ranges": "10.1.0.0/16" },
    });
    const result = resolveSettings(asked, config());
    expect(result.ok ? [] : result.problems).toMatchObject([
      { field: "spec.loadBalancerSourceRanges", want: expect.stringContaining("cannot set both") },
    ]);
    expect(resolveForDeletion(asked, config()).key).toBe("shop/web");
  });
  it("are put together from both keys", () => {
    const annotations = { "azure-allowed-ip-ranges": "10.0.0.0/8", "load-balancer-source-ranges": "192.168.0.0/16" };
    expect(settingsOf(service({ annotations })).access.ranges.IPv4).toEqual(["10.0.0.0/8", "192.168.0.0/16"]);
  });
  const remarks: readonly { words: ServiceWords; reason: string }[] = [
    { words: { loadBalancerSourceRanges: ["foo", "bar"] }, reason: "InvalidSourceRanges" },
    { words: { annotations: { "azure-allowed-ip-ranges": "10.0.0.1/8" } }, reason: "InvalidAllowedIPRanges" },
    {
      words: { loadBalancerSourceRanges: ["10.0.0.0/8"], annotations: { "azure-allowed-service-tags": "AzureCloud" } },
      reason: "ConflictConfiguration",
    },
  ];
  for (const { words, reason } of remarks) {
    it(`warn with ${reason}`, () => {
      expect(settingsOf(service(words)).remarks.map((remark) => remark.reason)).toEqual([reason]);
    });
  }
  it("quote what cannot be read", () => {
    expect(settingsOf(service({ loadBalancerSourceRanges: ["foo", "bar"] })).remarks[0]?.text).toBe(
      'Found invalid spec.LoadBalancerSourceRanges ["foo" "bar"], ignoring and adding a default DenyAll rule in security group.',
    );
  });
});

describe("a rule that Services share", () => {
  it("has the addresses of both, sorted, in the list", () => {
    const one = applied(securityGroup(), {}, { addresses: ["20.1.2.4"] });
    const two = applied(one, { name: "other" }, { addresses: ["20.1.2.3"] });
    expect(two.securityRules).toEqual([
      {
        name: HTTP_RULE,
        protocol: "Tcp",
        access: "Allow",
        direction: "Inbound",
        priority: 500,
        sourceAddressPrefix: "Internet",
        sourcePortRange: "*",
        destinationAddressPrefixes: ["20.1.2.3", "20.1.2.4"],
        destinationPortRanges: ["80"],
      },
    ]);
    expect(gone(two, { name: "other" }).securityRules).toEqual(one.securityRules);
  });
  it("is not written again as ARM echoes it", () => {
    const group = applied(securityGroup(), {});
    const echo = { ...group, securityRules: group.securityRules?.map(echoedRule) as SecurityRule[] };
    expect(applied(echo, {})).toBe(echo);
  });
  it("is put right when somebody changed what it matches", () => {
    const group = applied(securityGroup(), {});
    const [rule] = group.securityRules ?? [];
    const opened = securityGroup([{ ...rule, sourceAddressPrefix: "*" }]);
    expect(applied(opened, {}).securityRules).toEqual([rule]);
  });
  it("is found whatever the letter case of its name", () => {
    const [rule] = applied(securityGroup(), {}).securityRules ?? [];
    const echo = securityGroup([{ ...rule, name: HTTP_RULE.toUpperCase() }]);
    expect(applied(echo, {})).toBe(echo);
  });
});

describe("priorities", () => {
  const foreign = (priority: number): SecurityRule => ({ name: `foreign-${priority}`, priority });
  it("skip those that any rule has", () => {
    const group = applied(securityGroup([foreign(500), foreign(501), foreign(4095)]), {
      loadBalancerSourceRanges: ["10.0.0.0/8", "foo"],
    });
    expect(shown(group).slice(3)).toEqual(["502 Allow Tcp v4 10.0.0.0/8", "4094 Deny * v4 *"]);
  });
  it("run out with an error", () => {
    const full = Array.from({ length: 3596 }, (_, index) => foreign(500 + index));
    expect(() => applied(securityGroup(full), {})).toThrow("security rule priority exhausted");
  });
});

describe("LB 75 the limits of a group", () => {
  const many = (count: number): readonly SecurityRule[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `foreign-${index}`,
      priority: 1000 + index,
      destinationAddressPrefix: "*",
    }));
  it("of rules", () => {
    expect(() => applied(securityGroup(many(1000)), {})).toThrow("exceeds the maximum number of rules (1001 > 1000)");
  });
  it("of addresses", () => {
    const destinationAddressPrefixes = Array.from({ length: 4000 }, (_, index) => `10.${index >> 8}.${index & 255}.1`);
    const full = securityGroup([{ name: "foreign", priority: 100, destinationAddressPrefixes }]);
    expect(() => applied(full, {})).toThrow("exceeds the maximum number of destination IP addresses (4001 > 4000)");
  });
  it("never keep a Service from going", () => {
    const [rule] = applied(securityGroup(), {}, { addresses: ["20.1.2.3", "20.1.2.4"] }).securityRules ?? [];
    const over = securityGroup([...many(1001), rule as SecurityRule]);
    expect(gone(over, {}).securityRules).toHaveLength(1002);
  });
});

describe("LB 76 a Service that goes", () => {
  const managed = (words: SecurityRule): SecurityRule => ({
    access: "Allow",
    protocol: "Tcp",
    direction: "Inbound",
    ...words,
  });
  const rules: readonly SecurityRule[] = [
    managed({
      name: "k8s-azure-lb_allow_IPv4_1",
      priority: 500,
      destinationPortRanges: ["80"],
      destinationAddressPrefixes: ["10.0.0.1", "foo", "5.5.5.5/32"],
    }),
    managed({
      name: "k8s-azure-lb_allow_IPv4_2",
      priority: 501,
      destinationPortRanges: ["5000"],
      destinationAddressPrefix: "10.0.0.2",
    }),
    managed({
      name: "k8s-azure-lb_deny-all_IPv4",
      priority: 4095,
      access: "Deny",
      protocol: "*",
      destinationPortRange: "*",
      destinationAddressPrefixes: ["10.0.0.1", "10.0.0.9"],
    }),
    managed({ name: "foo", priority: 3000, destinationAddressPrefix: "10.0.0.1", destinationPortRange: "80" }),
    managed({
      name: "k8s-azure-lb_by-hand",
      priority: 502,
      destinationAddressPrefix: "10.0.0.1",
      destinationPortRange: "*",
    }),
    managed({
      name: "k8s-azure-lb_early",
      priority: 400,
      destinationAddressPrefix: "10.0.0.1",
      destinationPortRange: "80",
    }),
  ];
  it("leaves every managed rule, keeps foreign addresses in them (the original drops those), and touches no other rule", () => {
    const next = gone(securityGroup(rules), {}, { addresses: IPV4 });
    expect(next.securityRules?.map((rule) => [rule.name, destinationsOf(rule)])).toEqual([
      ["k8s-azure-lb_allow_IPv4_1", ["5.5.5.5/32", "foo"]],
      ["k8s-azure-lb_deny-all_IPv4", ["10.0.0.9"]],
      ["foo", ["10.0.0.1"]],
      ["k8s-azure-lb_by-hand", ["10.0.0.1"]],
      ["k8s-azure-lb_early", ["10.0.0.1"]],
    ]);
    expect(next.securityRules?.slice(2)).toEqual(rules.slice(3));
  });
  it("changes nothing when it has nothing, and needs no group", () => {
    const group = securityGroup(rules);
    expect(gone(group, {}, { addresses: ["10.0.0.77"] })).toBe(group);
    const { claim, ...rest } = wishOf({});
    expect(accessEdit({ ...rest, claim: { ...claim, rules: [] } }).apply(undefined)).toBeUndefined();
    expect(() => accessEdit(wishOf({})).apply(undefined)).toThrow('nsg "nodes-nsg" not found');
  });
  it("keeps a rule that still has an application security group", () => {
    const [rule] = applied(securityGroup(), {}).securityRules ?? [];
    const grouped = securityGroup([{ ...rule, destinationApplicationSecurityGroups: [{ id: "asg" }] }]);
    expect(gone(grouped, {}).securityRules).toMatchObject([{ destinationApplicationSecurityGroups: [{ id: "asg" }] }]);
  });
});

describe("an address that several Services have", () => {
  const WEB: ServiceWords = { name: "web", ports: ["80/1"] };
  const DNS: ServiceWords = { name: "dns", ports: ["18000/2", "19000/3"] };
  const address = ["20.1.2.3"];
  const others = [claimOf(WEB, address), claimOf(DNS, address)];
  const allOfBoth: SecurityRule = {
    name: "k8s-azure-lb_allow_IPv4_old",
    priority: 500,
    protocol: "Tcp",
    access: "Allow",
    direction: "Inbound",
    sourceAddressPrefix: "Internet",
    destinationAddressPrefixes: ["20.1.2.3", "20.9.9.9"],
    destinationPortRanges: ["18000", "19000", "80"],
  };

  it("LB 77 leaves a rule with the ports of both, and each one's ports get a rule", () => {
    const next = applied(securityGroup([allOfBoth]), WEB, { others });
    expect(next.securityRules?.map((rule) => [rule.destinationPortRanges, destinationsOf(rule)])).toEqual([
      [["18000", "19000", "80"], ["20.9.9.9"]],
      [["80"], ["20.1.2.3"]],
      [["18000", "19000"], ["20.1.2.3"]],
    ]);
  });
  it("LB 77 stays in the other's own rule", () => {
    const group = applied(securityGroup(), DNS);
    const next = applied(group, WEB, { others });
    expect(next.securityRules?.[0]).toBe(group.securityRules?.[0]);
    expect(gone(next, WEB, { others }).securityRules).toEqual(group.securityRules);
  });
  it("stays closed when another Service closed it", () => {
    const closed = { ...DNS, loadBalancerSourceRanges: ["foo"] };
    const group = applied(securityGroup(), closed);
    expect(shown(applied(group, WEB, { others: [claimOf(closed, address)] }))).toContain("4095 Deny * v4 *");
  });
});

describe("changes", () => {
  it("of ports leave the old rule", () => {
    const group = applied(securityGroup(), { ports: ["80/1"] });
    expect(applied(group, { ports: ["81/1"] }).securityRules).toMatchObject([{ destinationPortRanges: ["81"] }]);
  });
  it("of the address take the old one out", () => {
    const group = applied(securityGroup(), {}, { addresses: ["20.1.2.3"] });
    const next = applied(group, {}, { addresses: ["20.1.2.9"], released: ["20.1.2.3"] });
    expect(next.securityRules).toMatchObject([{ name: HTTP_RULE, destinationAddressPrefix: "20.1.2.9" }]);
  });
  it("bring the cluster's tags", () => {
    const tagged = accessEdit({ ...wishOf({}), config: config({ tags: { team: "net" } }) }).apply(securityGroup());
    expect(tagged?.tags).toEqual({ team: "net" });
  });
});

describe("the deny edit", () => {
  const closed: ServiceWords = { loadBalancerSourceRanges: ["10.0.0.0/8", "foo"] };
  it("adds nothing but deny rules", () => {
    const next = denyEdit(wishOf(closed))?.apply(securityGroup()) as NetworkSecurityGroup;
    expect(shown(next)).toEqual(["4095 Deny * v4 *"]);
    expect(shown(accessEdit(wishOf(closed)).apply(next) as NetworkSecurityGroup)).toEqual([
      "4095 Deny * v4 *",
      "500 Allow Tcp v4 10.0.0.0/8",
    ]);
  });
  it("is not there when nothing is denied", () => expect(denyEdit(wishOf({}))).toBeUndefined());
});
