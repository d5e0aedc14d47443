import { describe, expect, it } from "vitest";
import { parseManifests } from "../../../../src/cli/demo/manifests.ts";
import { applied } from "../../../../src/cli/plan/applied.ts";
import { chosen, nothingChosen } from "../../../../src/cli/plan/choice.ts";
import { plannedObjects } from "../../../../src/cli/plan/manifests.ts";
import { FINALIZER } from "../../../../src/cloudprovider/rules/index.ts";
import { node } from "../../../fixtures/node.ts";
import { service } from "../../../fixtures/service.ts";

const manifests = (text: string) => plannedObjects(parseManifests(text, "shop.yaml"));
const SHOP = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { team: a } }
spec: { type: LoadBalancer, ports: [{ port: 80 }, { name: b, port: 81 }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Node
metadata: { name: n1 }
`;

const before = service({ ports: ["80/30080"], ingress: ["20.1.2.3"] });
const running = { ...before, metadata: { ...before.metadata, finalizers: [FINALIZER] } };

describe("manifests for a plan", () => {
  it("are Services and Nodes; what else there is, is named", () => {
    const { services, nodes, ignored } = manifests(SHOP);
    expect(services.map(({ metadata }) => metadata.name)).toEqual(["web"]);
    expect(nodes.map(({ metadata }) => metadata.name)).toEqual(["n1"]);
    expect(ignored).toEqual(["Namespace"]);
  });

  it("go to the namespace default without one", () => {
    const { services } = manifests("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: []}}");
    expect(services[0]?.metadata.namespace).toBe("default");
  });
});

describe("a cluster after manifests were applied", () => {
  it("keeps what the API server has chosen for a Service that is there", () => {
    const { services, nodes, words } = applied({ services: [running], nodes: [node("n0")] }, manifests(SHOP));
    const [web] = services;
    expect(web?.metadata).toMatchObject({ uid: before.metadata.uid, finalizers: [FINALIZER], labels: { team: "a" } });
    expect(web?.status).toEqual(before.status);
    expect(web?.spec.ports.map(({ nodePort }) => nodePort)).toEqual([30080, 70000]);
    expect(words).toEqual(new Map([["70000", "(known after apply: node port of 81 of shop/web)"]]));
    expect(nodes.map(({ metadata }) => metadata.name)).toEqual(["n0", "n1"]);
  });

  it("has stand-ins for what it will choose for one that is not", () => {
    const local = SHOP.replace("type: LoadBalancer", "type: LoadBalancer, externalTrafficPolicy: Local");
    const { services, words } = applied({ services: [], nodes: [] }, manifests(local));
    expect([...words.values()]).toEqual([
      "a<uid of web in shop>",
      "(known after apply: node port of 80 of shop/web)",
      "(known after apply: node port of 81 of shop/web)",
      "(known after apply: health check node port of shop/web)",
    ]);
    expect(services[0]?.spec.healthCheckNodePort).toBe(70_003);
  });

  it("takes a Service that becomes another type as it would be", () => {
    const internal = SHOP.replace("type: LoadBalancer", "type: ClusterIP");
    const { services } = applied({ services: [running], nodes: [] }, manifests(internal));
    expect(services[0]).toMatchObject({ spec: { type: "ClusterIP" }, metadata: { finalizers: [FINALIZER] } });
  });

  it("takes objects as kubectl prints them for what they say", () => {
    const printed = SHOP.replace("name: web,", "name: web, uid: 11111111-2222-4333-8444-555555555555,");
    const { services, words } = applied({ services: [], nodes: [] }, manifests(printed));
    expect(services[0]?.metadata.uid).toBe("11111111-2222-4333-8444-555555555555");
    expect([...words.values()].some((text) => text.includes("uid"))).toBe(false);
  });
});

describe("which Services are planned", () => {
  const all = [service({ name: "web" }), service({ name: "api", namespace: "other" })];
  const cases = [
    { name: "all without a choice", choice: {}, want: undefined },
    { name: "those of the manifests", choice: { filename: ["f"] }, want: ["other/api"] },
    { name: "those of a namespace", choice: { namespace: "shop" }, want: ["shop/web"] },
    {
      name: "those of a namespace, manifests applied",
      choice: { namespace: "shop", filename: ["f"] },
      want: ["shop/web"],
    },
    { name: "all when told so", choice: { all: true, filename: ["f"] }, want: undefined },
  ];
  for (const { name, choice, want } of cases) {
    it(name, () => expect(chosen(choice, all, all.slice(1))).toEqual(want));
  }

  const silences = [
    { name: "of the cluster", choice: {}, says: undefined },
    { name: "of the cluster, told so", choice: { all: true, filename: ["f"] }, says: undefined },
    { name: "of a namespace", choice: { namespace: "shpo", filename: ["f"] }, says: /LoadBalancer in namespace shpo$/ },
    { name: "of manifests", choice: { filename: ["a.yaml", "b"] }, says: /LoadBalancer in a\.yaml, b$/ },
  ];
  for (const { name, choice, says } of silences) {
    it(`is worth a word when it is none ${name}: ${says === undefined ? "no" : "yes"}`, () => {
      const text = nothingChosen(choice);
      if (says === undefined) expect(text).toBeUndefined();
      else expect(text).toMatch(says);
    });
  }
});
