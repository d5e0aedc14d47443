import { describe, expect, it } from "vitest";
import { prometheusMetrics } from "../../src/base/prometheus.ts";
import type { JsonObject, KubernetesObject } from "../../src/simulator/index.ts";
import { stateOf } from "../fixtures/arm-state.ts";
import { type ClusterRig, withCluster } from "../fixtures/cluster-rig.ts";

const WEB = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] },
};

function eventsOf(rig: ClusterRig, reason: string): readonly KubernetesObject[] {
  return rig.kubernetes.list("Event").filter((event) => event["reason"] === reason);
}

async function gauges(metrics: ReturnType<typeof prometheusMetrics>): Promise<readonly string[]> {
  const lines = (await metrics.expose()).split("\n");
  return lines.filter((line) => /^azure_ccm_(drifting|planned)/.test(line));
}

/** Somebody changes a rule of ours by hand. */
function changeRule(rig: ClusterRig, idleTimeoutInMinutes: number): void {
  const id = `/subscriptions/${rig.facts.subscriptionId}/resourceGroups/${rig.facts.resourceGroup}/providers/Microsoft.Network/loadBalancers/kubernetes`;
  const balancer = rig.arm.resources.get(id) as unknown as {
    properties: { loadBalancingRules: { properties: object }[] };
  };
  const { properties } = balancer;
  const [rule] = properties.loadBalancingRules;
  const changed = { ...rule, properties: { ...rule?.properties, idleTimeoutInMinutes } };
  const body = { ...balancer, properties: { ...properties, loadBalancingRules: [changed] } };
  rig.arm.put(id, body as unknown as JsonObject);
}

describe("observe mode", () => {
  it("writes nothing for a Service that has nothing, and says what is missing", async () => {
    const metrics = prometheusMetrics();
    await withCluster({ mode: "observe", metrics }, async (rig) => {
      rig.kubernetes.create(WEB);
      const [before, version] = [stateOf(rig), versionOf(rig)];
      await rig.start();
      await rig.eventually(() => eventsOf(rig, "LoadBalancerDrift").length > 0);
      const [event] = eventsOf(rig, "LoadBalancerDrift");
      expect(event?.["message"]).toMatch(/^Azure is not as the Service asks: load balancer kubernetes is missing, /);
      expect(event?.["message"]).toMatch(/public IP kubernetes-\S+ is missing\. Nothing is written in observe mode\.$/);
      await rig.stop();
      expect(rig.arm.journal.writes()).toEqual([]);
      expect(stateOf(rig)).toEqual(before);
      expect(versionOf(rig)).toBe(version); // neither finalizer nor status
      expect(await gauges(metrics)).toContain("azure_ccm_drifting_services 1");
      expect(eventsOf(rig, "EnsuredLoadBalancer")).toEqual([]);
    });
  });

  it("is silent about what is as it should be, tells of drift once, and of its end", async () => {
    const metrics = prometheusMetrics();
    await withCluster({ metrics }, async (rig) => {
      rig.kubernetes.create(WEB);
      await rig.start();
      await rig.eventually(() => rig.addressesOf("web").length > 0);
      await rig.stop();
      await rig.start("observe");
      const writes = rig.arm.journal.writes().length;
      await nextLooks(rig, 2);
      expect(eventsOf(rig, "LoadBalancerDrift")).toEqual([]);
      expect(await gauges(metrics)).toContain("azure_ccm_drifting_services 0");
      changeRule(rig, 30);
      await rig.eventually(() => eventsOf(rig, "LoadBalancerDrift").length > 0);
      await nextLooks(rig, 3);
      const [event, ...more] = eventsOf(rig, "LoadBalancerDrift");
      expect([event?.["message"], event?.["count"] ?? 1, more.length]).toEqual([
        "Azure is not as the Service asks: load balancer kubernetes would get 1 change. Nothing is written in observe mode.",
        1,
        0,
      ]);
      expect(await gauges(metrics)).toContain('azure_ccm_planned_changes{group="services"} 1');
      expect(eventsOf(rig, "LoadBalancerInSync")).toEqual([]);
      changeRule(rig, 4);
      await rig.eventually(() => eventsOf(rig, "LoadBalancerInSync").length > 0);
      expect(await gauges(metrics)).toContain("azure_ccm_drifting_services 0");
      expect(rig.arm.journal.writes().length).toBe(writes);
      await rig.stop();
    });
  });

  it("leaves a Service that is being deleted as it is, and says what should be gone", async () => {
    await withCluster({}, async (rig) => {
      rig.kubernetes.create(WEB);
      await rig.start();
      await rig.eventually(() => rig.addressesOf("web").length > 0);
      await rig.stop();
      await fetch(`${rig.kubernetes.httpUrl}/api/v1/namespaces/default/services/web`, { method: "DELETE" });
      const writes = rig.arm.journal.writes().length;
      await rig.start("observe");
      await rig.eventually(() => eventsOf(rig, "LoadBalancerDrift").length > 0);
      expect(eventsOf(rig, "LoadBalancerDrift")[0]?.["message"]).toContain(
        "load balancer kubernetes should be gone, which interrupts traffic",
      );
      await rig.stop();
      expect(rig.arm.journal.writes().length).toBe(writes);
      expect(rig.kubernetes.get("Service", "default", "web")).toBeDefined();
    });
  });

  for (const { name, last } of [
    { name: "is gone", last: { metadata: { finalizers: null } } },
    { name: "asks for no balancer any more", last: { metadata: { finalizers: null }, spec: { type: "ClusterIP" } } },
  ]) {
    it(`counts a Service no more that ${name}, whoever has cleaned up after it`, async () => {
      const metrics = prometheusMetrics();
      await withCluster({ metrics }, async (rig) => {
        rig.kubernetes.create(WEB);
        await rig.start();
        await rig.eventually(() => rig.addressesOf("web").length > 0);
        await rig.stop();
        const isGoing = last.spec === undefined;
        if (isGoing) await request(rig, "DELETE", undefined);
        else changeRule(rig, 30);
        await rig.start("observe");
        await rig.eventually(() => eventsOf(rig, "LoadBalancerDrift").length > 0);
        expect(await gauges(metrics)).toContain("azure_ccm_drifting_services 1");
        await request(rig, "PATCH", last);
        await nextLooks(rig, 2);
        expect(await gauges(metrics)).toContain("azure_ccm_drifting_services 0");
        await rig.stop();
      });
    });
  }
});

async function request(rig: ClusterRig, method: string, body: object | undefined): Promise<void> {
  const headers = { "content-type": "application/merge-patch+json" };
  const answer = await fetch(`${rig.kubernetes.httpUrl}/api/v1/namespaces/default/services/web`, {
    method,
    ...(body && { headers, body: JSON.stringify(body) }),
  });
  expect(answer.status).toBeLessThan(300);
}

function versionOf(rig: ClusterRig): unknown {
  const service = rig.kubernetes.get("Service", "default", "web") as { metadata?: { resourceVersion?: string } };
  return service.metadata?.resourceVersion;
}

/** Looks are a minute apart, and what is known of Azure is believed for two. */
async function nextLooks(rig: ClusterRig, count: number): Promise<void> {
  const until = rig.clock.now() + count * 130_000;
  await rig.eventually(() => rig.clock.now() >= until);
}
