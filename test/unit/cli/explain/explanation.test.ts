import { describe, expect, it } from "vitest";
import type { Plan, ServiceFacts } from "../../../../src/azure/index.ts";
import { type Explanation, explain, type Known } from "../../../../src/cli/explain/explanation.ts";
import { picture } from "../../../../src/cli/explain/picture.ts";
import { printed } from "../../../../src/cli/explain/print.ts";
import { FINALIZER, type Service } from "../../../../src/cloudprovider/index.ts";
import { service } from "../../../fixtures/service.ts";

const NAME = "a0123456789abcdef0123456789abcde";

const HELD: ServiceFacts["held"] = {
  balancers: [
    {
      id: "lb",
      name: "kubernetes",
      sku: "Standard",
      state: "Succeeded",
      frontends: [
        {
          name: NAME,
          address: "20.0.0.4",
          publicIp: `kubernetes-${NAME}`,
          rules: [
            { name: `${NAME}-TCP-80`, protocol: "Tcp", port: 80, backendPort: 80, pool: "kubernetes", probe: "p" },
          ],
        },
      ],
      probes: [{ name: "p", protocol: "Http", port: 30080, path: "/healthz" }],
      pools: [{ name: "kubernetes", members: ["10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.8"] }],
    },
  ],
  publicIps: [
    { id: "pip", name: `kubernetes-${NAME}`, address: "20.0.0.4", sku: "Standard", state: "Succeeded", ours: true },
  ],
  securityGroup: {
    name: "nsg",
    exists: true,
    obstacles: [],
    rules: [
      {
        name: "k8s-azure-lb_allow",
        priority: 500,
        access: "Allow",
        protocol: "Tcp",
        sources: ["Internet"],
        ports: ["80"],
        destinations: ["20.0.0.4"],
      },
    ],
  },
};

const NOTHING: ServiceFacts["held"] = {
  balancers: [],
  publicIps: [],
  securityGroup: { name: "nsg", exists: true, rules: [], obstacles: [] },
};

const READY = { node: "n1", address: "10.0.0.4", eligible: true, ready: true };
const PLAN: Plan = { resources: [], services: [] };

interface Change {
  readonly service?: Service;
  readonly facts?: Partial<ServiceFacts>;
  readonly plan?: Partial<Plan>;
  readonly recollection?: Known["recollection"];
  readonly events?: Known["cluster"]["events"];
}

function served(ips: readonly string[] = ["20.0.0.4"]): Service {
  const { metadata, ...rest } = service();
  const status = { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } };
  return { ...rest, metadata: { ...metadata, finalizers: [FINALIZER] }, status };
}

function explained(change: Change = {}): Explanation {
  const subject = change.service ?? served();
  return explain({
    cluster: { service: subject, services: [subject], nodes: [], events: change.events ?? [] },
    facts: { asked: { settings: [], problems: [], remarks: [] }, held: HELD, nodes: [READY], ...change.facts },
    plan: { ...PLAN, ...change.plan },
    recollection: change.recollection ?? { remembered: { succeededAt: "2026-01-01T00:00:00.000Z", calls: [] } },
  });
}

const FAILURE = {
  code: "Locked/ScopeLocked",
  summary: "a lock forbids changes here",
  attempted: "writing Microsoft.Network/publicIPAddresses pip",
  advice: "Remove the lock that the message names.",
  requestId: "r-1",
  firstAt: "2026-01-01T00:00:00.000Z",
  lastAt: "2026-01-01T00:00:05.000Z",
  times: 2,
  nextTryAt: "2026-01-01T00:00:15.000Z",
};

