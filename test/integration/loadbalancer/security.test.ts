import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { stateOf } from "../../fixtures/arm-state.ts";
import { type AzureRig, withRig } from "../../fixtures/azure-rig.ts";
import { plantPublicIp } from "../../fixtures/planted.ts";
import { service, uidOf } from "../../fixtures/service.ts";

const NSG = "kubernetes-nsg";
const web = service();
const WITHOUT_FLOATING = { "azure-disable-load-balancer-floating-ip": "true" };
const bare = service({ annotations: WITHOUT_FLOATING });

interface Rule {
  readonly name: string;
  readonly properties: {
    readonly destinationAddressPrefix?: string;
    readonly destinationAddressPrefixes?: readonly string[];
    readonly destinationPortRanges?: readonly string[];
  };
}

/** `ports -> destinations` of every managed rule, sorted. */
function opened(rig: AzureRig): readonly string[] {
  const rules = (rig.properties("networkSecurityGroups", NSG)?.["securityRules"] ?? []) as unknown as readonly Rule[];
  return rules
    .filter(({ name }) => name.startsWith("k8s-azure-lb_allow"))
    .map(({ properties: { destinationAddressPrefix: one, destinationAddressPrefixes: many = [], ...rest } }) => {
      const destinations = [...(one === undefined ? [] : [one]), ...many];
      return `${rest.destinationPortRanges?.join()} -> ${destinations.join()}`;
    })
    .toSorted();
}

function addresses(rig: AzureRig, ...numbers: readonly number[]): string {
  return numbers
    .map((number) => rig.facts.nodes[number]?.internalIP ?? "")
    .toSorted()
    .join();
}

