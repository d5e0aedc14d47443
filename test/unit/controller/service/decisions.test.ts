import assert from "node:assert/strict";
import { describe, it } from "vitest";
import {
  needsCleanup,
  needsFirstPass,
  type Service,
  type ServicePort,
  wantsLoadBalancer,
} from "../../../../src/cloudprovider/index.ts";
import { changedField, needsUpdate } from "../../../../src/controller/service/decisions.ts";
import { F, loadBalancer, type ServiceParts } from "../../../fixtures/service-controller-bench.ts";

const deletionTimestamp = "2026-01-01T00:00:00Z";

describe("a Service needs cleanup", () => {
  const cases: readonly { name: string; parts: ServiceParts; cleanup: boolean }[] = [
    {
      name: "not without the finalizer",
      parts: { spec: { type: "NodePort" }, metadata: { deletionTimestamp } },
      cleanup: false,
    },
    {
      name: "with the finalizer as a NodePort",
      parts: { spec: { type: "NodePort" }, metadata: { finalizers: [F] } },
      cleanup: true,
    },
    { name: "not with the finalizer as a LoadBalancer", parts: { metadata: { finalizers: [F] } }, cleanup: false },
    {
      name: "with the finalizer when it is being deleted",
      parts: { metadata: { finalizers: [F], deletionTimestamp } },
      cleanup: true,
    },
    {
      name: "not with the finalizer and a class of its own",
      parts: { metadata: { finalizers: [F] }, spec: { loadBalancerClass: "other" } },
      cleanup: false,
    },
  ];
  for (const { name, parts, cleanup } of cases) {
    it(`CTL S16 ${name}`, () => assert.equal(needsCleanup(loadBalancer("s1", parts)), cleanup));
  }
});

describe("a Service at first sight", () => {
  it("needs a pass when it wants a balancer or has one", () => {
    assert.ok(needsFirstPass(loadBalancer()));
    assert.ok(needsFirstPass(loadBalancer("s1", { spec: { type: "ClusterIP" }, metadata: { finalizers: [F] } })));
  });

  it("CTL S04 needs none with a class of another controller", () => {
    assert.ok(!needsFirstPass(loadBalancer("s1", { spec: { loadBalancerClass: "custom-loadbalancer" } })));
    assert.ok(!wantsLoadBalancer(loadBalancer("s1", { spec: { loadBalancerClass: "custom-loadbalancer" } })));
  });
});

function ports(...each: readonly Partial<ServicePort>[]): ServiceParts {
  return { spec: { ports: each.map((port) => ({ protocol: "TCP", port: 80, ...port })) } };
}

