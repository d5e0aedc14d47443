import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { Plan, PlannedField, PlannedResource } from "../../../../src/azure/index.ts";
import { exitCodeOf, groupsOf, planDocument } from "../../../../src/cli/plan/document.ts";
import { inColour, plain, wantsColour } from "../../../../src/cli/plan/paint.ts";
import { planReport } from "../../../../src/cli/plan/report.ts";

const field = (path: string, more: Partial<PlannedField> = {}): PlannedField => ({
  path,
  old: null,
  new: null,
  risk: "adds",
  why: "as it is asked for",
  for: ["shop/web"],
  ...more,
});
const resource = (more: Partial<PlannedResource>): PlannedResource => ({
  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/loadBalancers/kubernetes",
  type: "Microsoft.Network/loadBalancers",
  name: "kubernetes",
  verb: "update",
  risk: "changes",
  why: "several things are asked for",
  for: ["shop/web"],
  before: {},
  after: {},
  fields: [],
  ...more,
});
const ok = { action: "ensure", addresses: [], error: null, remarks: [] } as const;
const member = (name: string): PlannedField =>
  field(`properties.backendAddressPools[k].properties.loadBalancerBackendAddresses[${name}]`, {
    new: { name, properties: { ipAddress: `10.0.0.${name}` } },
    why: "the node may receive traffic",
    for: ["nodes"],
  });
const rule = {
  name: "web",
  properties: {
    protocol: "Tcp",
    frontendPort: 80,
    backendPort: 80,
    frontendIPConfiguration: { id: "/subscriptions/s/f/web" },
  },
};

const PLAN: Plan = {
  services: [
    { service: "shop/web", ...ok, remarks: [{ reason: "UnknownAnnotation", text: "no such annotation" }] },
    { service: "shop/same", ...ok },
    { service: "shop/old", ...ok, action: "delete" },
    { service: "shop/bad", ...ok, error: { code: "InvalidArgument", message: "port is wrong.", advice: "Mend it." } },
  ],
  resources: [
    resource({
      for: ["nodes", "shop/web"],
      risk: "interrupts",
      fields: [
        field("properties.loadBalancingRules[web]", { new: rule, why: "a port that is asked for" }),
        field("properties.loadBalancingRules[api].properties.frontendPort", {
          old: 80,
          new: 81,
          risk: "interrupts",
          why: "packets of this rule take another way",
          for: ["shop/api", "shop/web"],
        }),
        ...["1", "2", "3", "4", "5", "6", "7"].map(member),
      ],
    }),
    resource({
      verb: "create",
      type: "Microsoft.Network/publicIPAddresses",
      name: "new-ip",
      risk: "adds",
      fields: [
        field("location", { new: "westeurope" }),
        field("properties.ipAddress", { new: "(known after apply: address of public IP new-ip)" }),
      ],
    }),
    resource({
      verb: "remove",
      type: "Microsoft.Network/publicIPAddresses",
      name: "old-ip",
      risk: "releases",
      why: "no Service uses it any more",
      for: ["shop/old"],
    }),
  ],
};

const TEXT = `Service shop/web
  warning: UnknownAnnotation: no such annotation

  ~ load balancer kubernetes changes
      + loadBalancingRules[web]: Tcp 80 to 80, frontend web  # a port that is asked for
      ~ loadBalancingRules[api].frontendPort: 80 -> 81  # packets of this rule take another way, with shop/api  INTERRUPTS TRAFFIC

  + public IP new-ip is created
      + with location westeurope, ipAddress (known after apply)

Service shop/old (its balancer goes)

  - public IP old-ip is removed: no Service uses it any more  RELEASES AN ADDRESS

Service shop/bad
  error: port is wrong. Mend it.

Service shop/api

  ~ load balancer kubernetes changes
      ~ loadBalancingRules[api].frontendPort: 80 -> 81  # packets of this rule take another way, with shop/web  INTERRUPTS TRAFFIC

Nodes

  ~ load balancer kubernetes changes
      + backendAddressPools[k].loadBalancerBackendAddresses[1]: 10.0.0.1  # the node may receive traffic
      + backendAddressPools[k].loadBalancerBackendAddresses[2]: 10.0.0.2  # the node may receive traffic
      + backendAddressPools[k].loadBalancerBackendAddresses[3]: 10.0.0.3  # the node may receive traffic
      + backendAddressPools[k].loadBalancerBackendAddresses[4]: 10.0.0.4  # the node may receive traffic
      + backendAddressPools[k].loadBalancerBackendAddresses[5]: 10.0.0.5  # the node may receive traffic
        and 2 more like these

ARM resources: 1 to create, 1 to change, 1 to remove. 1 change may interrupt traffic. 1 address would be released. 1 Service could not be planned. Nothing was written.`;

describe("a plan for people", () => {
  it("is told by Service, resource and field", () => {
    expect(planReport(planDocument(PLAN, "kubernetes"), plain)).toBe(TEXT);
  });

  it("is the same text in colour", () => {
    const coloured = planReport(planDocument(PLAN, "kubernetes"), inColour);
    expect(coloured).not.toBe(TEXT);
    expect(stripVTControlCharacters(coloured)).toBe(TEXT);
  });

  it("is one sentence when nothing would change", () => {
    const nothing = planDocument({ resources: [], services: [{ service: "shop/web", ...ok }] }, "kubernetes");
    expect(planReport(nothing, plain)).toBe("Nothing would change.");
  });

  const ttys = [
    { name: "on a terminal", stream: { isTTY: true }, env: {}, want: true },
    { name: "not in a file", stream: {}, env: {}, want: false },
    { name: "not when somebody wants none", stream: { isTTY: true }, env: { NO_COLOR: "1" }, want: false },
    { name: "although NO_COLOR is there and empty", stream: { isTTY: true }, env: { NO_COLOR: "" }, want: true },
    { name: "not on a terminal that has none", stream: { isTTY: true }, env: { TERM: "dumb" }, want: false },
  ];
  for (const { name, stream, env, want } of ttys) {
    it(`is in colour ${name}`, () => expect(wantsColour(stream, env)).toBe(want));
  }
});

describe("a plan as a document", () => {
  it("counts resources by what becomes of them, and fields by risk", () => {
    expect(planDocument(PLAN, "kubernetes")).toMatchObject({
      version: 1,
      clusterName: "kubernetes",
      summary: {
        creates: 1,
        updates: 1,
        removes: 1,
        risks: { adds: 10, changes: 0, interrupts: 1, releases: 1 },
        failed: 1,
      },
    });
  });

  const codes = [
    { name: "0 when nothing would change", plan: { ...PLAN, resources: [], services: [] }, want: 0 },
    { name: "2 when something would", plan: { ...PLAN, services: [] }, want: 2 },
    { name: "1 when a Service could not be planned", plan: PLAN, want: 1 },
  ];
  for (const { name, plan, want } of codes) it(`ends with ${name}`, () => expect(exitCodeOf(plan)).toBe(want));

  it("groups by Service as planned, then by those that share, then by nodes", () => {
    expect(groupsOf(PLAN)).toEqual(["shop/web", "shop/same", "shop/old", "shop/bad", "shop/api", "nodes"]);
  });
});