describe("an explanation", () => {
  it("of a Service that is as asked finds nothing", () => {
    expect(explained()).toMatchObject({ verdict: "as asked", differences: [], blockers: [] });
  });

  const blocked: readonly { name: string; change: Change; at: string; says: RegExp; advice: RegExp }[] = [
    {
      name: "a value that is not accepted",
      change: { facts: { asked: { settings: [], problems: ['idle-timeout: got "x", want 4 to 100'], remarks: [] } } },
      at: "service",
      says: /^idle-timeout: got "x", want 4 to 100\.$/,
      advice: /Correct the value/,
    },
    {
      name: "what the controller has met, with the next try",
      change: { recollection: { remembered: { failure: FAILURE, calls: [] } } },
      at: "address",
      says: /forbids changes here \[Locked\/ScopeLocked\]\. Tried 2 times: .* Next try at 2026-.* Request r-1\./,
      advice: /Remove the lock/,
    },
    {
      name: "what a dry run meets, when no controller answers",
      change: {
        recollection: { silent: "nobody" },
        plan: {
          services: [
            {
              service: "shop/web",
              action: "ensure",
              addresses: [],
              remarks: [],
              error: {
                code: "Conflict",
                message: "the load balancer kubernetes has the SKU Basic",
                advice: "Upgrade it.",
              },
            },
          ],
        },
      },
      at: "balancer",
      says: /SKU Basic \[Conflict\]/,
      advice: /Upgrade it/,
    },
    {
      name: "what the newest event tells, when no controller answers",
      change: {
        recollection: { silent: "nobody" },
        events: [
          { at: "t", type: "Warning", reason: "SyncLoadBalancerFailed", message: "security group: no", count: 3 },
        ],
      },
      at: "security",
      says: /SyncLoadBalancerFailed, 3 times: security group: no/,
      advice: /--controller/,
    },
    {
      name: "a finalizer that is still there",
      change: {
        service: { ...served(), metadata: { ...served().metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } },
      },
      at: "service",
      says: /being deleted and waits for its cleanup: its finalizer/,
      advice: /goes when/,
    },
    {
      name: "nodes that may not serve, and why",
      change: {
        facts: { nodes: [{ node: "n1", eligible: false, ready: true, why: "its label keeps it out" }] },
      },
      at: "nodes",
      says: /None of the 1 nodes may be behind the load balancer: n1: its label keeps it out\./,
      advice: /label/,
    },
    {
      name: "nodes that are not ready",
      change: { facts: { nodes: [{ ...READY, ready: false }] } },
      at: "nodes",
      says: /None of the 1 nodes that may serve is ready/,
      advice: /conditions/,
    },
    {
      name: "a public IP that failed",
      change: { facts: { held: { ...HELD, publicIps: HELD.publicIps.map((each) => ({ ...each, state: "Failed" })) } } },
      at: "address",
      says: /in the state Failed/,
      advice: /written again/,
    },
    {
      name: "that nobody has begun",
      change: { service: service(), facts: { held: NOTHING }, recollection: { silent: "nobody" } },
      at: "service",
      says: /No controller has taken it up/,
      advice: /azure-ccm runs/,
    },
  ];
  for (const { name, change, at, says, advice } of blocked) {
    it(`tells ${name}, and draws it where it is`, () => {
      const found = explained(change);
      expect(found.verdict).toBe("blocked");
      expect(found.blockers).toHaveLength(1);
      expect(found.blockers[0]).toMatchObject({
        at,
        text: expect.stringMatching(says),
        advice: expect.stringMatching(advice),
      });
      expect(picture(found).filter((line) => line.includes("╳"))).toHaveLength(1);
    });
  }

  it("has nothing to say of a Service that asks for no balancer", () => {
    const plain = service();
    const clusterIp = { ...plain, spec: { ...plain.spec, type: "ClusterIP" } } as Service;
    const nobody = { silent: "nobody" };
    const found = explained({ service: clusterIp, facts: { held: NOTHING }, recollection: nobody });
    expect(found).toMatchObject({ verdict: "as asked", wanted: false });
    expect(printed(found)).toBe(
      "Service shop/web: it asks for no load balancer of this controller. It is not of type LoadBalancer, or names another one's class.",
    );
  });

  it("tells what would change, and what the status does not show", () => {
    const fields = [{ path: "p", old: 4, new: 10, risk: "changes", why: "", for: ["shop/web"] }] as const;
    const common = { id: "lb", type: "Microsoft.Network/loadBalancers", name: "kubernetes", before: {}, after: {} };
    const resource = {
      ...common,
      verb: "update",
      risk: "changes",
      why: "it asks for it",
      for: ["shop/web"],
      fields,
    } as const;
    const found = explained({ service: served([]), plan: { resources: [resource] } });
    expect(found.verdict).toBe("differs");
    expect(found.differences).toEqual([
      {
        where: "loadBalancers kubernetes",
        verb: "update",
        text: "it asks for it",
        fields: [{ path: "p", old: 4, new: 10 }],
      },
      { where: "status", verb: "show", text: "the status does not show 20.0.0.4, which Azure serves", fields: [] },
    ]);
  });
});

describe("an explanation in print", () => {
  it("draws the way of a packet, top to bottom", () => {
    expect(picture(explained())).toEqual([
      "",
      "  │",
      `  20.0.0.4 : 80/TCP               public IP kubernetes-${NAME}`,
      "  │",
      "  security group nsg",
      "    500 lets in                   Internet → 80",
      "  │",
      "  load balancer kubernetes        Standard, Succeeded",
      `    frontend                      ${NAME}`,
      `    rule 80 → 80                  ${NAME}-TCP-80, probe Http 30080/healthz`,
      "  │",
      "  pool kubernetes                 5 members: 10.0.0.4, 10.0.0.5, 10.0.0.6, 10.0.0.7 and 1 more",
      "  1 node may serve                n1",
    ]);
  });

  it("keeps a long way in apart from what it is", () => {
    const [balancer] = HELD.balancers;
    const [frontend] = balancer?.frontends ?? [];
    const [rule] = frontend?.rules ?? [];
    if (!balancer || !frontend || !rule) throw new Error("the fixture has all three");
    const long = { ...frontend, address: "2603:1020:200:43::a1b2", rules: [rule, { ...rule, port: 443 }] };
    const held = { ...HELD, balancers: [{ ...balancer, frontends: [long] }] };
    expect(picture(explained({ facts: { held } }))).toContain(
      `  2603:1020:200:43::a1b2 : 80/TCP, 443/TCP  public IP kubernetes-${NAME}`,
    );
  });

  it("keeps to 100 columns, and tells of calls that failed", () => {
    const path = `/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/publicIPAddresses/kubernetes-${NAME}`;
    const requestId = "00000000-0000-4000-8000-000000000000";
    const call = { at: "2026-01-01T00:00:05.000Z", path, status: 409, requestId, ms: 1 };
    const calls = [
      { ...call, method: "PUT", requests: 3, riders: 2, failure: "Locked/ScopeLocked" },
      { ...call, method: "GET", requests: 1, status: 0, path: path.replace(/\/kubernetes-.*/, "") },
    ];
    const text = printed(explained({ recollection: { remembered: { failure: FAILURE, calls } } }));
    expect(text.split("\n").filter(({ length }) => length > 100)).toEqual([]);
    expect(text).toContain("00:00:05  PUT     public IP kubernetes-a01234…  409 ✗   3     00000000-");
    expect(text).toContain("all publicIPAddresses");
    expect(text).toContain("00:00:05 ended in Locked/ScopeLocked");
  });

  it("says why it has no calls", () => {
    const text = printed(explained({ recollection: { silent: "no controller answers" } }));
    expect(text).toContain("no controller answers. What is above comes from the cluster and from Azure.");
    expect(text).not.toContain("Last calls");
  });
});
