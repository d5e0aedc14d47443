import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/azure/index.ts";
import { keyOf, type Service } from "../../src/cloudprovider/objects.ts";
import { FINALIZER } from "../../src/cloudprovider/rules/index.ts";
import { type AzureRig, RIG_TOKEN, withRig } from "../fixtures/azure-rig.ts";
import { service, uidOf } from "../fixtures/service.ts";

const web = service({ name: "web", uid: uidOf(1), ports: ["80/30080"] });
const api = service({ name: "api", uid: uidOf(2), ports: ["8080/30081"] });

/** Each resource with what becomes of it and whom it is for. */
function outline({ resources }: Plan): readonly string[] {
  return resources.map(({ verb, type, name, risk, for: groups }) => {
    const short = type.slice(type.indexOf("/") + 1);
    return `${verb} ${short} ${name.replace(/a[0-9a-f]{31}/, "BASE")}: ${risk} for ${groups.join(" and ")}`;
  });
}

/** Paths of the fields that one group brings. */
function paths({ resources }: Plan, group: string): readonly string[] {
  return resources.flatMap(({ fields }) => fields.filter((each) => each.for.includes(group)).map(({ path }) => path));
}

function known(rig: AzureRig, ...services: Service[]): void {
  for (const each of services) rig.services.set(keyOf(each), each);
}

function going(rig: AzureRig, of: Service): void {
  const current = rig.services.get(keyOf(of)) ?? of;
  const metadata = { ...current.metadata, finalizers: [FINALIZER], deletionTimestamp: "2026-01-02T00:00:00Z" };
  rig.services.set(keyOf(of), { ...current, metadata });
}

describe("a plan", () => {
  it("of a first Service is everything that it needs, down to what only Azure knows", async () => {
    await withRig({}, async (rig) => {
      known(rig, web);
      const plan = await rig.plan();
      expect(outline(plan)).toEqual([
        "create loadBalancers kubernetes: adds for nodes and shop/web",
        "update networkSecurityGroups kubernetes-nsg: adds for shop/web",
        "create publicIPAddresses kubernetes-BASE: adds for shop/web",
      ]);
      const [{ addresses } = { addresses: [] }] = plan.services;
      const [address = ""] = addresses;
      expect(address).toMatch(/^\(known after apply: address of public IP kubernetes-a\w+\)$/);
      const [rule] = plan.resources[1]?.fields ?? [];
      expect(rule?.new).toMatchObject({ properties: { destinationAddressPrefix: address, access: "Allow" } });
      expect(paths(plan, "nodes")).toEqual(
        rig.nodes.map(
          ({ metadata }) =>
            `properties.backendAddressPools[kubernetes].properties.loadBalancerBackendAddresses[${metadata.name}]`,
        ),
      );
      expect(rig.writes()).toBe(0);
      expect(rig.events).toEqual([]);
    });
  });

  it("of what is as it should be is empty, and after it was carried out as well", async () => {
    await withRig({}, async (rig) => {
      await rig.ensure(web);
      expect(await rig.plan()).toMatchObject({ resources: [], services: [{ service: "shop/web", error: null }] });
    });
  });

  it("says for whom each field of what Services share is", async () => {
    await withRig({}, async (rig) => {
      await rig.ensure(web);
      known(rig, api, {
        ...service({ name: "web", uid: uidOf(1), ports: ["81/30080"] }),
        status: rig.services.get("shop/web")!.status,
      });
      const plan = await rig.plan();
      const apiFields = paths(plan, "shop/api").filter((path) => path.includes("loadBalancingRules"));
      const webFields = paths(plan, "shop/web").filter((path) => path.includes("loadBalancingRules"));
      expect(apiFields.map((path) => path.replace(/a[0-9a-f]{31}/, "BASE"))).toEqual([
        "properties.loadBalancingRules[BASE-TCP-8080]",
      ]);
      expect(webFields.map((path) => path.replace(/a[0-9a-f]{31}/, "BASE"))).toEqual([
        "properties.loadBalancingRules[BASE-TCP-80]",
        "properties.loadBalancingRules[BASE-TCP-81]",
      ]);
      const risks = plan.resources.flatMap(({ fields }) => fields.filter(({ path }) => path.endsWith("TCP-80]")));
      expect(risks.map(({ risk, why }) => [risk, why])).toContainEqual([
        "interrupts",
        "a port that nobody asks for any more",
      ]);
    });
  });

  it("takes away what is left of a Service that goes", async () => {
    await withRig({}, async (rig) => {
      await rig.ensure(web);
      going(rig, web);
      expect(outline(await rig.plan())).toEqual([
        "remove loadBalancers kubernetes: interrupts for shop/web",
        "update networkSecurityGroups kubernetes-nsg: interrupts for shop/web",
        "remove publicIPAddresses kubernetes-BASE: releases for shop/web",
      ]);
    });
  });

  it("goes on to what happens after the status shows the new address", async () => {
    await withRig({}, async (rig) => {
      await rig.ensure(web);
      const internal = {
        ...web.metadata.annotations,
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
      };
      const { status } = rig.services.get("shop/web") ?? web;
      known(rig, { ...web, status, metadata: { ...web.metadata, annotations: internal } });
      expect(outline(await rig.plan())).toEqual([
        "remove loadBalancers kubernetes: interrupts for shop/web",
        "create loadBalancers kubernetes-internal: adds for nodes and shop/web",
        "update networkSecurityGroups kubernetes-nsg: interrupts for shop/web",
        "remove publicIPAddresses kubernetes-BASE: releases for shop/web",
      ]);
    });
  });

  it("says what is wrong with one Service, and plans the others", async () => {
    await withRig({}, async (rig) => {
      known(rig, web, service({ name: "bad", uid: uidOf(3), annotations: { "azure-load-balancer-ipv4": "10.0.0.1" } }));
      const plan = await rig.plan();
      expect(plan.services.map(({ service: key, error }) => [key, error?.code])).toEqual([
        ["shop/bad", "InvalidArgument"],
        ["shop/web", undefined],
      ]);
      expect(plan.services[0]?.error?.message).toContain("azure-load-balancer-ipv4");
      expect(plan.resources.length).toBe(3);
    });
  });

  it("of members that are interfaces has each machine, for the nodes", async () => {
    const azureJson = { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" };
    await withRig({ seed: { vmss: { nodes: [{}, {}] } }, azureJson }, async (rig) => {
      known(rig, web);
      const machines = outline(await rig.plan()).filter((line) => line.includes("virtualMachine"));
      expect(machines).toEqual([
        "update virtualMachineScaleSets nodes-vmss: changes for nodes",
        "update virtualMachineScaleSets/virtualMachines 0: changes for nodes",
        "update virtualMachineScaleSets/virtualMachines 1: changes for nodes",
      ]);
    });
  });

  it("holds no secret", async () => {
    await withRig({}, async (rig) => {
      known(rig, web, api);
      expect(JSON.stringify(await rig.plan())).not.toContain(RIG_TOKEN);
    });
  });

  it("costs a handful of lists, whatever the number of Services", async () => {
    await withRig({}, async (rig) => {
      const many = Array.from({ length: 20 }, (_, index) =>
        service({ name: `web-${index}`, uid: uidOf(10 + index), ports: [`${1000 + index}/${31000 + index}`] }),
      );
      known(rig, ...many);
      const before = rig.arm.journal.entries().length;
      await rig.plan();
      expect(rig.arm.journal.entries().length - before).toBeLessThanOrEqual(5);
    });
  });
});
