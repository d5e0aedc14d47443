import { describe, expect, it } from "vitest";
import { shown, shownChild } from "../../../../src/cli/plan/value.ts";

describe("a value of a plan in one line", () => {
  const cases = [
    { name: "nothing", value: null, want: "(none)" },
    { name: "a text", value: "Tcp", want: "Tcp" },
    { name: "an empty text", value: "", want: '""' },
    { name: "a number", value: 4, want: "4" },
    { name: "a switch", value: false, want: "false" },
    { name: "an id by its last name", value: "/subscriptions/s/resourceGroups/g/providers/p/t/web", want: "web" },
    { name: "a list", value: ["a", 2], want: "a,2" },
    { name: "an object", value: { id: "/subscriptions/s/x", gone: null }, want: "id=x" },
    {
      name: "what is not known yet",
      value: "(known after apply: address of public IP a)",
      want: "(known after apply)",
    },
    { name: "a long list, cut", value: Array.from({ length: 80 }, () => "10.0.0.1"), want: /^10\.0\.0\.1,.*\.\.\.$/ },
  ];
  for (const { name, value, want } of cases) {
    it(name, () => (typeof want === "string" ? expect(shown(value)).toBe(want) : expect(shown(value)).toMatch(want)));
  }
});

describe("a child that comes or goes in one line", () => {
  const ref = (name: string) => ({ id: `/subscriptions/s/${name}` });
  const cases = [
    { list: "frontendIPConfigurations", properties: { publicIPAddress: ref("ip") }, want: "public IP ip" },
    {
      list: "frontendIPConfigurations",
      properties: { subnet: ref("nodes"), privateIPAddress: "10.0.0.9" },
      want: "10.0.0.9 in subnet nodes",
    },
    {
      list: "loadBalancingRules",
      properties: { protocol: "Udp", frontendPort: 53, backendPort: 53, frontendIPConfiguration: ref("web") },
      want: "Udp 53 to 53, frontend web",
    },
    {
      list: "probes",
      properties: { protocol: "Http", port: 32000, requestPath: "/healthz" },
      want: "Http 32000/healthz",
    },
    { list: "probes", properties: { protocol: "Tcp", port: 30080 }, want: "Tcp 30080" },
    { list: "loadBalancerBackendAddresses", properties: { ipAddress: "10.0.0.4" }, want: "10.0.0.4" },
    { list: "backendAddressPools", properties: {}, want: "a pool of nodes" },
    {
      list: "securityRules",
      properties: {
        priority: 500,
        access: "Allow",
        protocol: "Tcp",
        sourceAddressPrefix: "Internet",
        destinationPortRanges: ["80"],
        destinationAddressPrefixes: ["1.1.1.1", "2.2.2.2"],
      },
      want: "500 Allow Tcp 80 from Internet to 1.1.1.1,2.2.2.2",
    },
    { list: "others", properties: { a: 1 }, want: "a=1" },
  ];
  for (const { list, properties, want } of cases) {
    it(`${list}: ${want}`, () => expect(shownChild(list, { name: "x", properties })).toBe(want));
  }
});
