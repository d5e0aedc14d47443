import { describe, expect, it } from "vitest";
import {
  allowRuleName,
  balancerName,
  baseName,
  baseOf,
  denyRuleName,
  frontendName,
  isGeneratedPublicIpName,
  poolName,
  publicIpName,
  ruleName,
  startsWithBase,
} from "../../../../src/azure/loadbalancer/names.ts";
import { EXAMPLE_BASE, EXAMPLE_UID } from "../../../fixtures/service.ts";

const SUBNET_54 = "aks-shared-services-internal-ingress-subnet-westeu-001";

function named(subnetInNames?: string, dualStack = false) {
  return { base: EXAMPLE_BASE, subnetInNames, dualStack };
}

describe("base name", () => {
  it("is a and the uid's digits, the last one lost", () => {
    expect(baseName(EXAMPLE_UID)).toBe(EXAMPLE_BASE);
  });

  const cases: readonly { name: string; text: string; base: string | undefined }[] = [
    { name: "is found in a frontend's name", text: EXAMPLE_BASE, base: EXAMPLE_BASE },
    { name: "is found in a rule's name", text: `${EXAMPLE_BASE}-TCP-80`, base: EXAMPLE_BASE },
    { name: "is found whatever the letter case", text: EXAMPLE_BASE.toUpperCase(), base: EXAMPLE_BASE },
    { name: "is not found in a tool's name", text: "kubernetes-outbound", base: undefined },
    { name: "is not found in a longer word", text: `${EXAMPLE_BASE}0`, base: undefined },
  ];
  for (const { name, text, base } of cases) it(name, () => expect(baseOf(text)).toBe(base));

  it("starts a name in any letter case", () => {
    expect(startsWithBase(`${EXAMPLE_BASE}-TCP-80`, EXAMPLE_BASE)).toBe(true);
    expect(startsWithBase(`${EXAMPLE_BASE.toUpperCase()}-TCP-80`, EXAMPLE_BASE)).toBe(true);
    expect(startsWithBase("a", EXAMPLE_BASE)).toBe(false);
    expect(startsWithBase(undefined, EXAMPLE_BASE)).toBe(false);
    expect(startsWithBase(`a5${EXAMPLE_BASE.slice(2)}`, EXAMPLE_BASE)).toBe(false);
  });
});

describe("balancer name", () => {
  it("is the cluster's, with -internal for private addresses", () => {
    expect(balancerName({ clusterName: "kubernetes" }, false)).toBe("kubernetes");
    expect(balancerName({ clusterName: "kubernetes" }, true)).toBe("kubernetes-internal");
  });
  it("is the configured one when there is one", () => {
    expect(balancerName({ clusterName: "kubernetes", loadBalancerName: "edge" }, true)).toBe("edge-internal");
  });
});

describe("frontend name", () => {
  const uid17 = "257b9655-5137-4ad2-b091-ef3f07043ad3";
  const base17 = baseName(uid17);
  const cases: readonly { name: string; of: Parameters<typeof frontendName>; is: string }[] = [
    { name: "is the base for a public address", of: [named(), "IPv4"], is: EXAMPLE_BASE },
    { name: "is the base for IPv6 alone", of: [named(), "IPv6"], is: EXAMPLE_BASE },
    {
      name: "ends in -IPv6 for the IPv6 half of two",
      of: [named(undefined, true), "IPv6"],
      is: `${EXAMPLE_BASE}-IPv6`,
    },
    { name: "holds the subnet", of: [named("apps"), "IPv4"], is: `${EXAMPLE_BASE}-apps` },
    { name: "holds subnet and family", of: [named("apps", true), "IPv6"], is: `${EXAMPLE_BASE}-apps-IPv6` },
    {
      name: "is cut at 75 characters",
      of: [named(SUBNET_54), "IPv4"],
      is: "a4c3a9b1e7d524f0a9c6e2b8d1f3a5e7-aks-shared-services-internal-ingress-subne",
    },
    {
      name: "ends in a word character when cut",
      of: [{ base: base17, subnetInNames: `a${"-".repeat(50)}z`, dualStack: false }, "IPv4"],
      is: "a257b965551374ad2b091ef3f07043ad-a----------------------------------------_",
    },
    {
      name: "loses a digit at the cut too",
      of: [{ base: base17, subnetInNames: "0".repeat(60), dualStack: false }, "IPv4"],
      is: `a257b965551374ad2b091ef3f07043ad-${"0".repeat(41)}_`,
    },
    {
      name: "LB 17 holds a short subnet, and -IPv6 for the second family",
      of: [{ base: base17, subnetInNames: "shortsubnet", dualStack: true }, "IPv6"],
      is: "a257b965551374ad2b091ef3f07043ad-shortsubnet-IPv6",
    },
  ];
  for (const { name, of, is } of cases) it(name, () => expect(frontendName(...of)).toBe(is));
});

