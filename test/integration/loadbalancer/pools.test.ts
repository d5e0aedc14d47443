import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { stateOf } from "../../fixtures/arm-state.ts";
import { type AzureRig, withRig } from "../../fixtures/azure-rig.ts";
import { membersOf } from "../../fixtures/balancer-facts.ts";
import { textOf, withPool } from "../../fixtures/planted.ts";
import { EXAMPLE_BASE as B, service } from "../../fixtures/service.ts";

const web = service();
const NIC = { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" };
/** Says that a machine was written once. */
const DERIVED = ["modelDefinitionApplied", "latestModelApplied"];
const SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets";

function namesOf(rig: AzureRig): readonly string[] {
  return rig.nodes.map(({ metadata }) => metadata.name);
}

/** A balancer with the cluster's pool, as a provisioning tool makes it. */
function plantBalancer(rig: AzureRig, name = "kubernetes"): string {
  const id = rig.id("loadBalancers", name);
  const { location } = rig.facts;
  rig.arm.put(id, {
    location,
    sku: { name: "Standard" },
    properties: { backendAddressPools: [{ name: "kubernetes" }] },
  });
  return `${id}/backendAddressPools/kubernetes`;
}

/** Puts the model of the scale set, and no instance, into a pool. */
function plantModel(rig: AzureRig, poolId: string): void {
  for (const body of rig.arm.resources.list(SCALE_SET)) rig.arm.put(textOf(body, "id"), withPool(body, poolId));
}

describe("pools", () => {
  it("LB 14 a balancer that the model of a scale set names by the time of its DELETE is taken out of it, then deleted", () =>
    withRig({ azureJson: NIC }, async (rig) => {
      await rig.ensure(web);
      const pool = `${rig.id("loadBalancers", "kubernetes")}/backendAddressPools/kubernetes`;
      const end = rig.arm.intercept(({ stage, request: { method, url } }) => {
        if (stage !== "received" || method !== "DELETE" || !url.pathname.includes("/loadBalancers/")) return undefined;
        plantModel(rig, pool);
        end();
        return undefined;
      });
      await rig.delete(web);
      assert.deepEqual(rig.names("loadBalancers"), []);
      assert.ok(!JSON.stringify(rig.arm.resources.list(SCALE_SET)).includes("backendAddressPools/"));
    }));

  for (const types of ["external", "all"]) {
    it(`LB 16 (differs: our frontend goes) members and balancer are the provisioning tool's (${types})`, () =>
      withRig({ azureJson: { ...NIC, preConfiguredBackendPoolLoadBalancerTypes: types } }, async (rig) => {
        plantBalancer(rig);
        await rig.ensure(web);
        assert.deepEqual(membersOf(rig), []);
        assert.equal(rig.arm.journal.writes(/Microsoft\.Compute/).length, 0);
        await rig.delete(web);
        assert.deepEqual(rig.names("loadBalancers"), ["kubernetes"]);
        assert.deepEqual(rig.children("loadBalancers", "kubernetes", "frontendIPConfigurations"), []);
        assert.deepEqual(rig.children("loadBalancers", "kubernetes", "backendAddressPools"), ["kubernetes"]);
        assert.deepEqual(rig.names("publicIPAddresses"), []);
      }));
  }

  for (const azureJson of [{}, NIC]) {
    const pool = azureJson === NIC ? "NIC-based" : "IP-based";
    it(`LB 81 a pool is never emptied: with no node left its members stay (${pool})`, () =>
      withRig({ azureJson }, async (rig) => {
        await rig.ensure(web);
        await rig.ensure(web, []);
        assert.deepEqual(membersOf(rig), namesOf(rig));
        const excluded = rig.nodes.map((each) => ({
          ...each,
          metadata: { ...each.metadata, labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "" } },
        }));
        await rig.ensure(web, excluded);
        assert.deepEqual(membersOf(rig), namesOf(rig));
      }));
  }

  it("LB 83 machines in another balancer's pool are left alone; the internal sibling is the same balancer", () =>
    withRig({ azureJson: NIC }, async (rig) => {
      const foreign = plantBalancer(rig, "somebody-elses");
      plantModel(rig, foreign);
      for (const body of rig.arm.resources.list(`${SCALE_SET}/virtualMachines`).slice(0, 1))
        rig.arm.put(textOf(body, "id"), withPool(body, foreign));
      await rig.ensure(web);
      assert.deepEqual(membersOf(rig), namesOf(rig).slice(1));
      assert.deepEqual(membersOf(rig, "somebody-elses"), namesOf(rig).slice(0, 1));
      await rig.ensure(service({ annotations: { "azure-load-balancer-internal": "true" } }));
      await rig.idle();
      assert.deepEqual(membersOf(rig, "kubernetes-internal"), namesOf(rig).slice(1));
    }));

  it("LB 64 UDP has a rule and no probe; with externalTrafficPolicy Local it has the Service's probe", () =>
    withRig({}, async (rig) => {
      const udp = service({ ports: ["UDP 53/30053"] });
      await rig.ensure(udp);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "probes"), []);
      await rig.ensure(
        service({ ports: ["UDP 53/30053"], externalTrafficPolicy: "Local", healthCheckNodePort: 32000 }),
      );
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "probes"), [`${B}-TCP-32000`]);
      await rig.ensure(udp);
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "probes"), []);
    }));

  it("a machine that cannot be written does not keep the others out, is told of, and joins later", () =>
    withRig({ azureJson: NIC }, async (rig) => {
      const [first = ""] = namesOf(rig);
      const body = { error: { code: "ScopeLocked", message: "Scripted." } };
      const path = /virtualMachines\/0$/;
      const fault = rig.arm.faults.script({
        method: "PUT",
        path,
        nth: "every",
        at: "received",
        with: { status: 409, body },
      });
      await rig.ensure(web);
      assert.deepEqual(membersOf(rig), namesOf(rig).slice(1));
      assert.deepEqual(rig.events.map(({ key, reason }) => `${key} ${reason}`).slice(0, 1), [
        `${first} CreateOrUpdateInterface`,
      ]);
      fault.remove();
      await rig.eventually(() => membersOf(rig).length === 3);
      await rig.idle();
    }));

  it("a machine that cannot be written is not tried again when the balancer is gone", () =>
    withRig({ azureJson: NIC }, async (rig) => {
      const before = stateOf(rig, DERIVED);
      const body = { error: { code: "ScopeLocked", message: "Scripted." } };
      const path = /virtualMachines\/0$/;
      rig.arm.faults.script({ method: "PUT", path, nth: "every", at: "received", with: { status: 409, body } });
      await rig.ensure(web);
      await rig.delete(web);
      await rig.idle();
      assert.deepEqual(stateOf(rig, DERIVED), before);
    }));
});
