import { describe, expect, it } from "vitest";
import { attributionOf } from "../../../../src/azure/plan/attribution.ts";

const web = { name: "web", frontendPort: 80 };
const pool = { name: "k", id: "/k" };
const empty = { loadBalancingRules: [], backendAddressPools: [] };
const withWeb = { ...empty, loadBalancingRules: [web], backendAddressPools: [pool] };
const withMembers = {
  ...withWeb,
  backendAddressPools: [{ ...pool, loadBalancerBackendAddresses: [{ name: "n1" }], virtualNetwork: { id: "/v" } }],
};
const withApi = { ...withMembers, loadBalancingRules: [web, { name: "api" }] };
const edited = { ...withApi, loadBalancingRules: [{ ...web, frontendPort: 81 }, { name: "api" }], tags: { a: "1" } };

const attribution = attributionOf([
  { owner: "shop/web", before: empty, after: withWeb },
  { owner: "cluster members", before: withWeb, after: withMembers },
  { owner: "shop/api", before: withMembers, after: withApi },
  { owner: "shop/web", before: withApi, after: edited },
]);

describe("whose edits brought a difference", () => {
  const cases = [
    { name: "a child that one made", path: ["properties", "loadBalancingRules", "[api]"], want: ["shop/api"] },
    {
      name: "a field of a child",
      path: ["properties", "loadBalancingRules", "[web]", "properties", "frontendPort"],
      want: ["shop/web"],
    },
    {
      name: "a pool, which its members do not make",
      path: ["properties", "backendAddressPools", "[k]"],
      want: ["shop/web"],
    },
    {
      name: "the members of a pool, which its maker does not bring",
      path: ["properties", "backendAddressPools", "[k]", "properties", "loadBalancerBackendAddresses", "[n1]"],
      want: ["cluster members"],
    },
    { name: "the tags", path: ["tags", "a"], want: ["shop/web"] },
    { name: "letter case aside", path: ["properties", "LoadBalancingRules", "[API]"], want: ["shop/api"] },
    {
      name: "all of them, when nobody touched just that",
      path: ["zones"],
      want: ["cluster members", "shop/api", "shop/web"],
    },
  ];
  for (const { name, path, want } of cases) it(name, () => expect(attribution(path)).toEqual(want));
});
