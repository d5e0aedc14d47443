import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { keyOf, type Service } from "../../../src/cloudprovider/index.ts";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { type AzureRig, withRig } from "../../fixtures/azure-rig.ts";
import { membersOf, portsOf } from "../../fixtures/balancer-facts.ts";
import { service, uidOf } from "../../fixtures/service.ts";

const HOUR_MS = 3_600_000;
const NODE_IP = { loadBalancerBackendPoolConfigurationType: "nodeIP" };
const many = Array.from({ length: 20 }, (_, n) =>
  service({ name: `web-${n}`, uid: uidOf(n), ports: [`80/${30_000 + n}`] }),
);
const [web = service()] = many;

/** The Services on the first two nodes, so long ago that nothing is believed any more; then the third node joins. */
async function join(rig: AzureRig, services: readonly Service[], between: () => void = () => {}): Promise<void> {
  const { allNodes } = rig;
  rig.nodes = allNodes.slice(0, 2);
  await Promise.all(services.map((each) => rig.ensure(each)));
  await rig.clock.sleep(HOUR_MS);
  between();
  rig.nodes = allNodes;
  const { signal } = new AbortController();
  await Promise.all(
    services.map((each) => {
      return rig.balancer.updateLoadBalancer("kubernetes", rig.services.get(keyOf(each)) ?? each, allNodes, signal);
    }),
  );
}

describe("a node that joins", () => {
  it("costs one write and three reads at most, whatever the number of Services", () =>
    withRig({ azureJson: NODE_IP }, async (rig) => {
      let before = 0;
      await join(rig, many, () => {
        before = rig.arm.journal.count();
      });
      const asked = rig.arm.journal.entries().slice(before);
      const reads = asked.filter(({ method, path }) => method === "GET" && !path.includes("/operations/"));
      assert.deepEqual(
        asked.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path.split("/").at(-1)}`),
        ["PUT kubernetes"],
      );
      assert.ok(reads.length <= 3, reads.map(({ path }) => path).join("\n"));
      assert.ok(!reads.some(({ path }) => path.includes("publicIPAddresses")), "no full pass");
      assert.equal(membersOf(rig).length, 3);
    }));

  it("has the balancer made again that somebody has deleted", () =>
    withRig({ azureJson: NODE_IP }, async (rig) => {
      await join(rig, [web], () => rig.arm.remove(rig.id("loadBalancers", "kubernetes")));
      assert.equal(membersOf(rig).length, 3);
    }));

  for (const { name, type, resource, list } of [
    { name: "a rule of the balancer", type: "loadBalancers", resource: "kubernetes", list: "loadBalancingRules" },
    { name: "a frontend's probe", type: "loadBalancers", resource: "kubernetes", list: "probes" },
    { name: "a security rule", type: "networkSecurityGroups", resource: "kubernetes-nsg", list: "securityRules" },
  ]) {
    it(`has ${name} put right that somebody has changed by hand`, () =>
      withRig({ azureJson: NODE_IP }, async (rig) => {
        let before: readonly string[] = [];
        await join(rig, [web, many[1] ?? web], () => {
          before = rig.children(type, resource, list);
          const document = rig.arm.resources.get(rig.id(type, resource)) as JsonObject;
          const rules = (document["properties"] as JsonObject)["loadBalancingRules"];
          const unprobed = list === "probes" && {
            loadBalancingRules: (rules as unknown as readonly { properties: object }[]).map((rule) => {
              return { ...rule, properties: { ...rule.properties, probe: null } };
            }),
          };
          const properties = { ...(document["properties"] as JsonObject), ...unprobed, [list]: [] } as JsonObject;
          rig.arm.put(rig.id(type, resource), { ...document, properties });
        });
        assert.deepEqual(rig.children(type, resource, list), before);
        assert.equal(membersOf(rig).length, 3);
      }));
  }

  it("brings what has changed of the Service too", () =>
    withRig({ azureJson: NODE_IP }, async (rig) => {
      const spec = { ...web.spec, ports: web.spec.ports.map((port) => ({ ...port, port: 8080 })) };
      await join(rig, [web], () => {
        const known = rig.services.get("shop/web-0") ?? web;
        rig.services.set("shop/web-0", { ...known, spec });
      });
      assert.deepEqual(portsOf(rig, web), ["TCP/8080"]);
      assert.equal(membersOf(rig).length, 3);
    }));

  it("stays in, although a pass goes on that began before it joined", () =>
    withRig({ azureJson: NODE_IP }, async (rig) => {
      const [, api = web] = many;
      const { allNodes } = rig;
      rig.nodes = allNodes.slice(0, 2);
      for (const each of [web, api]) await rig.ensure(each);
      await rig.clock.sleep(HOUR_MS);
      const changed = { ...web, spec: { ...web.spec, ports: web.spec.ports.map((port) => ({ ...port, port: 8080 })) } };
      rig.services.set(keyOf(web), changed);
      const { signal } = new AbortController();
      const update = (of: Service, nodes: typeof allNodes): Promise<void> =>
        rig.balancer.updateLoadBalancer("kubernetes", of, nodes, signal);
      await Promise.all([update(changed, rig.nodes), update(api, allNodes)]);
      assert.equal(membersOf(rig).length, 3);
    }));

  it("is opened in the security group for a Service without floating IP", () =>
    withRig({ azureJson: NODE_IP }, async (rig) => {
      await join(rig, [service({ annotations: { "azure-disable-load-balancer-floating-ip": "true" } })]);
      const group = JSON.stringify(rig.properties("networkSecurityGroups", "kubernetes-nsg"));
      for (const { internalIP } of rig.facts.nodes) assert.ok(group.includes(internalIP), internalIP);
    }));
});
