import type { BackendAddressPool, LoadBalancer } from "@azure/arm-network";
import { describe, expect, it } from "vitest";
import { isEligible } from "../../../../../src/azure/loadbalancer/plan/eligible.ts";
import { membersEdit } from "../../../../../src/azure/loadbalancer/plan/members.ts";
import type { Node } from "../../../../../src/cloudprovider/objects.ts";
import { config, loadBalancer, SUBSCRIPTION } from "../../../../fixtures/azure-network.ts";
import { type NodeWords, node } from "../../../../fixtures/node.ts";

const IP_BASED = config({ poolType: "nodeIP" });
const NETWORK = {
  id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/mc-rg/providers/Microsoft.Network/virtualNetworks/aks-vnet`,
};
const CONTROL_PLANE = { "node-role.kubernetes.io/control-plane": "" };

function applied(pools: readonly BackendAddressPool[], nodes: readonly Node[], cluster = IP_BASED, synced = true) {
  const current = loadBalancer({ backendAddressPools: [...pools] });
  const next = membersEdit({ config: cluster, internal: false, nodes: () => ({ synced, items: nodes }) }).apply(
    current,
  );
  return { current, next: next as LoadBalancer };
}

function pool(...addresses: readonly string[]): BackendAddressPool {
  return {
    name: "kubernetes",
    virtualNetwork: NETWORK,
    loadBalancerBackendAddresses: addresses.map((ipAddress) => ({ name: `m-${ipAddress}`, ipAddress })),
  };
}

function addressesOf({ backendAddressPools = [] }: LoadBalancer, at = 0): readonly (string | undefined)[] {
  return (backendAddressPools[at]?.loadBalancerBackendAddresses ?? []).map(({ ipAddress }) => ipAddress);
}

describe("members of an IP-based pool", () => {
  const nodes = [
    node("n1", { addresses: ["10.0.0.1", "fd00::1"] }),
    node("n2", { addresses: ["10.0.0.2"] }),
    node("n4", { addresses: ["10.0.0.4"] }),
    node("cp", { addresses: ["10.0.0.5"], labels: CONTROL_PLANE }),
  ];
  it("LB 78 are the eligible nodes; those that stay are not touched", () => {
    const before = pool("10.0.0.1", "10.0.0.3");
    const { next } = applied([before], nodes);
    expect(addressesOf(next)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.4"]);
    expect(next.backendAddressPools?.[0]?.loadBalancerBackendAddresses?.[1]).toEqual({
      name: "n2",
      ipAddress: "10.0.0.2",
    });
  });
  it("fill a new pool, which gets the network", () => {
    const { next } = applied([{ name: "kubernetes" }, { name: "kubernetes-IPv6" }], nodes);
    expect(next.backendAddressPools).toMatchObject([{ virtualNetwork: NETWORK }, { virtualNetwork: NETWORK }]);
    expect(addressesOf(next)).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.4"]);
    expect(addressesOf(next, 1)).toEqual(["fd00::1"]);
  });
  it("do not change when nothing changes, in whatever order the nodes come", () => {
    const { current, next } = applied([pool("10.0.0.4", "10.0.0.2", "10.0.0.1")], nodes);
    expect(next).toBe(current);
  });
  it("do not change when their network is on each of them", () => {
    const members = [{ name: "n2", ipAddress: "10.0.0.2", virtualNetwork: NETWORK }];
    const { current, next } = applied(
      [{ name: "kubernetes", loadBalancerBackendAddresses: members }],
      [nodes[1] as Node],
    );
    expect(next).toBe(current);
  });
  it("do not change when ARM spells an IPv6 address in full", () => {
    const six = { ...pool("fd00:0:0:0:0:0:0:1"), name: "kubernetes-IPv6" };
    const { current, next } = applied([six], [nodes[0] as Node]);
    expect(next).toBe(current);
  });
  it("get one network when they change", () => {
    const members = [{ name: "n2", ipAddress: "10.0.0.2", virtualNetwork: NETWORK }];
    const { next } = applied([{ name: "kubernetes", loadBalancerBackendAddresses: members }], nodes);
    expect(
      next.backendAddressPools?.[0]?.loadBalancerBackendAddresses?.some(({ virtualNetwork }) => virtualNetwork),
    ).toBe(false);
  });

  const untouched: readonly {
    name: string;
    pools: BackendAddressPool[];
    nodes?: readonly Node[];
    cluster?: typeof IP_BASED;
    synced?: boolean;
  }[] = [
    { name: "LB 81 no node is eligible", pools: [pool("10.0.0.1")], nodes: [nodes[3] as Node] },
    {
      name: "no node has the family",
      pools: [{ ...pool("fd00::9"), name: "kubernetes-IPv6" }],
      nodes: [nodes[1] as Node],
    },
    { name: "the nodes are not known yet", pools: [pool("10.0.0.9")], synced: false },
    { name: "the pool is a tool's", pools: [{ ...pool("10.0.0.9"), name: "outbound" }] },
    {
      name: "a provisioning tool fills the pool",
      pools: [pool("10.0.0.9")],
      cluster: config({ poolType: "nodeIP", preconfiguredPools: "external" }),
    },
    {
      name: "LB 79 the pool holds interfaces",
      pools: [{ name: "kubernetes", loadBalancerBackendAddresses: [{ name: "nic" }] }],
    },
    { name: "the cluster is NIC-based", pools: [{ name: "kubernetes" }], cluster: config() },
  ];
  for (const { name, pools, cluster, synced, nodes: these = nodes } of untouched) {
    it(`do not change when ${name}`, () => {
      const { current, next } = applied(pools, these, cluster, synced);
      expect(next).toBe(current);
    });
  }
  it("are one per address when two nodes claim it: the first by name", () => {
    const twins = [
      node("z", { addresses: ["10.0.0.7"] }),
      node("a", { addresses: ["10.0.0.7"] }),
      node("m", { addresses: ["10.0.0.7"] }),
    ];
    const { next } = applied([{ name: "kubernetes" }], twins);
    expect(next.backendAddressPools?.[0]?.loadBalancerBackendAddresses).toEqual([{ name: "a", ipAddress: "10.0.0.7" }]);
  });
  it("do not make a balancer", () => {
    expect(
      membersEdit({ config: IP_BASED, internal: false, nodes: () => ({ synced: true, items: nodes }) }).apply(
        undefined,
      ),
    ).toBeUndefined();
  });
});

describe("a node is eligible (reference 6.4)", () => {
  const excluded = (value: string): NodeWords => ({
    labels: { "node.kubernetes.io/exclude-from-external-load-balancers": value },
  });
  const cases: readonly { name: string; words: NodeWords; nic: boolean; ip: boolean }[] = [
    { name: "plain", words: {}, nic: true, ip: true },
    { name: "not ready", words: { ready: false }, nic: true, ip: true },
    { name: "LB 80 excluded: true", words: excluded("true"), nic: false, ip: false },
    { name: "excluded: empty", words: excluded(""), nic: false, ip: false },
    { name: "excluded: yes, which is no boolean", words: excluded("yes"), nic: false, ip: false },
    { name: "excluded: false", words: excluded("false"), nic: true, ip: true },
    { name: "unmanaged", words: { labels: { "kubernetes.azure.com/managed": "False" } }, nic: false, ip: false },
    { name: "control plane", words: { labels: CONTROL_PLANE }, nic: false, ip: false },
    { name: "control plane, old label", words: { labels: { "kubernetes.io/role": "master" } }, nic: false, ip: false },
    {
      name: "in another resource group",
      words: { labels: { "kubernetes.azure.com/resource-group": "other" } },
      nic: false,
      ip: true,
    },
    {
      name: "in ours, in other letters",
      words: { labels: { "kubernetes.azure.com/resource-group": "MC-RG" } },
      nic: true,
      ip: true,
    },
    { name: "being deleted", words: { deletionTimestamp: "2026-01-01T00:00:00Z" }, nic: false, ip: false },
    {
      name: "about to go",
      words: { taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }] },
      nic: false,
      ip: false,
    },
  ];
  for (const { name, words, nic, ip } of cases) {
    it(`${name}: ${nic ? "yes" : "no"} with interfaces, ${ip ? "yes" : "no"} with addresses`, () => {
      expect(isEligible(node("n", words), config())).toBe(nic);
      expect(isEligible(node("n", words), IP_BASED)).toBe(ip);
    });
  }
  it("control plane with interfaces, when the configuration lets it in", () => {
    expect(isEligible(node("cp", { labels: CONTROL_PLANE }), config({ excludeControlPlane: false }))).toBe(true);
    expect(isEligible(node("cp", { labels: CONTROL_PLANE }), config({ sku: "basic" }))).toBe(true);
  });
});
