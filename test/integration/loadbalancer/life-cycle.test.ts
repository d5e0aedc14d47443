import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { type AzureRig, withRig } from "../../fixtures/azure-rig.ts";
import { membersOf } from "../../fixtures/balancer-facts.ts";
import { EXAMPLE_BASE as B, service, uidOf } from "../../fixtures/service.ts";

const web = service();
const second = service({ name: "api", uid: uidOf(2), ports: ["443/30443"] });
const internal = { annotations: { "azure-load-balancer-internal": "true" } };
const NSG = "kubernetes-nsg";
const FOREIGN = {
  vmss: { nodes: [{}, {}, {}] },
  securityGroup: { rules: [{ name: "ops", priority: 200, ports: "22" }] },
};

/** A balancer that a provisioning tool has made, with a frontend for outbound traffic. */
function plantOutbound(rig: AzureRig, frontend = "egress"): void {
  const publicIp = rig.id("publicIPAddresses", "egress-ip");
  const { location } = rig.facts;
  rig.arm.put(publicIp, { location, sku: { name: "Standard" }, properties: { publicIPAllocationMethod: "Static" } });
  const id = rig.id("loadBalancers", "kubernetes");
  rig.arm.put(id, {
    location,
    sku: { name: "Standard" },
    properties: {
      frontendIPConfigurations: [{ name: frontend, properties: { publicIPAddress: { id: publicIp } } }],
      backendAddressPools: [{ name: "kubernetes" }],
      outboundRules: [
        {
          name: "egress-rule",
          properties: {
            frontendIPConfigurations: [{ id: `${id}/frontendIPConfigurations/${frontend}` }],
            backendAddressPool: { id: `${id}/backendAddressPools/kubernetes` },
            protocol: "All",
          },
        },
      ],
    },
  });
}

function tagsOf(rig: AzureRig, publicIp: string): unknown {
  return rig.arm.resources.get(rig.id("publicIPAddresses", publicIp))?.["tags"];
}

const get = (rig: AzureRig, what = web) =>
  rig.balancer.getLoadBalancer("kubernetes", what, new AbortController().signal);

