import { describe, expect, it } from "vitest";
import { driftOf, nounOf } from "../../../../src/azure/plan/drift.ts";
import type { Plan, PlannedField, PlannedResource } from "../../../../src/azure/plan/plan.ts";

const field = (risk: PlannedField["risk"], ...groups: string[]): PlannedField => ({
  path: "p",
  old: 1,
  new: 2,
  why: "",
  risk,
  for: groups,
});
const resource = (more: Partial<PlannedResource>): PlannedResource => ({
  id: "/lb",
  type: "Microsoft.Network/loadBalancers",
  name: "kubernetes",
  verb: "update",
  risk: "changes",
  why: "",
  for: ["shop/web"],
  before: {},
  after: {},
  fields: [],
  ...more,
});
const plan = (...resources: PlannedResource[]): Plan => ({ resources, services: [] });

describe("drift", () => {
  const cases = [
    { name: "of what is as it should be", plan: plan(), changes: 0, text: "" },
    {
      name: "counts the fields of the Service alone",
      plan: plan(resource({ fields: [field("changes", "shop/web"), field("interrupts", "shop/api")] })),
      changes: 1,
      text: "load balancer kubernetes would get 1 change",
    },
    {
      name: "says what it would do to traffic",
      plan: plan(resource({ fields: [field("changes", "shop/web"), field("interrupts", "shop/web")] })),
      changes: 2,
      text: "load balancer kubernetes would get 2 changes, which interrupts traffic",
    },
    {
      name: "names what is missing and what should be gone",
      plan: plan(
        resource({ verb: "create", fields: [field("adds", "shop/web")] }),
        resource({ verb: "remove", type: "Microsoft.Network/publicIPAddresses", name: "ip", risk: "releases" }),
      ),
      changes: 2,
      text: "load balancer kubernetes is missing, public IP ip should be gone, which releases the address",
    },
    {
      name: "counts a write of the same again",
      plan: plan(resource({})),
      changes: 1,
      text: "load balancer kubernetes would get 1 change",
    },
    { name: "leaves other Services alone", plan: plan(resource({ for: ["shop/api"] })), changes: 0, text: "" },
  ];
  for (const { name, plan: of, changes, text } of cases) {
    it(name, () => expect(driftOf(of, "shop/web")).toEqual({ changes, text }));
  }

  it("has a word for every type", () => {
    expect(nounOf("Microsoft.Network/networkSecurityGroups")).toBe("security group");
    expect(nounOf("Microsoft.Compute/virtualMachineScaleSets")).toBe("virtualMachineScaleSets");
  });
});