describe("a change of a Service", () => {
  const matters: readonly { name: string; from: ServiceParts; to: ServiceParts; field: string }[] = [
    { name: "to another type", from: {}, to: { spec: { type: "ClusterIP" } }, field: "spec.type" },
    { name: "from another type", from: { spec: { type: "NodePort" } }, to: {}, field: "spec.type" },
    { name: "to a class", from: {}, to: { spec: { loadBalancerClass: "x" } }, field: "spec.type" },
    {
      name: "of ports",
      from: ports({ port: 8000 }, { port: 9000 }, { port: 10_000 }),
      to: ports({ port: 8001 }, { port: 9001 }, { port: 10_001 }),
      field: "spec.ports",
    },
    { name: "of a node port", from: ports({ nodePort: 30_000 }), to: ports({ nodePort: 30_001 }), field: "spec.ports" },
    { name: "of a protocol", from: ports({}), to: ports({ protocol: "UDP" }), field: "spec.ports" },
    { name: "of a port's name", from: ports({ name: "a" }), to: ports({ name: "b" }), field: "spec.ports" },
    {
      name: "of a target port's number",
      from: ports({ targetPort: 20 }),
      to: ports({ targetPort: 21 }),
      field: "spec.ports",
    },
    {
      name: "of a target port to a name",
      from: ports({ targetPort: 22 }),
      to: ports({ targetPort: "dns" }),
      field: "spec.ports",
    },
    {
      name: "of a target port's kind",
      from: ports({ targetPort: 22 }),
      to: ports({ targetPort: "22" }),
      field: "spec.ports",
    },
    { name: "to an app protocol", from: ports({}), to: ports({ appProtocol: "http" }), field: "spec.ports" },
    {
      name: "of an app protocol",
      from: ports({ appProtocol: "http" }),
      to: ports({ appProtocol: "tcp" }),
      field: "spec.ports",
    },
    {
      name: "to one external IP more",
      from: { spec: { externalIPs: ["1.1.1.1"] } },
      to: { spec: { externalIPs: ["1.1.1.1", "2.2.2.2"] } },
      field: "spec.externalIPs",
    },
    {
      name: "of an external IP",
      from: { spec: { externalIPs: ["1.1.1.1"] } },
      to: { spec: { externalIPs: ["2.2.2.2"] } },
      field: "spec.externalIPs",
    },
    { name: "of the uid", from: {}, to: { metadata: { uid: "other" } }, field: "metadata.uid" },
    {
      name: "of the traffic policy",
      from: {},
      to: { spec: { externalTrafficPolicy: "Local" } },
      field: "spec.externalTrafficPolicy",
    },
    {
      name: "of the health check port",
      from: {},
      to: { spec: { healthCheckNodePort: 30_123 } },
      field: "spec.healthCheckNodePort",
    },
    {
      name: "to a second IP family",
      from: { spec: { ipFamilies: ["IPv4"] } },
      to: { spec: { ipFamilies: ["IPv4", "IPv6"] } },
      field: "spec.ipFamilies",
    },
    {
      name: "to one IP family",
      from: { spec: { ipFamilies: ["IPv4", "IPv6"] } },
      to: { spec: { ipFamilies: ["IPv4"] } },
      field: "spec.ipFamilies",
    },
    {
      name: "of the order of source ranges",
      from: { spec: { loadBalancerSourceRanges: ["10.0.0.0/8", "11.0.0.0/8"] } },
      to: { spec: { loadBalancerSourceRanges: ["11.0.0.0/8", "10.0.0.0/8"] } },
      field: "spec.loadBalancerSourceRanges",
    },
    { name: "of the affinity", from: {}, to: { spec: { sessionAffinity: "ClientIP" } }, field: "spec.sessionAffinity" },
    {
      name: "of the affinity's time",
      from: {},
      to: { spec: { sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } } },
      field: "spec.sessionAffinityConfig",
    },
    {
      name: "of the address asked for",
      from: {},
      to: { spec: { loadBalancerIP: "192.168.1.11" } },
      field: "spec.loadBalancerIP",
    },
    {
      name: "of any annotation",
      from: {},
      to: { metadata: { annotations: { a: "b" } } },
      field: "metadata.annotations",
    },
    {
      name: "of an annotation's value",
      from: { metadata: { annotations: { a: "b" } } },
      to: { metadata: { annotations: { a: "c" } } },
      field: "metadata.annotations",
    },
  ];
  for (const { name, from, to, field } of matters) {
    it(`CTL S17 ${name} matters`, () =>
      assert.equal(changedField(loadBalancer("s1", from), loadBalancer("s1", to)), field));
  }

  const doesNot: readonly { name: string; from: ServiceParts; to: ServiceParts }[] = [
    { name: "that is none", from: {}, to: {} },
    { name: "that keeps the app protocol", from: ports({ appProtocol: "http" }), to: ports({ appProtocol: "http" }) },
    {
      name: "of the order of IP families",
      from: { spec: { ipFamilies: ["IPv4", "IPv6"] } },
      to: { spec: { ipFamilies: ["IPv6", "IPv4"] } },
    },
    { name: "of a label", from: {}, to: { metadata: { labels: { a: "b" } } } },
    { name: "of the status", from: {}, to: { ips: ["1.2.3.4"] } },
    { name: "of finalizers", from: {}, to: { metadata: { finalizers: [F] } } },
    {
      name: "from an absent list to an empty one",
      from: {},
      to: { spec: { loadBalancerSourceRanges: [], externalIPs: [] } },
    },
    { name: "from no annotations to an empty map", from: {}, to: { metadata: { annotations: {} } } },
  ];
  for (const { name, from, to } of doesNot) {
    it(`CTL S18 ${name} does not matter`, () =>
      assert.ok(!needsUpdate(loadBalancer("s1", from), loadBalancer("s1", to))));
  }

  it("CTL S18 of a selector does not matter", () => {
    const selecting = (app: string): Service => {
      const service = loadBalancer();
      return { ...service, spec: { ...service.spec, selector: { app } } as Service["spec"] };
    };
    assert.ok(!needsUpdate(selecting("a"), selecting("b")));
  });

  it("does not matter between two types that want no balancer", () => {
    const from = loadBalancer("s1", { spec: { type: "ClusterIP" } });
    assert.ok(!needsUpdate(from, loadBalancer("s1", { spec: { type: "NodePort", loadBalancerIP: "1.1.1.1" } })));
  });
});
