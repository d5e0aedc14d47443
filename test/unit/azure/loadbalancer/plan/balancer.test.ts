import type { LoadBalancer } from "@azure/arm-network";
import { describe, expect, it } from "vitest";
import { balancerEdit, planBalancer } from "../../../../../src/azure/loadbalancer/plan/balancer.ts";
import { balancerIdOf, config, echoed, loadBalancer, publicIpIdOf } from "../../../../fixtures/azure-network.ts";
import { planned, type WishWords, wishOf } from "../../../../fixtures/balancer-wish.ts";
import { EXAMPLE_BASE as B, type ServiceWords, service, uidOf } from "../../../../fixtures/service.ts";

const INTERNAL = { "azure-load-balancer-internal": "true" };
const A = service({ name: "a", uid: uidOf(1), ports: ["80/30080"] });
const A_BASE = `a${uidOf(1).replaceAll("-", "")}`.slice(0, 32);
const SHARED = publicIpIdOf(`kubernetes-${A_BASE}`);

function names(children: readonly { name?: string }[] | undefined): readonly (string | undefined)[] {
  return (children ?? []).map(({ name }) => name);
}

function removed(current: LoadBalancer, words: ServiceWords | typeof A, live: readonly string[] = []) {
  const gone = "metadata" in words ? words : service(words);
  return planBalancer(
    current,
    wishOf(gone, { gone: true, live, ...(current.name === undefined ? {} : { name: current.name }) }),
  );
}

function frontendId(name: string, balancer = "kubernetes"): string {
  return `${balancerIdOf(balancer)}/frontendIPConfigurations/${name}`;
}

describe("a balancer that is not there", () => {
  it("is made for the first Service", () => {
    expect(planned(undefined, service())).toMatchObject({ location: "westeurope", sku: { name: "Standard" } });
  });
  it("LB 24 is made in the edge zone, without zones", () => {
    const cluster = config({ extendedLocation: { name: "losangeles", type: "EdgeZone" } });
    const made = planned(undefined, service({ annotations: INTERNAL }), { config: cluster });
    expect(made).toMatchObject({ extendedLocation: { name: "losangeles", type: "EdgeZone" } });
    expect(made.frontendIPConfigurations?.[0]).not.toHaveProperty("zones");
  });
  it("LB 39 keeps its foreign tags when the cluster has none of its own", () => {
    const tagged = { ...echoed(planned(undefined, service())), tags: { owner: "net" } };
    expect(planned(tagged, service(), { config: config({ systemTags: ["x"] }) })).toBe(tagged);
  });
  it("is not made for a Service that goes", () => {
    expect(planBalancer(undefined, wishOf(service(), { gone: true })).next).toBeUndefined();
  });
  it("gets the cluster's tags", () => {
    const cluster = config({ tags: { team: "shop" } });
    expect(planned(undefined, service(), { config: cluster }).tags).toEqual({ team: "shop" });
  });
});

describe("an unchanged Service", () => {
  const cases: readonly { name: string; words: ServiceWords; wish?: WishWords }[] = [
    { name: "LB 9 external", words: {} },
    { name: "external with two families", words: { ipFamilies: ["IPv4", "IPv6"] } },
    { name: "internal", words: { annotations: INTERNAL } },
    {
      name: "internal in a subnet",
      words: { annotations: { ...INTERNAL, "azure-load-balancer-internal-subnet": "apps" } },
    },
    { name: "with externalTrafficPolicy Local", words: { externalTrafficPolicy: "Local", healthCheckNodePort: 31000 } },
    { name: "with the shared probe", words: {}, wish: { config: config({ probeMode: "shared" }) } },
    { name: "with UDP and TCP", words: { ports: ["80/1", "UDP 80/2"] } },
  ];
  for (const { name, words, wish } of cases) {
    it(`changes nothing: ${name}`, () => {
      const first = planned(undefined, service(words), wish);
      const shown = echoed(first, wishOf(service(words), wish).name);
      expect(planned(shown, service(words), wish)).toBe(shown);
    });
  }
  it("LB 11 changes nothing on a balancer whose name differs in letter case", () => {
    const shown = echoed(planned(undefined, service()), "Kubernetes");
    expect(planned(shown, service())).toBe(shown);
  });
});