describe("life cycle of a Service on the simulator", () => {
  it("LB 1: nothing in ARM is not found; a lone public IP of ours is found, without a status", () =>
    withRig({}, async (rig) => {
      assert.equal(await get(rig), undefined);
      rig.arm.put(rig.id("publicIPAddresses", `kubernetes-${B}`), {
        location: rig.facts.location,
        sku: { name: "Standard" },
        tags: { "k8s-azure-service": "shop/web", "k8s-azure-cluster-name": "kubernetes" },
        properties: { publicIPAllocationMethod: "Static" },
      });
      assert.deepEqual(await get(rig), { status: undefined });
    }));

  it("LB 2: an external Service that only has a frontend on the internal balancer is found", () =>
    withRig({}, async (rig) => {
      const [address] = await rig.ensure(service(internal));
      await rig.restart();
      assert.deepEqual(await get(rig), { status: { ingress: [{ ip: address }] } });
    }));

  it("LB 3: an external Service comes and goes; the security group is back to its foreign rules", () =>
    withRig({ seed: FOREIGN }, async (rig) => {
      await rig.ensure(web);
      assert.deepEqual(rig.names("loadBalancers"), ["kubernetes"]);
      assert.deepEqual(rig.names("publicIPAddresses"), [`kubernetes-${B}`]);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "frontendIPConfigurations"), [B]);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "loadBalancingRules"), [`${B}-TCP-80`]);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "probes"), [`${B}-TCP-80`]);
      assert.equal(rig.children("networkSecurityGroups", NSG, "securityRules").length, 2);
      await rig.delete(web);
      assert.deepEqual(rig.names("loadBalancers"), []);
      assert.deepEqual(rig.names("publicIPAddresses"), []);
      assert.deepEqual(rig.children("networkSecurityGroups", NSG, "securityRules"), ["ops"]);
    }));

  it("LB 4: an internal Service lives on the internal balancer and never has a public IP", () =>
    withRig({}, async (rig) => {
      const [address = ""] = await rig.ensure(service(internal));
      assert.match(address, /^10\.240\.0\./);
      assert.deepEqual(rig.names("loadBalancers"), ["kubernetes-internal"]);
      await rig.delete(service(internal));
      assert.deepEqual(rig.names("loadBalancers"), []);
      assert.equal(rig.writes("publicIPAddresses"), 0);
    }));

  it("LB 5: of two Services one goes; the balancer keeps the other's frontend", () =>
    withRig({}, async (rig) => {
      await rig.ensure(web);
      await rig.ensure(second);
      await rig.delete(web);
      const [left = ""] = rig.children("loadBalancers", "kubernetes", "frontendIPConfigurations");
      assert.equal(left, "a000000027d524f0a9c6e2b8d1f3a5e7".slice(0, 32));
      assert.deepEqual(rig.names("publicIPAddresses"), [`kubernetes-${left}`]);
    }));

  it("LB 6: a foreign frontend with an outbound rule outlives the last Service", () =>
    withRig({}, async (rig) => {
      plantOutbound(rig);
      await rig.ensure(web);
      assert.equal(rig.children("loadBalancers", "kubernetes", "frontendIPConfigurations").length, 2);
      await rig.delete(web);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "frontendIPConfigurations"), ["egress"]);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "loadBalancingRules"), []);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "outboundRules"), ["egress-rule"]);
      assert.deepEqual(rig.names("publicIPAddresses"), ["egress-ip"]);
    }));

  it("LB 7: a frontend of ours that an outbound rule uses stays, with a Warning", () =>
    withRig({}, async (rig) => {
      await rig.ensure(web);
      const id = rig.id("loadBalancers", "kubernetes");
      const body = rig.arm.resources.get(id) as JsonObject;
      const outbound = {
        name: "by-hand",
        properties: {
          frontendIPConfigurations: [{ id: `${id}/frontendIPConfigurations/${B}` }],
          backendAddressPool: { id: `${id}/backendAddressPools/kubernetes` },
          protocol: "All",
        },
      };
      const properties = body["properties"] as JsonObject;
      const rules = (properties["loadBalancingRules"] as unknown as readonly { properties: object }[]).map((rule) => ({
        ...rule,
        properties: { ...rule.properties, disableOutboundSnat: true },
      }));
      rig.arm.put(id, {
        ...body,
        properties: { ...properties, loadBalancingRules: rules, outboundRules: [outbound] },
      } as unknown as JsonObject);
      await rig.restart();
      await rig.delete(web);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "frontendIPConfigurations"), [B]);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "loadBalancingRules"), []);
      const warning = rig.events.find(({ reason }) => reason === "DeletingFrontendIPConfiguration");
      assert.match(warning?.message ?? "", /referenced by the outbound rule by-hand/);
    }));

  it("LB 11: a balancer whose name differs in letter case is the same balancer", () =>
    withRig({}, async (rig) => {
      rig.arm.put(rig.id("loadBalancers", "Kubernetes"), {
        location: rig.facts.location,
        sku: { name: "Standard" },
        properties: {},
      });
      await rig.ensure(web);
      assert.deepEqual(rig.names("loadBalancers"), ["Kubernetes"]);
    }));

  for (const { name, change } of [
    { name: "being deleted", change: { metadata: { ...web.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } } },
    { name: "of another type", change: { spec: { ...web.spec, type: "ClusterIP" as const } } },
    { name: "without balancer in Azure", change: {} },
  ]) {
    it(`LB 12: updating a Service ${name} does nothing`, () =>
      withRig({}, async (rig) => {
        const stale = { ...web, ...change };
        rig.services.set("shop/web", stale);
        await rig.balancer.updateLoadBalancer("kubernetes", web, rig.nodes, new AbortController().signal);
        assert.equal(rig.writes(), 0);
      }));
  }

  it("LB 20: an internal frontend that must be made anew keeps the address that the status shows", () =>
    withRig({}, async (rig) => {
      const [address] = await rig.ensure(service(internal));
      rig.arm.remove(rig.id("loadBalancers", "kubernetes-internal"));
      await rig.restart();
      assert.deepEqual(await rig.ensure(service(internal)), [address]);
    }));

  it("LB 26: a fresh public IP carries the tags that say whose it is", () =>
    withRig({}, async (rig) => {
      await rig.ensure(web);
      assert.deepEqual(tagsOf(rig, `kubernetes-${B}`), {
        "k8s-azure-service": "shop/web",
        "k8s-azure-cluster-name": "kubernetes",
      });
      assert.deepEqual(rig.arm.resources.get(rig.id("publicIPAddresses", `kubernetes-${B}`))?.["zones"], [
        "1",
        "2",
        "3",
      ]);
    }));

  it("LB 27: a public IP that a user named is used, never tagged and never deleted", () =>
    withRig({}, async (rig) => {
      const body = {
        location: rig.facts.location,
        sku: { name: "Standard" },
        properties: { publicIPAllocationMethod: "Static" },
      };
      rig.arm.put(rig.id("publicIPAddresses", "byo"), body);
      const mine = service({ annotations: { "azure-pip-name": "byo" } });
      assert.deepEqual(await rig.ensure(mine), [rig.properties("publicIPAddresses", "byo")?.["ipAddress"]]);
      await rig.delete(mine);
      assert.deepEqual(rig.names("publicIPAddresses"), ["byo"]);
      assert.equal(tagsOf(rig, "byo"), undefined);
      assert.equal(rig.writes("publicIPAddresses"), 0);
    }));

  it("LB 30: a public IP that is named and does not exist is an error, and nothing is created", () =>
    withRig({}, async (rig) => {
      await assert.rejects(
        rig.ensure(service({ annotations: { "azure-pip-name": "missing" } })),
        /pip\(missing\) not found/,
      );
      assert.equal(rig.writes(), 0);
    }));

  it("LB 33: a public IP that another Service shares stays, without the deleted Service in its tag", () =>
    withRig({}, async (rig) => {
      const [address = ""] = await rig.ensure(web);
      const sharing = service({
        name: "api",
        uid: uidOf(2),
        ports: ["443/30443"],
        annotations: { "azure-load-balancer-ipv4": address },
      });
      assert.deepEqual(await rig.ensure(sharing), [address]);
      await rig.delete(web);
      assert.deepEqual((tagsOf(rig, `kubernetes-${B}`) as JsonObject)["k8s-azure-service"], "shop/api");
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "loadBalancingRules"), [
        "a000000027d524f0a9c6e2b8d1f3a5e7-TCP-443",
      ]);
      await rig.delete(sharing);
      assert.deepEqual(rig.names("loadBalancers"), []);
      assert.deepEqual(rig.names("publicIPAddresses"), []);
    }));

  it("LB 51: from external to internal: the new address is shown before the old one is released", () =>
    withRig({}, async (rig) => {
      const [old] = await rig.ensure(web);
      const moved = service(internal);
      const signal = new AbortController().signal;
      const current = { ...moved, status: { loadBalancer: { ingress: [{ ip: old ?? "" }] } } };
      rig.services.set("shop/web", current);
      const status = await rig.balancer.ensureLoadBalancer("kubernetes", current, rig.nodes, signal);
      assert.deepEqual(rig.names("publicIPAddresses"), [`kubernetes-${B}`], "still there: nobody has seen the new one");
      assert.deepEqual(rig.names("loadBalancers"), ["kubernetes", "kubernetes-internal"]);
      rig.services.set("shop/web", { ...current, status: { loadBalancer: status } });
      await rig.eventually(() => rig.names("publicIPAddresses").length === 0);
      assert.deepEqual(rig.names("loadBalancers"), ["kubernetes-internal"]);
      assert.match(status.ingress[0]?.ip ?? "", /^10\.240\.0\./);
      assert.deepEqual(rig.children("networkSecurityGroups", NSG, "securityRules"), []);
    }));

  it("LB 51: and back: the private address goes once the public one is shown", () =>
    withRig({}, async (rig) => {
      await rig.ensure(service(internal));
      const [address = ""] = await rig.ensure(web);
      await rig.eventually(() => rig.names("loadBalancers").join() === "kubernetes");
      assert.equal(rig.properties("publicIPAddresses", `kubernetes-${B}`)?.["ipAddress"], address);
    }));

  for (const poolType of ["nodeIP", "nodeIPConfiguration"]) {
    it(`LB 80: a node with the exclusion label leaves the pool and comes back without it (${poolType})`, () =>
      withRig({ azureJson: { loadBalancerBackendPoolConfigurationType: poolType } }, async (rig) => {
        const names = rig.nodes.map(({ metadata }) => metadata.name);
        await rig.ensure(web);
        assert.deepEqual(membersOf(rig), names);
        await rig.ensure(web, rig.nodes.slice(1)); // the controller leaves it out of the list
        assert.deepEqual(membersOf(rig), names.slice(1));
        await rig.ensure(web);
        assert.deepEqual(membersOf(rig), names);
      }));
  }

  it("a Service that is ensured again, by another process too, costs no write", () =>
    withRig({}, async (rig) => {
      await rig.ensure(web);
      await rig.ensure(second);
      const before = rig.writes();
      await rig.restart();
      await rig.ensure(web);
      await rig.ensure(second);
      assert.equal(rig.writes(), before);
    }));
});
