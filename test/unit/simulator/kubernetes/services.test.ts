import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import type { ApiError, Cause } from "../../../../src/simulator/kubernetes/api-error.ts";
import { Cluster } from "../../../../src/simulator/kubernetes/cluster.ts";
import type { JsonObject } from "../../../../src/simulator/kubernetes/json.ts";
import type { KubernetesObject } from "../../../../src/simulator/kubernetes/object.ts";
import { applyMergePatch } from "../../../../src/simulator/kubernetes/patch/merge-patch.ts";
import { seedCluster } from "../../../../src/simulator/kubernetes/seed.ts";

interface Services {
  readonly create: (spec: JsonObject, metadata?: JsonObject) => KubernetesObject;
  readonly patch: (name: string, patch: JsonObject) => KubernetesObject;
  readonly patchStatus: (name: string, patch: JsonObject) => KubernetesObject;
  readonly remove: (name: string) => void;
}

function services(
  network: { serviceCidrs?: readonly string[]; nodePorts?: { from: number; to: number } } = {},
): Services {
  const cluster = new Cluster({
    clock: new VirtualClock(),
    historyLimit: 100,
    network: { serviceCidrs: ["10.0.0.0/16"], nodePorts: { from: 30_000, to: 30_009 }, ...network },
  });
  seedCluster(cluster, { kubernetesService: false });
  const resource = cluster.registry.byPath("", "v1", "services");
  const merge = (name: string, patch: JsonObject, subresource?: "status") =>
    cluster.patch(
      resource,
      { namespace: "default", name, subresource },
      { sent: patch, apply: (current) => applyMergePatch(current, patch) as JsonObject },
    ).object;
  return {
    create: (spec, metadata = { name: "web" }) => cluster.create(resource, "default", { metadata, spec }).object,
    patch: (name, patch) => merge(name, patch),
    patchStatus: (name, patch) => merge(name, patch, "status"),
    remove: (name) => void cluster.remove(resource, { namespace: "default", name }),
  };
}

const port = { port: 80 };
const balancer = { type: "LoadBalancer", ports: [port] };

/** The causes of a refusal, as `field: message`. */
function causesOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    const { causes } = (error as ApiError).status["details"] as unknown as { causes: readonly Cause[] };
    return causes.map(({ field, message }) => `${field}: ${message}`);
  }
  return [];
}

describe("a new Service gets the defaults of a real API server", () => {
  const common = {
    clusterIP: "10.0.0.1",
    clusterIPs: ["10.0.0.1"],
    internalTrafficPolicy: "Cluster",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    sessionAffinity: "None",
  };
  const tcp = { port: 80, protocol: "TCP", targetPort: 80 };
  const cases: readonly { name: string; spec: JsonObject; becomes: JsonObject }[] = [
    { name: "without a type", spec: { ports: [port] }, becomes: { ...common, type: "ClusterIP", ports: [tcp] } },
    {
      name: "of type NodePort",
      spec: { type: "NodePort", ports: [port] },
      becomes: { ...common, type: "NodePort", externalTrafficPolicy: "Cluster", ports: [{ ...tcp, nodePort: 30000 }] },
    },
    {
      name: "of type LoadBalancer",
      spec: balancer,
      becomes: {
        ...common,
        type: "LoadBalancer",
        allocateLoadBalancerNodePorts: true,
        externalTrafficPolicy: "Cluster",
        ports: [{ ...tcp, nodePort: 30000 }],
      },
    },
    {
      name: "of type LoadBalancer with local traffic: a port for health checks",
      spec: { ...balancer, externalTrafficPolicy: "Local" },
      becomes: {
        ...common,
        type: "LoadBalancer",
        allocateLoadBalancerNodePorts: true,
        externalTrafficPolicy: "Local",
        healthCheckNodePort: 30001,
        ports: [{ ...tcp, nodePort: 30000 }],
      },
    },
    {
      name: "of type LoadBalancer that wants no node ports",
      spec: { ...balancer, allocateLoadBalancerNodePorts: false },
      becomes: {
        ...common,
        type: "LoadBalancer",
        allocateLoadBalancerNodePorts: false,
        externalTrafficPolicy: "Cluster",
        ports: [tcp],
      },
    },
    {
      name: "with affinity: three hours",
      spec: { ports: [port], sessionAffinity: "ClientIP" },
      becomes: {
        ...common,
        type: "ClusterIP",
        sessionAffinity: "ClientIP",
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
        ports: [tcp],
      },
    },
    {
      name: "that is headless",
      spec: { clusterIP: "None", selector: { a: "b" } },
      becomes: { ...common, type: "ClusterIP", clusterIP: "None", clusterIPs: ["None"], selector: { a: "b" } },
    },
    {
      name: "that is only a name",
      spec: { type: "ExternalName", externalName: "db.example" },
      becomes: { type: "ExternalName", externalName: "db.example", sessionAffinity: "None" },
    },
    {
      name: "with one number for two protocols: one node port",
      spec: {
        type: "NodePort",
        ports: [
          { name: "t", port: 53 },
          { name: "u", port: 53, protocol: "UDP" },
        ],
      },
      becomes: {
        ...common,
        type: "NodePort",
        externalTrafficPolicy: "Cluster",
        ports: [
          { name: "t", port: 53, protocol: "TCP", targetPort: 53, nodePort: 30000 },
          { name: "u", port: 53, protocol: "UDP", targetPort: 53, nodePort: 30000 },
        ],
      },
    },
  ];
  for (const { name, spec, becomes } of cases) {
    it(name, () => {
      const created = services().create(spec);
      expect(created["spec"]).toEqual(becomes);
      expect(created["status"]).toEqual({ loadBalancer: {} });
    });
  }

  it("in a dual-stack cluster when it asks for both families", () => {
    const { create } = services({ serviceCidrs: ["10.0.0.0/16", "fd00::/108"] });
    const { spec } = create({ ports: [port], ipFamilyPolicy: "PreferDualStack" });
    expect(spec).toMatchObject({
      clusterIP: "10.0.0.1",
      clusterIPs: ["10.0.0.1", "fd00::1"],
      ipFamilies: ["IPv4", "IPv6"],
      ipFamilyPolicy: "PreferDualStack",
    });
  });
});