describe("frontends", () => {
  const subnet = (name: string) => ({ ...INTERNAL, "azure-load-balancer-internal-subnet": name });

  it("LB 17 are named after subnet and family", () => {
    const uid = "257b9655-5137-4ad2-b091-ef3f07043ad3";
    const words: ServiceWords = { uid, ipFamilies: ["IPv4", "IPv6"], annotations: subnet("shortsubnet") };
    expect(names(planned(undefined, service(words)).frontendIPConfigurations)).toEqual([
      "a257b965551374ad2b091ef3f07043ad-shortsubnet",
      "a257b965551374ad2b091ef3f07043ad-shortsubnet-IPv6",
    ]);
  });
  it("LB 18 ignore the subnet annotation for a public address", () => {
    const annotations = { "azure-load-balancer-internal-subnet": "shortsubnet" };
    expect(names(planned(undefined, service({ annotations })).frontendIPConfigurations)).toEqual([B]);
  });
  it("LB 19 move to another subnet, and keep the address only if it lies in it", () => {
    const first = echoed(planned(undefined, service({ annotations: subnet("a") })), "kubernetes-internal");
    const knownAddresses = ["10.240.0.50"];
    const inside = planned(first, service({ annotations: subnet("b") }), { knownAddresses });
    expect(inside.frontendIPConfigurations).toMatchObject([
      { name: `${B}-b`, privateIPAddress: "10.240.0.50", privateIPAllocationMethod: "Static" },
    ]);
    expect(names(inside.loadBalancingRules)).toEqual([`${B}-b-TCP-80`]);
    const outside = planned(first, service({ annotations: subnet("b") }), {
      knownAddresses,
      subnetPrefixes: ["10.1.0.0/16"],
    });
    expect(outside.frontendIPConfigurations).toMatchObject([{ privateIPAllocationMethod: "Dynamic" }]);
    expect(outside.frontendIPConfigurations?.[0]).not.toHaveProperty("privateIPAddress");
  });
  it("LB 20 that are made anew get the address of the status back", () => {
    const made = planned(undefined, service({ annotations: INTERNAL }), { knownAddresses: ["10.240.0.50"] });
    expect(made.frontendIPConfigurations).toMatchObject([
      { privateIPAddress: "10.240.0.50", privateIPAllocationMethod: "Static" },
    ]);
  });
  for (const zones of [["1"], undefined]) {
    it(`LB 21 change their address in place and keep their zones (${zones?.join() ?? "none"})`, () => {
      const made = planned(undefined, service({ annotations: INTERNAL, loadBalancerIP: "10.240.0.50" }));
      const [frontend] = made.frontendIPConfigurations ?? [];
      const { zones: _all, ...bare } = frontend ?? {};
      const shown = { ...made, frontendIPConfigurations: [zones === undefined ? bare : { ...bare, zones }] };
      const next = planned(shown, service({ annotations: INTERNAL, loadBalancerIP: "10.240.0.60" }));
      expect(next.frontendIPConfigurations).toEqual([
        {
          ...bare,
          privateIPAddress: "10.240.0.60",
          privateIPAllocationMethod: "Static",
          ...(zones === undefined ? {} : { zones }),
        },
      ]);
    });
  }
  it("that move to another subnet stay in their zones", () => {
    const first = planned(undefined, service({ annotations: subnet("a") }));
    const shown = {
      ...first,
      frontendIPConfigurations: first.frontendIPConfigurations?.map((each) => ({ ...each, zones: ["2"] })),
    };
    const next = planned(shown as LoadBalancer, service({ annotations: subnet("b") }));
    expect(next.frontendIPConfigurations).toMatchObject([{ name: `${B}-b`, zones: ["2"] }]);
  });
  it("of a second family are in all zones, whatever the first one's are", () => {
    const first = planned(undefined, service({ annotations: INTERNAL }));
    const shown = {
      ...first,
      frontendIPConfigurations: first.frontendIPConfigurations?.map((each) => ({ ...each, zones: ["2"] })),
    };
    const next = planned(shown as LoadBalancer, service({ annotations: INTERNAL, ipFamilies: ["IPv4", "IPv6"] }));
    expect(next.frontendIPConfigurations).toMatchObject([{ zones: ["2"] }, { zones: ["1", "2", "3"] }]);
  });
  it("keep an address that the Service no longer asks for", () => {
    const shown = echoed(
      planned(undefined, service({ annotations: INTERNAL, loadBalancerIP: "10.240.0.50" })),
      "kubernetes-internal",
    );
    expect(planned(shown, service({ annotations: INTERNAL }))).toBe(shown);
  });
  it("do not change when ARM spells their IPv6 address in full", () => {
    const asked = service({ ipFamilies: ["IPv6"], annotations: INTERNAL, loadBalancerIP: "fd00::9" });
    const made = echoed(planned(undefined, asked), "kubernetes-internal");
    const frontends = made.frontendIPConfigurations?.map((each) => ({
      ...each,
      privateIPAddress: "fd00:0:0:0:0:0:0:9",
    }));
    const shown = { ...made, frontendIPConfigurations: frontends ?? [] };
    expect(planned(shown, asked)).toBe(shown);
  });
  it("LB 22 are in all zones of the region when new", () => {
    expect(planned(undefined, service({ annotations: INTERNAL })).frontendIPConfigurations).toMatchObject([
      { zones: ["1", "2", "3"] },
    ]);
  });
  it("LB 23 for IPv6 alone stand beside somebody's IPv4 frontend", () => {
    const foreign = { name: "egress", id: frontendId("egress"), publicIPAddress: { id: publicIpIdOf("egress") } };
    const next = planned(loadBalancer({ frontendIPConfigurations: [foreign] }), service({ ipFamilies: ["IPv6"] }));
    expect(next.frontendIPConfigurations?.[0]).toBe(foreign);
    expect(next.frontendIPConfigurations?.[1]).toMatchObject({
      name: B,
      publicIPAddress: { id: publicIpIdOf(`kubernetes-${B}`) },
    });
  });
  it("change to another public IP in place", () => {
    const first = echoed(planned(undefined, service()));
    const next = planned(first, service(), { publicIps: { IPv4: publicIpIdOf("byo") } });
    expect(next.frontendIPConfigurations).toMatchObject([{ name: B, publicIPAddress: { id: publicIpIdOf("byo") } }]);
    expect(next.loadBalancingRules).toBe(first.loadBalancingRules);
  });
  it("do not change their address while something else uses them", () => {
    const first = echoed(planned(undefined, service()));
    const outboundRules = [{ name: "egress", frontendIPConfigurations: [{ id: frontendId(B) }] }];
    const change = () => planned({ ...first, outboundRules }, service(), { publicIps: { IPv4: publicIpIdOf("byo") } });
    expect(change).toThrow("referenced by the outbound rule egress");
  });
  it("of the second family come and go", () => {
    const one = echoed(planned(undefined, service()));
    const two = planned(one, service({ ipFamilies: ["IPv4", "IPv6"] }));
    expect(names(two.frontendIPConfigurations)).toEqual([B, `${B}-IPv6`]);
    expect(names(two.loadBalancingRules)).toEqual([`${B}-TCP-80`, `${B}-TCP-80-IPv6`]);
    expect(names(two.backendAddressPools)).toEqual(["kubernetes", "kubernetes-IPv6"]);
    const again = planned(two, service());
    expect(names(again.frontendIPConfigurations)).toEqual([B]);
    expect(names(again.loadBalancingRules)).toEqual([`${B}-TCP-80`]);
  });
});

