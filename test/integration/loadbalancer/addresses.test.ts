import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { stateOf } from "../../fixtures/arm-state.ts";
import { type AzureRig, withRig } from "../../fixtures/azure-rig.ts";
import { plantPublicIp } from "../../fixtures/planted.ts";
import { EXAMPLE_BASE as B, service, uidOf } from "../../fixtures/service.ts";

const web = service();
const INTERNAL = { "azure-load-balancer-internal": "true" };
const SECOND = "a000000027d524f0a9c6e2b8d1f3a5e7";
const OWN = `kubernetes-${B}`;
const TWO_SUBNETS = {
  vmss: { nodes: [{}, {}] },
  network: {
    subnets: [
      { name: "nodes", addressPrefix: "10.240.0.0/24" },
      { name: "other", addressPrefix: "10.240.1.0/24" },
    ],
  },
};

function tagsOf(rig: AzureRig, name: string): JsonObject | undefined {
  return rig.arm.resources.get(rig.id("publicIPAddresses", name))?.["tags"] as JsonObject | undefined;
}

function tagged(services: string, cluster = "kubernetes"): JsonObject {
  return { tags: { "k8s-azure-service": services, "k8s-azure-cluster-name": cluster } };
}

const frontends = (rig: AzureRig, balancer = "kubernetes"): readonly string[] =>
  rig.children("loadBalancers", balancer, "frontendIPConfigurations");
const rules = (rig: AzureRig, balancer = "kubernetes"): readonly string[] =>
  rig.children("loadBalancers", balancer, "loadBalancingRules");

describe("private addresses", () => {
  it("LB 19 another subnet: the old frontend goes, the address is one of the new subnet", () =>
    withRig({ seed: TWO_SUBNETS }, async (rig) => {
      await rig.ensure(service({ annotations: INTERNAL }));
      const moved = service({ annotations: { ...INTERNAL, "azure-load-balancer-internal-subnet": "other" } });
      const [address = ""] = await rig.ensure(moved);
      await rig.idle();
      assert.match(address, /^10\.240\.1\./);
      assert.deepEqual(frontends(rig, "kubernetes-internal"), [`${B}-other`]);
    }));

  it("LB 21 another wanted address: the frontend gets it, and the security group follows", () =>
    withRig({}, async (rig) => {
      const at = (address: string) =>
        service({
          annotations: { ...INTERNAL, "azure-load-balancer-ipv4": address, "azure-allowed-ip-ranges": "10.0.0.0/8" },
        });
      await rig.ensure(at("10.240.0.50"));
      assert.deepEqual(await rig.ensure(at("10.240.0.60")), ["10.240.0.60"]);
      await rig.idle();
      assert.doesNotMatch(JSON.stringify(stateOf(rig)), /10\.240\.0\.50/);
    }));

  it("LB 49 two Services with the same one share a frontend", () =>
    withRig({}, async (rig) => {
      const annotations = { ...INTERNAL, "azure-load-balancer-ipv4": "10.240.0.50" };
      await rig.ensure(service({ annotations }));
      await rig.ensure(service({ name: "api", uid: uidOf(2), ports: ["443/30443"], annotations }));
      assert.deepEqual(frontends(rig, "kubernetes-internal"), [B]);
      assert.deepEqual(rules(rig, "kubernetes-internal"), [`${SECOND}-TCP-443`, `${B}-TCP-80`]);
    }));
});

