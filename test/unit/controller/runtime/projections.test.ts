import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { projectNode, projectService } from "../../../../src/controller/runtime/index.ts";

describe("the projection of a Service", () => {
  const raw = {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "web",
      namespace: "default",
      uid: "u",
      resourceVersion: "7",
      creationTimestamp: "2026-01-01T00:00:00Z",
      deletionTimestamp: null,
      labels: { a: "b" },
      annotations: { x: "y", "kubectl.kubernetes.io/last-applied-configuration": "{...}" },
      finalizers: ["f"],
      managedFields: [{ manager: "kubectl" }],
      generation: 3,
    },
    spec: {
      type: "LoadBalancer",
      clusterIP: "10.0.0.7",
      selector: { app: "web" },
      ports: [{ name: "http", port: 80, targetPort: "http", nodePort: 30_080, protocol: "TCP", appProtocol: null }],
      ipFamilies: ["IPv4"],
      externalTrafficPolicy: "Cluster",
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      sessionAffinity: "None",
    },
    status: { loadBalancer: { ingress: [{ ip: "1.2.3.4", ipMode: "VIP" }] }, conditions: [] },
  };

  it("keeps what is read and nothing else", () => {
    assert.deepEqual(projectService(raw as object), {
      metadata: {
        name: "web",
        namespace: "default",
        uid: "u",
        resourceVersion: "7",
        creationTimestamp: "2026-01-01T00:00:00Z",
        labels: { a: "b" },
        annotations: { x: "y" },
        finalizers: ["f"],
      },
      spec: {
        type: "LoadBalancer",
        ports: [{ name: "http", port: 80, targetPort: "http", nodePort: 30_080, protocol: "TCP" }],
        ipFamilies: ["IPv4"],
        externalTrafficPolicy: "Cluster",
        loadBalancerSourceRanges: ["10.0.0.0/8"],
        sessionAffinity: "None",
      },
      status: { loadBalancer: { ingress: [{ ip: "1.2.3.4", ipMode: "VIP" }] } },
    });
  });

  it("makes the lists of a bare Service empty", () => {
    assert.deepEqual(projectService({ metadata: { name: "a", uid: "u" } }), {
      metadata: { name: "a", uid: "u" },
      spec: { type: "ClusterIP", ports: [] },
      status: { loadBalancer: { ingress: [] } },
    });
  });
});

describe("the projection of a Node", () => {
  it("keeps what is read and nothing else", () => {
    const raw = {
      metadata: { name: "n1", uid: "u", labels: { zone: "1" }, managedFields: [] },
      spec: {
        providerID: "azure:///x",
        podCIDR: "10.244.0.0/24",
        podCIDRs: ["10.244.0.0/24"],
        unschedulable: true,
        taints: [{ key: "k", effect: "NoSchedule", timeAdded: "2026-01-01T00:00:00Z" }],
      },
      status: {
        addresses: [{ type: "InternalIP", address: "10.0.0.4" }],
        conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "2026-01-01T00:00:00Z", message: "ok" }],
        images: [{ names: ["big"], sizeBytes: 1 }],
        capacity: { cpu: "4" },
      },
    };
    assert.deepEqual(projectNode(raw as object), {
      metadata: { name: "n1", uid: "u", labels: { zone: "1" } },
      spec: {
        providerID: "azure:///x",
        podCIDRs: ["10.244.0.0/24"],
        unschedulable: true,
        taints: [{ key: "k", effect: "NoSchedule" }],
      },
      status: {
        addresses: [{ type: "InternalIP", address: "10.0.0.4" }],
        conditions: [{ type: "Ready", status: "True" }],
      },
    });
  });

  it("makes the lists of a bare Node empty", () => {
    assert.deepEqual(projectNode({ metadata: { name: "n1", uid: "u" } }), {
      metadata: { name: "n1", uid: "u" },
      spec: {},
      status: { addresses: [], conditions: [] },
    });
  });
});