describe("ports", () => {
  it("that change change their rule and probe where they stand", () => {
    const first = echoed(planned(undefined, service({ ports: ["80/30080", "443/30443"] })));
    const next = planned(first, service({ ports: ["80/31080", "8080/30081"] }));
    expect(names(next.loadBalancingRules)).toEqual([`${B}-TCP-80`, `${B}-TCP-8080`]);
    expect(next.loadBalancingRules?.[0]).toBe(first.loadBalancingRules?.[0]);
    expect(next.probes).toMatchObject([{ port: 31080 }, { port: 30081 }]);
  });
  it("that change leave what others set on a rule", () => {
    const first = echoed(planned(undefined, service()));
    const tuned = {
      ...first,
      loadBalancingRules: first.loadBalancingRules?.map((rule) => ({ ...rule, enableConnectionTracking: true })),
    };
    const next = planned(tuned as LoadBalancer, service({ sessionAffinity: "ClientIP" }));
    expect(next.loadBalancingRules).toMatchObject([{ loadDistribution: "SourceIP", enableConnectionTracking: true }]);
    expect(next.loadBalancingRules?.[0]).not.toHaveProperty("backendAddressPools");
  });
});

describe("a shared address", () => {
  const b = service({
    name: "b",
    uid: uidOf(2),
    ports: ["443/30443"],
    annotations: { "azure-load-balancer-ipv4": "20.1.2.3" },
  });
  const B_BASE = `a${uidOf(2).replaceAll("-", "")}`.slice(0, 32);
  const both = () => planned(echoed(planned(undefined, A)), b, { publicIps: { IPv4: SHARED } });

  it("LB 45 is one frontend with the rules of both", () => {
    expect(names(both().frontendIPConfigurations)).toEqual([A_BASE]);
    expect(names(both().loadBalancingRules)).toEqual([`${A_BASE}-TCP-80`, `${B_BASE}-TCP-443`]);
    expect(
      new Set(both().loadBalancingRules?.map(({ frontendIPConfiguration }) => frontendIPConfiguration?.id)),
    ).toEqual(new Set([frontendId(A_BASE)]));
  });
  it("LB 46 refuses the same port and protocol", () => {
    const clash = service({ name: "b", uid: uidOf(2), ports: ["80/30443"] });
    const edit = balancerEdit(wishOf(clash, { publicIps: { IPv4: SHARED } }));
    const current = echoed(planned(undefined, A));
    expect(() => edit.apply(current)).toThrow(
      `checkLoadBalancerResourcesConflicts: service port port-tcp-80 is trying to consume the port 80 which is being referenced by an existing loadBalancing rule ${A_BASE}-TCP-80`,
    );
    expect(() => edit.apply(current)).toThrow(expect.objectContaining({ code: "Conflict" }));
  });
  it("LB 47 refuses a port of an inbound NAT pool, and takes the same port for another protocol", () => {
    const pool = {
      name: "ssh",
      protocol: "Tcp",
      frontendPortRangeStart: 50000,
      frontendPortRangeEnd: 50119,
      backendPort: 22,
    } as const;
    const current = {
      ...echoed(planned(undefined, A)),
      inboundNatPools: [{ ...pool, frontendIPConfiguration: { id: frontendId(A_BASE) } }],
    };
    const inside = service({ name: "b", uid: uidOf(2), ports: ["50119/30443"] });
    expect(() => planned(current, inside, { publicIps: { IPv4: SHARED } })).toThrow(
      "(50000-50119) of an existing inbound NAT pool ssh",
    );
    const udp = service({ name: "b", uid: uidOf(2), ports: ["UDP 80/30443", "UDP 50000/30444"] });
    expect(names(planned(current, udp, { publicIps: { IPv4: SHARED } }).loadBalancingRules)).toHaveLength(3);
  });
  it("refuses a port of an inbound NAT rule", () => {
    const inboundNatRules = [
      { name: "ssh", protocol: "Tcp" as const, frontendPort: 443, frontendIPConfiguration: { id: frontendId(A_BASE) } },
    ];
    const current = { ...echoed(planned(undefined, A)), inboundNatRules };
    expect(() => planned(current, b, { publicIps: { IPv4: SHARED } })).toThrow("existing inbound NAT rule ssh");
  });
  it("LB 48 outlives the Service it was made for, and goes with the last", () => {
    const first = removed(both(), A, [B_BASE]);
    expect(names(first.next?.frontendIPConfigurations)).toEqual([A_BASE]);
    expect(names(first.next?.loadBalancingRules)).toEqual([`${B_BASE}-TCP-443`]);
    expect(first.remarks).toMatchObject([{ reason: "DeletingFrontendIPConfiguration" }]);
    const second = removed(first.next as LoadBalancer, b);
    expect(second.next).toMatchObject({ frontendIPConfigurations: [], loadBalancingRules: [], probes: [] });
  });
  it("stays when a sharer goes and the Service it was made for lives", () => {
    const next = removed(both(), b, [A_BASE]).next;
    expect(names(next?.frontendIPConfigurations)).toEqual([A_BASE]);
    expect(names(next?.loadBalancingRules)).toEqual([`${A_BASE}-TCP-80`]);
  });
  it("stays for a live Service that has no rule on it", () => {
    const silent = service({ name: "a", uid: uidOf(1), annotations: { port_80_no_lb_rule: "true" } });
    const two = planned(planned(both(), silent), b, { publicIps: { IPv4: SHARED } });
    expect(names(removed(two, b, [A_BASE]).next?.frontendIPConfigurations)).toEqual([A_BASE]);
    expect(names(removed(two, b).next?.frontendIPConfigurations)).toEqual([]);
  });
  it("LB 49 works for private addresses", () => {
    const pinned = { ...INTERNAL, "azure-load-balancer-ipv4": "10.240.0.9" };
    const one = planned(undefined, service({ name: "a", uid: uidOf(1), annotations: pinned }));
    const two = planned(
      echoed(one, "kubernetes-internal"),
      service({ name: "b", uid: uidOf(2), ports: ["81/1"], annotations: pinned }),
    );
    expect(names(two.frontendIPConfigurations)).toEqual([A_BASE]);
    expect(names(two.loadBalancingRules)).toEqual([`${A_BASE}-TCP-80`, `${B_BASE}-TCP-81`]);
  });
  it("is left for an address of its own", () => {
    const next = planned(both(), service({ name: "b", uid: uidOf(2), ports: ["443/30443"] }), { live: [A_BASE] });
    expect(names(next.frontendIPConfigurations)).toEqual([A_BASE, B_BASE]);
    expect(next.loadBalancingRules?.[1]?.frontendIPConfiguration?.id).toBe(frontendId(B_BASE));
  });
  it("is joined from an address of its own", () => {
    const apart = planned(planned(undefined, A), service({ name: "b", uid: uidOf(2), ports: ["443/30443"] }));
    expect(names(planned(apart, b, { publicIps: { IPv4: SHARED }, live: [A_BASE] }).frontendIPConfigurations)).toEqual([
      A_BASE,
    ]);
  });
  it("on a frontend that a tool made is never taken away", () => {
    const foreign = { name: "egress", id: frontendId("egress"), publicIPAddress: { id: SHARED } };
    const current = loadBalancer({ frontendIPConfigurations: [foreign] });
    const used = planned(current, b, { publicIps: { IPv4: SHARED } });
    expect(names(used.frontendIPConfigurations)).toEqual(["egress"]);
    expect(removed(used, b).next?.frontendIPConfigurations).toEqual([foreign]);
  });
});

