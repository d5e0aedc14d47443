import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../../../src/base/checked.ts";
import { checkClusterSeed, parseClusterSeed } from "../../../../../src/simulator/arm/seed/cluster-seed.ts";

describe("a cluster seed", () => {
  it("has three nodes of a scale set by default", () => {
    for (const text of ["", "# nothing\n", "location: westeurope\n"]) {
      const seed = parseClusterSeed(text);
      expect(seed.ok && seed.value.vmss?.nodes.map(({ zone }) => zone)).toEqual(["1", "2", "3"]);
      expect(seed.ok && seed.value.network.subnets[0]?.addressPrefix).toBe("10.240.0.0/24");
    }
  });

  it("takes a whole document", () => {
    const seed = parseClusterSeed(`
location: northeurope
resourceGroup: demo
network:
  name: net
  addressPrefixes: [10.0.0.0/8]
  subnets:
    - { name: nodes, addressPrefix: 10.1.0.0/16 }
    - { name: apps, addressPrefix: 10.2.0.0/16 }
securityGroup:
  name: nsg
  rules:
    - { name: ssh, priority: 300, protocol: Tcp, ports: 22, source: 192.0.2.0/24 }
vms:
  - { name: a, zone: 1, address: 10.1.0.9 }
`);
    expect(seed).toMatchObject({
      ok: true,
      value: {
        location: "northeurope",
        vms: [{ name: "a", zone: "1" }],
        securityGroup: { rules: [{ ports: "22", access: "Allow" }] },
      },
    });
    expect(seed.ok && seed.value.vmss).toBeUndefined();
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ["an unknown field", "locaton: westeurope", 'locaton: got "locaton", want a known field'],
    ["an unknown location", "location: moon", 'location: got "moon"'],
    [
      "a prefix with host bits",
      "network: { addressPrefixes: [10.0.0.1/8] }",
      'network.addressPrefixes[0]: got "10.0.0.1/8", want a block of addresses',
    ],
    ["a zone that is none", "vmss: { nodes: [{ zone: 4 }] }", 'vmss.nodes[0].zone: got "4", want an availability zone'],
    ["a machine without a name", "vms: [{ zone: 1 }]", "vms[0].name is missing"],
    [
      "an address outside the node subnet",
      "vms: [{ name: a, address: 10.9.0.1 }]",
      'vms[0].address: got "10.9.0.1", want an address in 10.240.0.0/24',
    ],
    ["an address that Azure keeps", "vms: [{ name: a, address: 10.240.0.3 }]", 'vms[0].address: got "10.240.0.3"'],
    ["a name twice", "vms: [{ name: a }, { name: a }]", 'vms[1]: got "a"'],
    [
      "a priority out of range",
      "securityGroup: { rules: [{ name: r, priority: 99 }] }",
      'securityGroup.rules[0].priority: got "99", want a whole number from 100 to 4096',
    ],
    ["no mapping", "[]", "document: got"],
    ["broken YAML", "a: [", "line 1: got"],
  ];
  for (const [what, text, expected] of refused) {
    it(`is refused with ${what}`, () => {
      const seed = parseClusterSeed(text);
      expect(seed.ok ? [] : seed.problems.map(describeProblem).join("\n")).toContain(expected);
    });
  }

  it("tells every problem at once", () => {
    const seed = checkClusterSeed({ location: "moon", resourceGroup: "", extra: 1 });
    expect(seed.ok ? [] : seed.problems.map(({ field }) => field).toSorted()).toEqual([
      "extra",
      "location",
      "resourceGroup",
    ]);
  });
});
