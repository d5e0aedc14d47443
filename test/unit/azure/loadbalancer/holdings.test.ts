import type { LoadBalancer, PublicIPAddress } from "@azure/arm-network";
import { describe, expect, it } from "vitest";
import { holdingsOf } from "../../../../src/azure/loadbalancer/locate.ts";
import { settleLoadBalancer } from "../../../../src/azure/loadbalancer/plan/settle.ts";
import { addressesOf, statusOf } from "../../../../src/azure/loadbalancer/status.ts";
import { config, echoed, loadBalancer, managedTags, publicIp } from "../../../fixtures/azure-network.ts";
import { planned, settingsOf } from "../../../fixtures/balancer-wish.ts";
import { EXAMPLE_BASE as B, type ServiceWords, service, uidOf } from "../../../fixtures/service.ts";

const INTERNAL = { "azure-load-balancer-internal": "true" };
const OURS = publicIp(`kubernetes-${B}`, { tags: managedTags("shop/web"), ipAddress: "20.1.2.3" });

function held(words: ServiceWords, balancers: readonly LoadBalancer[], publicIps: readonly PublicIPAddress[] = []) {
  return holdingsOf(settingsOf(service(words)), config(), balancers, publicIps);
}

function internalBalancer(words: ServiceWords = {}): LoadBalancer {
  const balancer = echoed(planned(undefined, service({ ...words, annotations: INTERNAL })), "kubernetes-internal");
  const frontends = balancer.frontendIPConfigurations?.map((each) => ({ ...each, privateIPAddress: "10.240.0.7" }));
  return { ...balancer, frontendIPConfigurations: frontends ?? [] };
}

describe("what there is of a Service", () => {
  it("LB 1 is nothing without a balancer and a public IP", () => expect(held({}, [])).toBeUndefined());
  it("LB 1 is a leftover without status when there is only its public IP", () => {
    expect(held({}, [], [OURS])).toEqual({ status: undefined, balancers: [], publicIps: [OURS] });
  });
  it("LB 2 is found on the balancer of the other kind", () => {
    expect(held({}, [internalBalancer()])).toMatchObject({
      status: { ingress: [{ ip: "10.240.0.7" }] },
      balancers: [{ name: "kubernetes-internal" }],
    });
  });
  it("is not what belongs to others", () => {
    const other = service({ name: "other", uid: uidOf(1) });
    expect(
      held({}, [echoed(planned(undefined, other)), loadBalancer({ name: "somebody" })], [publicIp("byo")]),
    ).toBeUndefined();
  });
  it("is not a frontend that it only shares", () => {
    const other = echoed(planned(undefined, service({ name: "other", uid: uidOf(1) })));
    const address = publicIp(`kubernetes-a${uidOf(1).replaceAll("-", "")}`.slice(0, 43), { ipAddress: "20.9.9.9" });
    expect(held({ loadBalancerIP: "20.9.9.9" }, [other], [address])).toBeUndefined();
  });
  it("is a rule that was left behind", () => {
    expect(held({}, [loadBalancer({ loadBalancingRules: [{ name: `${B}-TCP-80` }] })])?.status).toBeUndefined();
  });
});

describe("status", () => {
  const balancer = echoed(planned(undefined, service()));
  it("is the address of the frontend's public IP", () => {
    expect(statusOf(settingsOf(service()), balancer, [OURS])).toEqual({ ingress: [{ ip: "20.1.2.3" }] });
  });
  it("is the private address of an internal frontend", () => {
    const settings = settingsOf(service({ annotations: INTERNAL }));
    expect(statusOf(settings, internalBalancer(), [])).toEqual({ ingress: [{ ip: "10.240.0.7" }] });
  });
  it("is one address per family, in the balancer's order, then the additional ones", () => {
    const words: ServiceWords = {
      ipFamilies: ["IPv6", "IPv4"],
      annotations: { "azure-additional-public-ips": "9.9.9.9" },
    };
    const six = publicIp(`kubernetes-${B}-IPv6`, { publicIPAddressVersion: "IPv6", ipAddress: "2603::1" });
    const both = echoed(planned(undefined, service(words)));
    expect(statusOf(settingsOf(service(words)), both, [six, OURS])).toEqual({
      ingress: [{ ip: "20.1.2.3" }, { ip: "2603::1" }, { ip: "9.9.9.9" }],
    });
  });
  it("is none on a named public IP that has no address yet", () => {
    const { ipAddress: _none, ...bare } = OURS;
    const sharer = settingsOf(
      service({ annotations: { "azure-pip-name": OURS.name as string }, name: "b", uid: uidOf(2) }),
    );
    expect(statusOf(sharer, balancer, [bare])).toBeUndefined();
  });
  it("is none without a frontend", () => expect(statusOf(settingsOf(service()), loadBalancer(), [])).toBeUndefined());
  it("leaves out an address that is not known (the original publishes an empty one)", () => {
    expect(statusOf(settingsOf(service()), balancer, [])).toEqual({ ingress: [] });
  });
  for (const words of [
    { loadBalancerIP: "20.1.2.3" },
    { annotations: { "azure-pip-name": OURS.name as string } },
  ] as const) {
    it(`is the address of a shared frontend, asked for by ${Object.keys(words).join()}`, () => {
      const sharer = settingsOf(service({ ...words, name: "b", uid: uidOf(2) }));
      expect(addressesOf(sharer, balancer, [OURS])).toEqual(["20.1.2.3"]);
    });
  }
});

describe("what becomes of a balancer", () => {
  const cases: readonly {
    name: string;
    balancer: LoadBalancer;
    preconfigured?: "external" | "internal" | "all";
    becomes: string;
  }[] = [
    { name: "goes with the last frontend", balancer: loadBalancer({ loadBalancingRules: [] }), becomes: "remove" },
    {
      name: "goes whatever the letter case of its name",
      balancer: loadBalancer({ name: "Kubernetes-Internal" }),
      becomes: "remove",
    },
    {
      name: "stays for a foreign frontend",
      balancer: loadBalancer({ frontendIPConfigurations: [{ name: "egress" }] }),
      becomes: "keep",
    },
    {
      name: "LB 16 stays when a tool fills its pools",
      balancer: loadBalancer(),
      preconfigured: "external",
      becomes: "keep",
    },
    {
      name: "goes when a tool fills the other's pools",
      balancer: loadBalancer(),
      preconfigured: "internal",
      becomes: "remove",
    },
    { name: "stays when it is not ours", balancer: loadBalancer({ name: "somebody" }), becomes: "keep" },
  ];
  for (const { name, balancer, preconfigured, becomes } of cases) {
    it(name, () => {
      const cluster = config(preconfigured === undefined ? {} : { preconfiguredPools: preconfigured });
      expect(settleLoadBalancer(balancer, cluster)).toBe(becomes);
    });
  }
});