describe("a Service that goes", () => {
  it("LB 5 leaves its neighbour", () => {
    const two = echoed(planned(echoed(planned(undefined, A)), service()));
    const { next } = removed(two, {}, [A_BASE]);
    expect(names(next?.frontendIPConfigurations)).toEqual([A_BASE]);
    expect(next?.loadBalancingRules?.[0]).toBe(two.loadBalancingRules?.[0]);
  });
  it("LB 6 leaves a foreign frontend with its outbound rule", () => {
    const egress = { name: "egress", id: frontendId("egress"), publicIPAddress: { id: publicIpIdOf("egress") } };
    const outboundRules = [{ name: "out", frontendIPConfigurations: [{ id: frontendId("egress") }] }];
    const before = loadBalancer({ frontendIPConfigurations: [egress], outboundRules });
    const { next, remarks } = removed(planned(before, service()), {});
    expect(next?.frontendIPConfigurations).toEqual([egress]);
    expect(next?.outboundRules).toBe(outboundRules);
    expect(remarks).toEqual([]);
  });
  it("LB 7 leaves its own frontend when an outbound rule uses it, and says so", () => {
    const outboundRules = [{ name: "out", frontendIPConfigurations: [{ id: frontendId(B) }] }];
    const { next, remarks } = removed({ ...echoed(planned(undefined, service())), outboundRules }, {});
    expect(next).toMatchObject({ frontendIPConfigurations: [{ name: B }], loadBalancingRules: [], probes: [] });
    expect(remarks).toEqual([
      {
        reason: "DeletingFrontendIPConfiguration",
        field: frontendId(B),
        text: `isFrontendIPConfigUnsafeToDelete: frontend IP configuration with ID ${frontendId(B)} on LB kubernetes cannot be deleted because it is being referenced by the outbound rule out`,
      },
    ]);
  });
  it("names every kind of reference", () => {
    const frontendIPConfiguration = { id: frontendId(B) };
    const current = {
      ...echoed(planned(undefined, service())),
      inboundNatRules: [{ name: "r", frontendIPConfiguration }],
      inboundNatPools: [{ name: "p", frontendIPConfiguration }],
    };
    expect(removed(current as LoadBalancer, {}).remarks.map(({ text }) => text.split("referenced by ")[1])).toEqual([
      "the inbound NAT rule r",
      "the inbound NAT pool p",
    ]);
  });
  it("LB 8 takes a frontend without id for the one of that name", () => {
    const current = echoed(planned(undefined, service()));
    const [{ id: _id, ...frontend } = {}] = current.frontendIPConfigurations ?? [];
    expect(removed({ ...current, frontendIPConfigurations: [frontend] }, {}).next?.frontendIPConfigurations).toEqual(
      [],
    );
  });
  it("changes nothing where it has nothing", () => {
    const current = echoed(planned(undefined, A));
    expect(removed(current, {}).next).toBe(current);
  });
});