describe("public IPs", () => {
  it("LB 10 (differs: answers to writes keep what is known fresh) another Service costs no list", () =>
    withRig({}, async (rig) => {
      const lists = (): number =>
        rig.arm.journal.count(
          ({ method, path }) => method === "GET" && /(publicIPAddresses|loadBalancers)$/.test(path),
        );
      await rig.ensure(web);
      const before = lists();
      await rig.ensure(service({ name: "api", uid: uidOf(2), ports: ["443/30443"] }));
      await rig.ensure(service({ name: "in", uid: uidOf(3), annotations: INTERNAL }));
      assert.equal(lists(), before);
    }));

  it("LB 28 a private address for an external Service is refused without a request, and taken once it is internal", () =>
    withRig({}, async (rig) => {
      const before = rig.arm.journal.count();
      const loadBalancerIP = "10.240.0.77";
      await assert.rejects(rig.ensure(service({ loadBalancerIP })), /cannot use non-public LoadBalancer IP/);
      assert.equal(rig.arm.journal.count(), before);
      assert.deepEqual(await rig.ensure(service({ loadBalancerIP, annotations: INTERNAL })), [loadBalancerIP]);
    }));

  it("LB 31 (differs: only those with names we make) the Service's own goes when it names another", () =>
    withRig({}, async (rig) => {
      plantPublicIp(rig, "pip1", tagged("shop/web"));
      plantPublicIp(rig, "testPIP");
      const [old] = await rig.ensure(web);
      await rig.ensure(service({ annotations: { "azure-pip-name": "testPIP" } }));
      await rig.idle();
      assert.deepEqual(rig.names("publicIPAddresses"), ["pip1", "testPIP"]);
      assert.equal(rig.children("networkSecurityGroups", "kubernetes-nsg", "securityRules").length, 1);
      const group = JSON.stringify(rig.properties("networkSecurityGroups", "kubernetes-nsg"));
      assert.ok(old !== undefined && !group.includes(old), "the released address is closed");
    }));

  it("LB 32 (differs: the tag no longer names it) one that it shared with another Service stays", () =>
    withRig({}, async (rig) => {
      const [address = ""] = await rig.ensure(web);
      const annotations = { "azure-load-balancer-ipv4": address };
      const words = { name: "api", uid: uidOf(2), ports: ["443/30443"] };
      await rig.ensure(service({ ...words, annotations }));
      plantPublicIp(rig, "testPIP");
      await rig.ensure(service({ ...words, annotations: { "azure-pip-name": "testPIP" } }));
      await rig.idle();
      assert.equal(tagsOf(rig, OWN)?.["k8s-azure-service"], "shop/web");
      assert.deepEqual(frontends(rig), [SECOND, B]);
    }));

  it("LB 34 the Service's own goes when it names one in another resource group, which stays as it is", () =>
    withRig({}, async (rig) => {
      const address = plantPublicIp(rig, "byo", {}, "other");
      await rig.ensure(web);
      const moved = { "azure-pip-name": "byo", "azure-load-balancer-resource-group": "other" };
      assert.deepEqual(await rig.ensure(service({ annotations: moved })), [address]);
      await rig.idle();
      assert.deepEqual(rig.names("publicIPAddresses"), ["byo"]);
      assert.equal(tagsOf(rig, "byo"), undefined);
      await rig.delete(service({ annotations: moved }));
      assert.deepEqual(rig.names("publicIPAddresses"), ["byo"]);
      assert.deepEqual(rig.names("loadBalancers"), []);
    }));

  it("LB 35 one that is tagged for the Service by another cluster is never deleted", () =>
    withRig({}, async (rig) => {
      plantPublicIp(rig, "kubernetes-a0", tagged("shop/web", "another"));
      await rig.ensure(web);
      await rig.delete(web);
      assert.deepEqual(rig.names("publicIPAddresses"), ["kubernetes-a0"]);
    }));

  it("LB 36 one whose creation failed goes with the Service", () =>
    withRig({}, async (rig) => {
      rig.arm.faults.failOperation({
        method: "PUT",
        path: "publicIPAddresses",
        nth: "every",
        status: "Failed",
        code: "InternalServerError",
      });
      await assert.rejects(rig.ensure(web), /InternalServerError/);
      assert.deepEqual(rig.names("publicIPAddresses"), [OWN]);
      await rig.restart();
      await rig.delete(web);
      assert.deepEqual(rig.names("publicIPAddresses"), []);
    }));

  it("LB 37 a DNS label comes, changes, goes by an empty annotation, and stays without one", () =>
    withRig({}, async (rig) => {
      const labelled = (label: string) => service({ annotations: { "azure-dns-label-name": label } });
      const label = (): unknown =>
        (rig.properties("publicIPAddresses", OWN)?.["dnsSettings"] as JsonObject | undefined)?.["domainNameLabel"];
      await rig.ensure(labelled("web"));
      assert.equal(label(), "web");
      assert.equal(tagsOf(rig, OWN)?.["k8s-azure-dns-label-service"], "shop/web");
      await rig.ensure(web);
      assert.equal(label(), "web");
      await rig.ensure(labelled(""));
      assert.equal(label(), undefined);
    }));

  it("LB 38 a DNS label that another Service has set on it is refused, naming that one; the label stays", () =>
    withRig({}, async (rig) => {
      const [address = ""] = await rig.ensure(service({ annotations: { "azure-dns-label-name": "web" } }));
      const annotations = { "azure-load-balancer-ipv4": address, "azure-dns-label-name": "api" };
      const rival = service({ name: "api", uid: uidOf(2), ports: ["443/30443"], annotations });
      await assert.rejects(rig.ensure(rival), /existing service shop\/web consuming the DNS label/);
      assert.deepEqual(rules(rig), [`${B}-TCP-80`]);
    }));

  for (const [number, by] of [
    [45, "its address"],
    [50, "its name"],
  ] as const) {
    it(`LB ${number} is shared by ${by}: one frontend, the rules of both, both in the tag`, () =>
      withRig({}, async (rig) => {
        const [address = ""] = await rig.ensure(web);
        const annotations: Record<string, string> =
          number === 45 ? { "azure-load-balancer-ipv4": address } : { "azure-pip-name": OWN };
        const sharing = service({ name: "api", uid: uidOf(2), ports: ["443/30443"], annotations });
        assert.deepEqual(await rig.ensure(sharing), [address]);
        assert.deepEqual(frontends(rig), [B]);
        assert.deepEqual(rules(rig), [`${SECOND}-TCP-443`, `${B}-TCP-80`]);
        assert.equal(tagsOf(rig, OWN)?.["k8s-azure-service"], "shop/web,shop/api");
      }));
  }

  it("LB 48 outlives the Service it was made for, and goes with the last", () =>
    withRig({}, async (rig) => {
      const before = stateOf(rig);
      const [address = ""] = await rig.ensure(web);
      const sharing = service({
        name: "api",
        uid: uidOf(2),
        ports: ["443/30443"],
        annotations: { "azure-load-balancer-ipv4": address },
      });
      await rig.ensure(sharing);
      await rig.delete(web);
      assert.deepEqual(frontends(rig), [B]);
      assert.deepEqual(rules(rig), [`${SECOND}-TCP-443`]);
      assert.equal(tagsOf(rig, OWN)?.["k8s-azure-service"], "shop/api");
      await rig.delete(sharing);
      assert.deepEqual(stateOf(rig), before);
    }));

  it("LB 48 goes with the last that shares its frontend, although the first one lives on as an internal Service", () =>
    withRig({}, async (rig) => {
      plantPublicIp(rig, "byo");
      const annotations = { "azure-pip-name": "byo" };
      const sharing = service({ name: "api", uid: uidOf(2), ports: ["443/30443"], annotations });
      await rig.ensure(service({ annotations }));
      await rig.ensure(sharing);
      await rig.ensure(service({ annotations: INTERNAL }));
      await rig.idle();
      assert.deepEqual(rules(rig), [`${SECOND}-TCP-443`]);
      await rig.delete(sharing);
      assert.deepEqual(rig.names("loadBalancers"), ["kubernetes-internal"]);
    }));

  it("LB 52 from internal to external: what is left of the internal one costs no list of public IPs", () =>
    withRig({}, async (rig) => {
      await rig.ensure(service({ annotations: INTERNAL }));
      const lists = (): number =>
        rig.arm.journal.count(({ method, path }) => method === "GET" && path.endsWith("publicIPAddresses"));
      await rig.ensure(web);
      const before = lists();
      await rig.idle();
      assert.deepEqual(rig.names("loadBalancers"), ["kubernetes"]);
      assert.equal(lists(), before);
    }));

  it("is not deleted twice: letting go of its frontend changes its version, so it is read before", () =>
    withRig({}, async (rig) => {
      await rig.ensure(web);
      await rig.delete(web);
      assert.equal(
        rig.arm.journal.count(({ method, path }) => method === "DELETE" && path.includes("publicIPAddresses")),
        1,
      );
    }));

  it("that a process left in the making is waited for by the next one", () =>
    withRig(
      { arm: { latency: { answerMs: () => 0, operationMs: () => 3000, retryAfterSeconds: () => undefined } } },
      async (rig) => {
        const caller = new AbortController();
        rig.arm.intercept(({ stage, request }) => {
          if (stage === "committed" && request.method === "PUT") caller.abort(new Error("killed"));
          return undefined;
        });
        await assert.rejects(rig.ensure(web, rig.nodes, caller.signal), { code: "Aborted" });
        await rig.restart();
        assert.equal((await rig.ensure(web)).length, 1);
      },
    ));
});