describe("a Service is refused", () => {
  const cases: readonly { name: string; spec: JsonObject; metadata?: JsonObject; says: readonly string[] }[] = [
    { name: "without ports", spec: { type: "LoadBalancer" }, says: ["spec.ports: Required value"] },
    {
      name: "with a port out of range",
      spec: { ports: [{ port: 70000, targetPort: 80 }] },
      says: ["spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive"],
    },
    {
      name: "with nameless ports beside others",
      spec: { ports: [{ port: 80 }, { name: "b", port: 81 }] },
      says: ["spec.ports[0].name: Required value"],
    },
    {
      name: "with one name twice",
      spec: {
        ports: [
          { name: "a", port: 80 },
          { name: "a", port: 81 },
        ],
      },
      says: ['spec.ports[1].name: Duplicate value: "a"'],
    },
    {
      name: "with one port twice",
      spec: {
        ports: [
          { name: "a", port: 80 },
          { name: "b", port: 80 },
        ],
      },
      says: ['spec.ports[1]: Duplicate value: {"name":"b","port":80,"protocol":"TCP","targetPort":80}'],
    },
    {
      name: "with an unknown protocol",
      spec: { ports: [{ port: 80, protocol: "ICMP" }] },
      says: ['spec.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"'],
    },
    {
      name: "with an unknown type",
      spec: { type: "Balancer", ports: [port] },
      says: [
        'spec.type: Unsupported value: "Balancer": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    },
    {
      name: "with a node port that its type has no use for",
      spec: { ports: [{ port: 80, nodePort: 30001 }] },
      says: ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    },
    {
      name: "with a node port out of range",
      spec: { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] },
      says: [
        "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-30009",
      ],
    },
    {
      name: "with a cluster IP out of range",
      spec: { ports: [port], clusterIP: "192.168.0.1" },
      says: [
        'spec.clusterIPs: Invalid value: ["192.168.0.1"]: failed to allocate IP 192.168.0.1: the provided IP (192.168.0.1) is not in the valid range. The range of valid IPs is 10.0.0.0/16',
      ],
    },
    {
      name: "headless and balanced",
      spec: { ...balancer, clusterIP: "None" },
      says: [`spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for LoadBalancer services`],
    },
    {
      name: "with local traffic where none comes from outside",
      spec: { ports: [port], externalTrafficPolicy: "Local" },
      says: ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
    },
    {
      name: "with source ranges that are none",
      spec: { ...balancer, loadBalancerSourceRanges: ["10.0.0.0/8", "10.0.0.1"] },
      says: [
        'spec.LoadBalancerSourceRanges[1]: Invalid value: "10.0.0.1": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    },
    {
      name: "with an annotation of source ranges that are none",
      spec: balancer,
      metadata: {
        name: "web",
        annotations: { "service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8, x" },
      },
      says: [
        'metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Invalid value: " x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    },
    {
      name: "with source ranges but no balancer",
      spec: { ports: [port], loadBalancerSourceRanges: ["10.0.0.0/8"] },
      says: ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"],
    },
    {
      name: "with a class but no balancer",
      spec: { ports: [port], loadBalancerClass: "x" },
      says: ["spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"],
    },
    {
      name: "with affinity beyond a day",
      spec: {
        ports: [port],
        sessionAffinity: "ClientIP",
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } },
      },
      says: [
        "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400",
      ],
    },
    {
      name: "with a name that no DNS label has",
      spec: { ports: [port] },
      metadata: { name: "1web" },
      says: [expect.stringContaining('metadata.name: Invalid value: "1web": a DNS-1035 label must consist of')],
    },
    {
      name: "without a name",
      spec: { ports: [port] },
      metadata: {},
      says: ["metadata.name: Required value: name or generateName is required"],
    },
    {
      name: "with two families in a cluster of one",
      spec: { ports: [port], ipFamilyPolicy: "RequireDualStack" },
      says: [
        'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
      ],
    },
    {
      name: "with everything that is wrong at once",
      spec: { ports: [{ port: 0, targetPort: 80, protocol: "X" }], sessionAffinity: "Maybe" },
      says: [
        "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
        'spec.ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
        'spec.sessionAffinity: Unsupported value: "Maybe": supported values: "ClientIP", "None"',
      ],
    },
  ];
  for (const { name, spec, metadata, says } of cases) {
    it(name, () => expect(causesOf(() => services().create(spec, metadata))).toEqual(says));
  }
});

describe("a change of type", () => {
  it("from LoadBalancer to ClusterIP frees the node ports and drops what only balancers have", () => {
    const { create, patch } = services();
    create({ ...balancer, externalTrafficPolicy: "Local", loadBalancerClass: "x" });
    expect(patch("web", { spec: { type: "ClusterIP" } })["spec"]).toEqual({
      type: "ClusterIP",
      clusterIP: "10.0.0.1",
      clusterIPs: ["10.0.0.1"],
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      sessionAffinity: "None",
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
    });
    const taken = create({ type: "NodePort", ports: [{ port: 80, nodePort: 30000 }] }, { name: "next" });
    expect(taken["spec"]).toMatchObject({ ports: [{ nodePort: 30000 }] });
  });

  it("keeps the status: clearing it is the controller's work", () => {
    const { create, patch, patchStatus } = services();
    create(balancer);
    const status = { loadBalancer: { ingress: [{ ip: "20.0.0.1" }] } };
    patchStatus("web", { status });
    expect(patch("web", { spec: { type: "ClusterIP" } })["status"]).toEqual(status);
  });

  it("to ExternalName and back frees the cluster IP and draws a new one", () => {
    const { create, patch } = services();
    create({ ports: [port] });
    const named = patch("web", { spec: { type: "ExternalName", externalName: "a.example" } });
    expect(named["spec"]).not.toHaveProperty("clusterIP");
    const back = patch("web", { spec: { type: "ClusterIP", externalName: null } });
    expect(back["spec"]).toMatchObject({ clusterIP: "10.0.0.2", clusterIPs: ["10.0.0.2"] });
  });

  it("from ClusterIP to LoadBalancer draws node ports", () => {
    const { create, patch } = services();
    create({ ports: [port] });
    expect(patch("web", { spec: { type: "LoadBalancer" } })["spec"]).toMatchObject({
      allocateLoadBalancerNodePorts: true,
      externalTrafficPolicy: "Cluster",
      ports: [{ nodePort: 30000 }],
    });
  });
});

describe("an update", () => {
  it("keeps node ports by port name when the manifest has none", () => {
    const { create, patch } = services();
    create({
      type: "NodePort",
      ports: [
        { name: "a", port: 80 },
        { name: "b", port: 81 },
      ],
    });
    const { spec } = patch("web", {
      spec: {
        ports: [
          { name: "b", port: 8081 },
          { name: "c", port: 82 },
        ],
      },
    });
    expect(spec).toMatchObject({
      ports: [
        { name: "b", nodePort: 30001 },
        { name: "c", nodePort: 30002 },
      ],
    });
  });

  it("may not change the cluster IP", () => {
    const { create, patch } = services();
    create({ ports: [port] });
    expect(causesOf(() => patch("web", { spec: { clusterIP: "10.0.0.9" } }))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.0.0.9"]: may not change once set',
    ]);
  });

  it("may not change the class of a balancer", () => {
    const { create, patch } = services();
    create({ ...balancer, loadBalancerClass: "a" });
    expect(causesOf(() => patch("web", { spec: { loadBalancerClass: "b" } }))).toEqual([
      'spec.loadBalancerClass: Invalid value: "b": may not change once set',
    ]);
  });
});

describe("the pools", () => {
  it("refuse a node port that another Service has, and give it after that one is gone", () => {
    const { create, remove } = services();
    const fixed = { type: "NodePort", ports: [{ port: 80, nodePort: 30005 }] };
    create(fixed);
    expect(causesOf(() => create(fixed, { name: "next" }))).toEqual([
      "spec.ports[0].nodePort: Invalid value: 30005: provided port is already allocated",
    ]);
    remove("web");
    expect(create(fixed, { name: "next" })["spec"]).toMatchObject(fixed);
  });

  it("refuse a cluster IP that another Service has", () => {
    const { create } = services();
    create({ ports: [port], clusterIP: "10.0.0.7" });
    expect(causesOf(() => create({ ports: [port], clusterIP: "10.0.0.7" }, { name: "next" }))).toEqual([
      'spec.clusterIPs: Invalid value: ["10.0.0.7"]: failed to allocate IP 10.0.0.7: provided IP is already allocated',
    ]);
  });

  it("do not hand out at once what was just released", () => {
    const { create, remove } = services();
    create({ ports: [port] });
    remove("web");
    expect(create({ ports: [port] })["spec"]).toMatchObject({ clusterIP: "10.0.0.2" });
  });

  it("skip what somebody asked for, and start again at the front", () => {
    const { create, remove } = services({ nodePorts: { from: 30_000, to: 30_002 } });
    const numberOf = ({ spec }: KubernetesObject) => (spec as { ports: { nodePort: number }[] }).ports[0]?.nodePort;
    create({ type: "NodePort", ports: [{ port: 80, nodePort: 30001 }] }, { name: "fixed" });
    const first = create({ type: "NodePort", ports: [port] }, { name: "a" });
    const second = create({ type: "NodePort", ports: [port] }, { name: "b" });
    remove("a");
    const third = create({ type: "NodePort", ports: [port] }, { name: "c" });
    expect([first, second, third].map(numberOf)).toEqual([30000, 30002, 30000]);
  });

  it("refuse when they are empty", () => {
    const { create } = services({ nodePorts: { from: 30_000, to: 30_000 } });
    create({ type: "NodePort", ports: [port] }, { name: "a" });
    expect(causesOf(() => create({ type: "NodePort", ports: [port] }, { name: "b" }))).toEqual([
      "spec.ports[0].nodePort: Invalid value: 0: failed to allocate a nodePort: range is full",
    ]);
  });
});

describe("the status of a Service", () => {
  it("takes addresses, and leaves the spec alone", () => {
    const { create, patchStatus } = services();
    const { spec } = create(balancer);
    const written = patchStatus("web", {
      spec: { type: "ClusterIP" },
      status: { loadBalancer: { ingress: [{ ip: "20.0.0.1", ipMode: "VIP" }] } },
    });
    expect(written["spec"]).toEqual(spec);
    expect(written["status"]).toEqual({ loadBalancer: { ingress: [{ ip: "20.0.0.1", ipMode: "VIP" }] } });
  });

  const cases: readonly { name: string; spec: JsonObject; ingress: JsonObject; says: string }[] = [
    {
      name: "refuses an address that is none",
      spec: balancer,
      ingress: { ip: "20.0.0" },
      says: 'status.loadBalancer.ingress[0].ip: Invalid value: "20.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    },
    {
      name: "refuses addresses on other types",
      spec: { ports: [port] },
      ingress: { ip: "20.0.0.1" },
      says: 'status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is "LoadBalancer"',
    },
    {
      name: "refuses a mode without an address",
      spec: balancer,
      ingress: { hostname: "a.example", ipMode: "VIP" },
      says: "status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set",
    },
  ];
  for (const { name, spec, ingress, says } of cases) {
    it(name, () => {
      const { create, patchStatus } = services();
      create(spec);
      const write = () => patchStatus("web", { status: { loadBalancer: { ingress: [ingress] } } });
      expect(causesOf(write)).toEqual([says]);
    });
  }
});