describe("LB 66 the shared probe", () => {
  const shared = config({ probeMode: "shared" });
  const NAME = "cluster-service-shared-health-probe";
  const one = service({ name: "a", uid: uidOf(1), ports: ["80/1", "81/2"] });
  const two = service({ name: "b", uid: uidOf(2), ports: ["80/3"] });
  const local = (n: number, name: string) =>
    service({ name, uid: uidOf(n), externalTrafficPolicy: "Local", healthCheckNodePort: 30000 + n });
  const localProbe = (n: number) => `a${uidOf(n).replaceAll("-", "")}`.slice(0, 32).concat(`-TCP-${30000 + n}`);
  const plan = (current: LoadBalancer | undefined, ...services: readonly ReturnType<typeof service>[]) =>
    services.reduce<LoadBalancer | undefined>((each, next) => echoed(planned(each, next, { config: shared })), current);
  const drop = (current: LoadBalancer | undefined, gone: ReturnType<typeof service>) =>
    planBalancer(current, wishOf(gone, { gone: true, config: shared })).next;

  it("is made once for all", () => {
    expect(names(plan(undefined, one, two)?.probes)).toEqual([NAME]);
    expect(names(plan(undefined, one, two, local(3, "c"))?.probes)).toEqual([NAME, localProbe(3)]);
  });
  it("goes with the last Service that uses it", () => {
    const all = plan(undefined, one, two, local(3, "c"));
    expect(names(drop(all, one)?.probes)).toEqual([NAME, localProbe(3)]);
    expect(names(drop(drop(all, one), two)?.probes)).toEqual([localProbe(3)]);
  });
  it("goes when the last one turns to Local, however many ports it has", () => {
    expect(names(plan(plan(undefined, one, two), local(2, "b"))?.probes)).toEqual([NAME, localProbe(2)]);
    expect(new Set(names(plan(plan(undefined, one, two), local(2, "b"), local(1, "a"))?.probes))).toEqual(
      new Set([localProbe(1), localProbe(2)]),
    );
  });
  it("is the same one in whatever letter case ARM echoes it", () => {
    const before = plan(undefined, one, two);
    const shouted = JSON.parse(JSON.stringify(before).replaceAll(NAME, NAME.toUpperCase())) as LoadBalancer;
    expect(planned(shouted, one, { config: shared })).toBe(shouted);
    expect(names(drop(shouted, one)?.probes)).toEqual([NAME.toUpperCase()]);
    expect(names(drop(drop(shouted, one), two)?.probes ?? [])).toEqual([]);
  });
  it("stays for those who have not changed from shared mode yet", () => {
    const first = planned(plan(undefined, one, two), one);
    expect(names(first.probes)).toContain(NAME);
    expect(names(planned(first, two).probes)).not.toContain(NAME);
  });
});

describe("the edit", () => {
  it("names owner, order and what it is about, in lower case", () => {
    const edit = balancerEdit(wishOf(service()));
    expect(edit).toMatchObject({ owner: "shop/web", order: "2026-01-01T00:00:00Z shop/web" });
    expect(edit.mentions).toEqual([publicIpIdOf(`kubernetes-${B}`).toLowerCase(), B, `${B}-tcp-80`]);
  });
});
