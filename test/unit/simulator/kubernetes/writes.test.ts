import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import { Cluster } from "../../../../src/simulator/kubernetes/cluster.ts";
import { DirectAccess } from "../../../../src/simulator/kubernetes/direct-access.ts";
import { seedCluster } from "../../../../src/simulator/kubernetes/seed.ts";

function access(): DirectAccess & { readonly clock: VirtualClock } {
  const clock = new VirtualClock();
  const network = { serviceCidrs: ["10.0.0.0/16"], nodePorts: { from: 30_000, to: 32_767 } };
  const cluster = new Cluster({ clock, historyLimit: 100, network });
  seedCluster(cluster, { kubernetesService: true });
  return Object.assign(new DirectAccess(cluster), { clock });
}

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { ports: [{ port: 80 }] },
};
const web = { kind: "Service", namespace: "default", name: "web" };
const lease = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "l", namespace: "kube-system" },
};

describe("a new object", () => {
  it("gets a uid, a time and a version, the same in every run", () => {
    const { metadata } = access().create(service);
    expect(metadata).toEqual({
      name: "web",
      namespace: "default",
      uid: access().create(service).metadata.uid,
      creationTimestamp: "2026-01-01T00:00:00Z",
      resourceVersion: "6",
    });
    expect(metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("with a generated name is named after its prefix, each differently", () => {
    const objects = access();
    const names = [1, 2].map(() => objects.create({ ...service, metadata: { generateName: "web-" } }).metadata.name);
    expect(names[0]).toMatch(/^web-[bcdfghjklmnpqrstvwxz2-9]{5}$/);
    expect(names[1]).not.toBe(names[0]);
  });

  it("loses the status that it came with, unless it is a node", () => {
    const objects = access();
    const status = { loadBalancer: { ingress: [{ ip: "1.1.1.1" }] } };
    expect(objects.create({ ...service, status })["status"]).toEqual({ loadBalancer: {} });
    const node = objects.create({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n" },
      status: { phase: "Running" },
    });
    expect(node["status"]).toEqual({ phase: "Running" });
  });

  const cases: readonly { name: string; manifest: object; says: string | RegExp }[] = [
    {
      name: "may not exist already",
      manifest: { ...service, metadata: { name: "kubernetes" } },
      says: 'services "kubernetes" already exists',
    },
    {
      name: "needs its namespace",
      manifest: { ...service, metadata: { name: "a", namespace: "b" } },
      says: 'namespaces "b" not found',
    },
    {
      name: "may not bring a version",
      manifest: { ...service, metadata: { name: "a", resourceVersion: "1" } },
      says: "resourceVersion should not be set on objects to be created",
    },
    {
      name: "must be of a kind that is served",
      manifest: { ...service, kind: "Deployment", apiVersion: "apps/v1" },
      says: /no kind "Deployment" of "apps\/v1" is served/,
    },
    {
      name: "may not have labels that are none",
      manifest: { ...service, metadata: { name: "a", labels: { "a b": "c" } } },
      says: /^Service "a" is invalid: metadata.labels: Invalid value: "a b": name part must consist of/,
    },
    {
      name: "may not have too many annotations",
      manifest: { ...service, metadata: { name: "a", annotations: { a: "x".repeat(262_144) } } },
      says: 'Service "a" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes',
    },
    {
      name: "may not be an event about an object elsewhere",
      manifest: { apiVersion: "v1", kind: "Event", metadata: { name: "e" }, involvedObject: { namespace: "other" } },
      says: 'Event "e" is invalid: involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    },
  ];
  for (const { name, manifest, says } of cases) {
    it(name, () => expect(() => access().create(manifest)).toThrow(says));
  }
});

describe("an update", () => {
  it("made from an old version is a conflict", () => {
    const objects = access();
    const old = objects.create(service);
    objects.patch(web, { metadata: { labels: { a: "b" } } });
    expect(() => objects.update(old)).toThrow(
      'Operation cannot be fulfilled on services "web": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  it("that changes nothing writes nothing", () => {
    const objects = access();
    const old = objects.create(service);
    expect(objects.update(old)).toBe(old);
    expect(objects.patch(web, { spec: { type: "ClusterIP" } })).toBe(old);
  });

  it("does not reach the status, and a status write does not reach the spec", () => {
    const objects = access();
    const old = objects.create({ ...service, spec: { ...service.spec, type: "LoadBalancer" } });
    const status = { loadBalancer: { ingress: [{ ip: "20.0.0.1" }] } };
    expect(objects.update({ ...old, status })["status"]).toEqual({ loadBalancer: {} });
    const written = objects.updateStatus({ ...old, spec: { ports: [{ port: 81 }] }, status });
    expect(written["status"]).toEqual(status);
    expect(written["spec"]).toEqual(old["spec"]);
  });

  it("cannot change identity or birth", () => {
    const objects = access();
    const old = objects.create(service);
    const next = objects.patch(web, {
      metadata: { creationTimestamp: "2020-01-01T00:00:00Z", generation: 7, labels: { a: "b" } },
    });
    expect(next.metadata).toEqual({ ...old.metadata, labels: { a: "b" }, resourceVersion: "7" });
    expect(() => objects.patch(web, { metadata: { uid: "other" } })).toThrow(
      /Precondition failed: UID in precondition: other/,
    );
  });

  it("of a lease needs a version", () => {
    const objects = access();
    const old = objects.create(lease);
    expect(() => objects.update(lease)).toThrow(
      'Lease.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
    expect(objects.update({ ...old, spec: { holderIdentity: "me" } })["spec"]).toEqual({ holderIdentity: "me" });
  });

  it("counts generations of endpoint slices, but not for labels", () => {
    const objects = access();
    const slice = {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "s" },
      addressType: "IPv4",
    };
    const reference = { kind: "EndpointSlice", namespace: "default", name: "s" };
    const generations = [
      objects.create(slice),
      objects.patch(reference, { metadata: { labels: { a: "b" } } }),
      objects.patch(reference, { endpoints: [{ addresses: ["10.0.0.1"] }] }),
    ].map(({ metadata }) => metadata.generation);
    expect(generations).toEqual([1, 1, 2]);
  });

  it("of a node sets the provider id once", () => {
    const objects = access();
    objects.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n" } });
    objects.patch({ kind: "Node", name: "n" }, { spec: { providerID: "azure:///a", podCIDRs: ["10.1.0.0/24"] } });
    expect(objects.get("Node", undefined, "n")?.["spec"]).toMatchObject({ podCIDR: "10.1.0.0/24" });
    expect(() => objects.patch({ kind: "Node", name: "n" }, { spec: { providerID: "azure:///b" } })).toThrow(
      /spec.providerID: Forbidden: node updates may not change providerID except from "" to valid/,
    );
  });
});

describe("a deletion", () => {
  it("removes", () => {
    const objects = access();
    objects.create(service);
    expect(objects.delete("Service", "default", "web").gone).toBe(true);
    expect(objects.get("Service", "default", "web")).toBeUndefined();
    expect(() => objects.delete("Service", "default", "web")).toThrow('services "web" not found');
  });

  it("waits for finalizers, and forbids new ones meanwhile", async () => {
    const objects = access();
    objects.create({ ...service, metadata: { name: "web", finalizers: ["example.com/a", "example.com/b"] } });
    await objects.clock.advance(5000);
    const { gone, object } = objects.delete("Service", "default", "web");
    expect(gone).toBe(false);
    expect(object.metadata.deletionTimestamp).toBe("2026-01-01T00:00:05Z");
    expect(() => objects.patch(web, { metadata: { finalizers: ["example.com/a", "example.com/c"] } })).toThrow(
      'Service "web" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/c"}',
    );
    objects.patchStatus(web, { metadata: { finalizers: ["example.com/b"] } });
    expect(objects.get("Service", "default", "web")).toBeDefined();
    objects.patchStatus(web, { metadata: { finalizers: null } });
    expect(objects.get("Service", "default", "web")).toBeUndefined();
  });

  it("said twice while it waits changes nothing", () => {
    const objects = access();
    objects.create({ ...service, metadata: { name: "web", finalizers: ["example.com/a"] } });
    const first = objects.delete("Service", "default", "web").object;
    expect(objects.delete("Service", "default", "web").object).toBe(first);
  });

  it("of a namespace takes its content along", () => {
    const objects = access();
    objects.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
    objects.create({ ...service, metadata: { name: "web", namespace: "team" } });
    expect(objects.delete("Namespace", undefined, "team").gone).toBe(true);
    expect(objects.list("Service", "team")).toEqual([]);
    expect(objects.get("Namespace", undefined, "team")).toBeUndefined();
  });

  it("of a namespace waits for finalizers in it, and lets nothing new in", () => {
    const objects = access();
    objects.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
    objects.create({ ...service, metadata: { name: "web", namespace: "team", finalizers: ["example.com/a"] } });
    expect(objects.delete("Namespace", undefined, "team").gone).toBe(false);
    expect(objects.get("Namespace", undefined, "team")?.["status"]).toEqual({ phase: "Terminating" });
    expect(() => objects.create({ ...service, metadata: { name: "b", namespace: "team" } })).toThrow(
      'services "b" is forbidden: unable to create new content in namespace team because it is being terminated',
    );
    objects.patch({ ...web, namespace: "team" }, { metadata: { finalizers: null } });
    expect(objects.get("Namespace", undefined, "team")).toBeUndefined();
  });

  it("of a namespace of the system is refused", () => {
    expect(() => access().delete("Namespace", undefined, "kube-system")).toThrow(
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    );
  });
});

it("only kinds that can be made are served to manifests", () => {
  const objects = access();
  const served = [
    { apiVersion: "v1", kind: "Service" },
    { apiVersion: "v1", kind: "Pod" },
    { apiVersion: "apps/v1", kind: "Deployment" },
    { kind: "Service" },
  ].map((manifest) => objects.serves(manifest));
  expect(served).toEqual([true, false, false, false]);
});