describe("rule and probe name", () => {
  const cases: readonly { name: string; of: Parameters<typeof ruleName>; is: string }[] = [
    { name: "holds protocol and port", of: [named(), "TCP", 80, "IPv4"], is: `${EXAMPLE_BASE}-TCP-80` },
    { name: "ends in -IPv6", of: [named(undefined, true), "TCP", 80, "IPv6"], is: `${EXAMPLE_BASE}-TCP-80-IPv6` },
    { name: "holds UDP", of: [named(), "UDP", 53, "IPv4"], is: `${EXAMPLE_BASE}-UDP-53` },
    { name: "holds the subnet", of: [named("apps"), "TCP", 32456, "IPv4"], is: `${EXAMPLE_BASE}-apps-TCP-32456` },
    {
      name: "cuts the subnet, not the port",
      of: [named(SUBNET_54), "TCP", 80, "IPv4"],
      is: "a4c3a9b1e7d524f0a9c6e2b8d1f3a5e7-aks-shared-services-internal-ingres-TCP-80",
    },
    {
      name: "is 80 long at most",
      of: [named(SUBNET_54, true), "TCP", 80, "IPv6"],
      is: "a4c3a9b1e7d524f0a9c6e2b8d1f3a5e7-aks-shared-services-internal-ingres-TCP-80-IPv6",
    },
  ];
  for (const { name, of, is } of cases) it(name, () => expect(ruleName(...of)).toBe(is));
});

describe("public IP name", () => {
  const one = { base: EXAMPLE_BASE, dualStack: false };
  const cases: readonly { name: string; of: Parameters<typeof publicIpName>; is: string }[] = [
    { name: "is cluster and base", of: ["kubernetes", one, "IPv4"], is: `kubernetes-${EXAMPLE_BASE}` },
    {
      name: "ends in -IPv6 for the IPv6 half",
      of: ["kubernetes", { ...one, dualStack: true }, "IPv6"],
      is: `kubernetes-${EXAMPLE_BASE}-IPv6`,
    },
    {
      name: "holds the prefix",
      of: ["kubernetes", one, "IPv4", "/subscriptions/s/resourceGroups/g/providers/p/publicIPPrefixes/edge-prefix"],
      is: `kubernetes-${EXAMPLE_BASE}-edge-prefix`,
    },
    {
      name: "is cut at 75 characters",
      of: ["production-westeurope-shared-platform-cluster-01", one, "IPv4"],
      is: "production-westeurope-shared-platform-cluster-01-a4c3a9b1e7d524f0a9c6e2b8d1",
    },
  ];
  for (const { name, of, is } of cases) {
    it(name, () => {
      expect(publicIpName(...of)).toBe(is);
      expect(isGeneratedPublicIpName(is, of[0])).toBe(true);
    });
  }
  it("tells ours from a user's", () => {
    expect(isGeneratedPublicIpName("byo", "kubernetes")).toBe(false);
    expect(isGeneratedPublicIpName(`other-${EXAMPLE_BASE}`, "kubernetes")).toBe(false);
    expect(isGeneratedPublicIpName(`KUBERNETES-${EXAMPLE_BASE}`, "kubernetes")).toBe(true);
  });
});

describe("pool name", () => {
  it("is the cluster's, with -IPv6 for IPv6", () => {
    expect(poolName("kubernetes", "IPv4")).toBe("kubernetes");
    expect(poolName("kubernetes", "IPv6")).toBe("kubernetes-IPv6");
  });
});

describe("security rule name", () => {
  const cases: readonly { of: Parameters<typeof allowRuleName>; is: string }[] = [
    { of: ["IPv4", "Tcp", ["Internet"], [80]], is: "k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77" },
    { of: ["IPv4", "Tcp", ["Internet"], [80, 443]], is: "k8s-azure-lb_allow_IPv4_556f7044ec033071ec0dfcf7cd85bc93" },
    { of: ["IPv6", "Tcp", ["Internet"], [80, 443]], is: "k8s-azure-lb_allow_IPv6_556f7044ec033071ec0dfcf7cd85bc93" },
    { of: ["IPv4", "Udp", ["Internet"], [53]], is: "k8s-azure-lb_allow_IPv4_eacf5e21d4ad7b5345009ad51af9d388" },
    {
      of: ["IPv4", "Tcp", ["192.168.0.0/16", "10.0.0.0/8"], [80, 443]],
      is: "k8s-azure-lb_allow_IPv4_aa523dfbe7b74c42cda57463a11c030c",
    },
    { of: ["IPv4", "Tcp", ["AzureCloud"], [80, 443]], is: "k8s-azure-lb_allow_IPv4_c37f1775b4a4a3dee74d5e2526fdc6ca" },
    {
      of: ["IPv6", "Tcp", ["2001:db8::/32"], [80, 443]],
      is: "k8s-azure-lb_allow_IPv6_5578dd2aae6bb811c116b5a972c18694",
    },
    {
      of: ["IPv4", "Tcp", ["Internet"], [30080, 30443]],
      is: "k8s-azure-lb_allow_IPv4_6be5f0a622e37cd4f3234685c452ef3e",
    },
    { of: ["IPv4", "*", ["10.0.0.0/8"], [30102]], is: "k8s-azure-lb_allow_IPv4_588454d16679791f4472ffd3197dee4e" },
    { of: ["IPv4", "Tcp", ["foo", "bar"], [443]], is: "k8s-azure-lb_allow_IPv4_b5ae07e8a4177ea2d37162cdf2badf8b" },
  ];
  for (const { of, is } of cases) {
    it(`of ${of[1]} from ${of[2].join(" and ")} to ${of[3].join(" and ")} (${of[0]})`, () => {
      expect(allowRuleName(...of)).toBe(is);
    });
  }
  it("of the rule that denies the rest", () => expect(denyRuleName("IPv6")).toBe("k8s-azure-lb_deny-all_IPv6"));
});