describe("the security group", () => {
  it("LB 57, LB 72 without floating IP opens the nodes' ports, and follows the nodes", () =>
    withRig({}, async (rig) => {
      await rig.ensure(bare);
      assert.deepEqual(opened(rig), [`30080 -> ${addresses(rig, 0, 1, 2)}`]);
      await rig.ensure(bare, rig.nodes.slice(1));
      assert.deepEqual(opened(rig), [`30080 -> ${addresses(rig, 1, 2)}`]);
      await rig.ensure(bare);
      assert.deepEqual(opened(rig), [`30080 -> ${addresses(rig, 0, 1, 2)}`]);
    }));

  it("LB 72 a node that left is closed although the write about it failed at first", () =>
    withRig({}, async (rig) => {
      await rig.ensure(bare);
      const body = { error: { code: "AuthorizationFailed", message: "Scripted." } };
      rig.arm.faults.script({ method: "PUT", path: NSG, at: "received", with: { status: 403, body } });
      await assert.rejects(rig.ensure(bare, rig.nodes.slice(1)), { code: "PermissionDenied" });
      await rig.ensure(bare, rig.nodes.slice(1));
      assert.deepEqual(opened(rig), [`30080 -> ${addresses(rig, 1, 2)}`]);
    }));

  for (const restarted of [false, true]) {
    const when = restarted ? ", by another process" : "";
    it(`LB 72 floating IP turned off and on again moves the rules and leaves none behind${when}`, () =>
      withRig({}, async (rig) => {
        const [address] = await rig.ensure(web);
        assert.deepEqual(opened(rig), [`80 -> ${address}`]);
        if (restarted) await rig.restart();
        await rig.ensure(bare);
        assert.deepEqual(opened(rig), [`30080 -> ${addresses(rig, 0, 1, 2)}`]);
        if (restarted) await rig.restart();
        await rig.ensure(web);
        assert.deepEqual(opened(rig), [`80 -> ${address}`]);
      }));
  }

  it("LB 72 the nodes are closed when the Service goes, although the process that deletes it never saw a node list", () =>
    withRig({}, async (rig) => {
      const before = stateOf(rig);
      await rig.ensure(bare);
      await rig.restart();
      await rig.delete(bare);
      assert.deepEqual(stateOf(rig), before);
    }));

  it("LB 72 of two Services without floating IP one goes; the other stays open", () =>
    withRig({}, async (rig) => {
      const other = service({ name: "api", uid: uidOf(2), ports: ["443/30443"], annotations: WITHOUT_FLOATING });
      await rig.ensure(bare);
      await rig.ensure(other);
      await rig.restart();
      await rig.delete(bare);
      assert.deepEqual(opened(rig), [`30443 -> ${addresses(rig, 0, 1, 2)}`]);
    }));

  it("LB 72 a Service that has no address yet is not opened by another one's pass", () =>
    withRig({}, async (rig) => {
      const other = service({ name: "api", uid: uidOf(2), ports: ["443/30443"], annotations: WITHOUT_FLOATING });
      rig.services.set("shop/web", bare);
      await rig.ensure(other);
      await rig.ensure(service({ name: "api", uid: uidOf(2), ports: ["443/30443"] }));
      assert.ok(opened(rig).every((each) => each.startsWith("443 -> ")));
    }));

  it("LB 72 a node that was excluded while no process ran is closed", () =>
    withRig({ azureJson: { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" } }, async (rig) => {
      await rig.ensure(bare);
      await rig.restart();
      await rig.ensure(bare, rig.nodes.slice(1));
      assert.deepEqual(opened(rig), [`30080 -> ${addresses(rig, 1, 2)}`]);
    }));

  for (const annotations of [{}, WITHOUT_FLOATING]) {
    const how = "azure-disable-load-balancer-floating-ip" in annotations ? "without" : "with";
    it(`LB 73 a Service that wants no rules loses its own, ${how} floating IP`, () =>
      withRig({}, async (rig) => {
        await rig.ensure(service({ annotations }));
        await rig.ensure(service({ annotations: { ...annotations, "azure-disable-load-balancer-nsg-rule": "true" } }));
        assert.deepEqual(opened(rig), []);
      }));
  }

  it("LB 77 a Service leaves a shared address; what the other one there needs stays open", () =>
    withRig({}, async (rig) => {
      const [address = ""] = await rig.ensure(service({ ports: ["18000/31800", "19000/31900"] }));
      const annotations = { "azure-load-balancer-ipv4": address };
      const sharing = service({ name: "api", uid: uidOf(2), ports: ["443/30443"], annotations });
      await rig.ensure(sharing);
      await rig.restart();
      await rig.delete(sharing);
      assert.deepEqual(opened(rig), [`18000,19000 -> ${address}`]);
    }));

  it("LB 81 stays as it is while the cluster has no node", () =>
    withRig({}, async (rig) => {
      await rig.ensure(bare);
      const before = stateOf(rig);
      rig.nodes = [];
      await rig.restart();
      await rig.ensure(bare, []);
      assert.deepEqual(stateOf(rig), before);
    }));

  it("what an aborted pass has opened on an address is closed by the next one that uses another", () =>
    withRig({}, async (rig) => {
      const byo = plantPublicIp(rig, "byo");
      const caller = new AbortController();
      rig.arm.intercept(({ stage, request }) => {
        if (stage === "received" && request.method === "PUT") caller.abort(new Error("changed again"));
        return undefined;
      });
      const annotations = { "azure-pip-name": "byo", "azure-deny-all-except-load-balancer-source-ranges": "true" };
      const first = service({ annotations, loadBalancerSourceRanges: ["198.51.100.0/24"] });
      await assert.rejects(rig.ensure(first, rig.nodes, caller.signal), { code: "Aborted" });
      await rig.ensure(web);
      await rig.idle();
      assert.ok(!JSON.stringify(rig.properties("networkSecurityGroups", NSG)).includes(byo));
    }));

  for (const crash of [false, true]) {
    it(`LB 51 nothing stays open for a released address${crash ? ", whoever takes over between" : ""}`, () =>
      withRig({}, async (rig) => {
        const [old = ""] = await rig.ensure(web);
        await rig.ensure(service({ annotations: { "azure-load-balancer-internal": "true" } }));
        if (crash) {
          await rig.restart();
          await rig.ensure(service({ annotations: { "azure-load-balancer-internal": "true" } }));
        }
        await rig.idle();
        assert.ok(!JSON.stringify(stateOf(rig)).includes(old));
      }));
  }
});
