import { get } from "node:https";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type KubernetesSimulator, startKubernetesSimulator } from "../../../src/simulator/kubernetes/index.ts";
import { type Reply, send } from "./client.ts";

const SERVICES = "/api/v1/namespaces/default/services";
const TABLE = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
const STRATEGIC = { "content-type": "application/strategic-merge-patch+json" };
const MERGE = { "content-type": "application/merge-patch+json" };
const JSON_PATCH = { "content-type": "application/json-patch+json" };

let simulator: KubernetesSimulator;

beforeEach(async () => {
  simulator = await startKubernetesSimulator({ clock: new VirtualClock() });
});

afterEach(() => simulator.close());

const manifest = (name: string, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { ports: [{ port: 80 }] },
});

async function create(name: string, metadata: object = {}): Promise<Reply> {
  return send(simulator, "POST", SERVICES, { body: manifest(name, metadata) });
}

const names = ({ body }: Reply): readonly string[] => (body.items ?? []).map(({ metadata }) => metadata.name);
const continueOf = ({ body }: Reply): string =>
  encodeURIComponent(String((body.metadata as { continue?: string })?.continue));

describe("a list", () => {
  it("has the objects of all namespaces by namespace and name, without their type", async () => {
    simulator.create({ apiVersion: "v1", kind: "Service", ...manifest("z", { namespace: "kube-public" }) });
    await create("b");
    await create("a");
    const reply = await send(simulator, "GET", "/api/v1/services");
    expect(names(reply)).toEqual(["a", "b", "kubernetes", "z"]);
    expect(reply.body.items?.map(({ kind, apiVersion }) => kind ?? apiVersion)).toEqual(Array(4).fill(undefined));
    expect(reply.body).toMatchObject({ kind: "ServiceList", apiVersion: "v1", metadata: { resourceVersion: "8" } });
  });

  it("in pages stays as it was at the first", async () => {
    for (const name of ["a", "b", "c", "d"]) await create(name);
    const first = await send(simulator, "GET", `${SERVICES}?limit=2`);
    expect(first.body.metadata).toMatchObject({ remainingItemCount: 3, resourceVersion: "9" });
    simulator.delete("Service", "default", "c");
    await create("bb");
    const second = await send(simulator, "GET", `${SERVICES}?limit=2&continue=${continueOf(first)}`);
    const third = await send(simulator, "GET", `${SERVICES}?limit=2&continue=${continueOf(second)}`);
    expect([first, second, third].map(names)).toEqual([["a", "b"], ["c", "d"], ["kubernetes"]]);
    expect(third.body.metadata).toEqual({ resourceVersion: "9" });
  });

  it("whose version is forgotten answers 410 with a token that goes on at the newest", async () => {
    for (const name of ["a", "b", "c"]) await create(name);
    const first = await send(simulator, "GET", `${SERVICES}?limit=1`);
    await create("d");
    simulator.compact();
    const second = await send(simulator, "GET", `${SERVICES}?limit=1&continue=${continueOf(first)}`);
    expect([second.status, second.body.reason]).toEqual([410, "Expired"]);
    const third = await send(simulator, "GET", `${SERVICES}?continue=${continueOf(second)}`);
    expect(names(third)).toEqual(["b", "c", "d", "kubernetes"]);
  });

  it("at an exact version shows the past", async () => {
    const { body } = await create("a");
    simulator.delete("Service", "default", "a");
    const version = body.metadata?.resourceVersion;
    const past = await send(simulator, "GET", `${SERVICES}?resourceVersion=${version}&resourceVersionMatch=Exact`);
    expect(names(past)).toEqual(["a", "kubernetes"]);
    expect(names(await send(simulator, "GET", `${SERVICES}?resourceVersion=${version}`))).toEqual(["kubernetes"]);
  });

  it("takes label and field selectors", async () => {
    await create("a", { labels: { x: "1" } });
    await create("b", { labels: { x: "2" } });
    expect(names(await send(simulator, "GET", `${SERVICES}?labelSelector=x+in+(1,3)`))).toEqual(["a"]);
    expect(
      names(await send(simulator, "GET", `${SERVICES}?fieldSelector=metadata.name!%3Da,spec.type%3DClusterIP`)),
    ).toEqual(["b", "kubernetes"]);
    const refused = await send(simulator, "GET", `${SERVICES}?fieldSelector=spec.ports%3D1`);
    expect([refused.status, refused.body.message]).toEqual([400, "field label not supported: spec.ports"]);
  });

  it("can be a table, or metadata alone", async () => {
    const table = await send(simulator, "GET", SERVICES, { headers: TABLE });
    expect(table.body).toMatchObject({
      kind: "Table",
      rows: [{ object: { kind: "PartialObjectMetadata", metadata: { name: "kubernetes" } } }],
    });
    const bare = await send(simulator, "GET", `${SERVICES}?includeObject=None`, { headers: TABLE });
    expect((bare.body["rows"] as object[])[0]).toEqual({
      cells: ["kubernetes", "ClusterIP", "10.0.0.1", "<none>", "443/TCP", "0s", "<none>"],
    });
    const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    const partial = await send(simulator, "GET", SERVICES, { headers: { accept } });
    expect(partial.body).toMatchObject({
      kind: "PartialObjectMetadataList",
      items: [{ kind: "PartialObjectMetadata" }],
    });
    expect(partial.body.items?.[0]).not.toHaveProperty("spec");
  });
});

describe("a write", () => {
  it("with an old version is a conflict", async () => {
    const { body } = await create("a");
    await send(simulator, "PUT", `${SERVICES}/a`, {
      body: { ...body, metadata: { ...body.metadata, labels: { x: "1" } } },
    });
    const late = await send(simulator, "PUT", `${SERVICES}/a`, {
      body: { ...body, metadata: { ...body.metadata, labels: { x: "2" } } },
    });
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({
      kind: "Status",
      status: "Failure",
      reason: "Conflict",
      details: { name: "a", kind: "services" },
      code: 409,
    });
  });

  it("of a name that is taken answers 409 AlreadyExists", async () => {
    const { status, body } = await create("kubernetes");
    expect([status, body.reason]).toEqual([409, "AlreadyExists"]);
  });

  it("that is invalid answers 422 with a cause for each field", async () => {
    const { status, body } = await send(simulator, "POST", SERVICES, {
      body: { metadata: { name: "a" }, spec: { ports: [{ port: 0, targetPort: 1, protocol: "X" }] } },
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      reason: "Invalid",
      message:
        'Service "a" is invalid: [spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"]',
      details: {
        name: "a",
        kind: "Service",
        causes: [
          {
            reason: "FieldValueInvalid",
            field: "spec.ports[0].port",
            message: "Invalid value: 0: must be between 1 and 65535, inclusive",
          },
          { reason: "FieldValueNotSupported", field: "spec.ports[0].protocol" },
        ],
      },
    });
  });

  it("with an unknown field warns, refuses or keeps quiet, as asked", async () => {
    const body = { ...manifest("a"), spec: { ports: [{ port: 80 }], typo: 1 } };
    const strict = await send(simulator, "POST", `${SERVICES}?fieldValidation=Strict`, { body });
    expect([strict.status, strict.body.message]).toEqual([
      400,
      'Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.typo"',
    ]);
    const quiet = await send(simulator, "POST", `${SERVICES}?fieldValidation=Ignore&dryRun=All`, { body });
    expect([quiet.status, quiet.headers.get("warning")]).toEqual([201, null]);
    const warned = await send(simulator, "POST", SERVICES, { body });
    expect([warned.status, warned.headers.get("warning")]).toEqual([201, '299 - "unknown field \\"spec.typo\\""']);
    const patched = await send(simulator, "PATCH", `${SERVICES}/a?fieldValidation=Strict`, {
      body: { spec: { typo: 1 } },
      headers: MERGE,
    });
    expect([patched.status, patched.body.message]).toEqual([
      422,
      ' "" is invalid: patch: Invalid value: "map[spec:map[typo:1]]": strict decoding error: unknown field "spec.typo"',
    ]);
  });

  it("that is dry leaves nothing behind", async () => {
    const { status, body } = await send(simulator, "POST", `${SERVICES}?dryRun=All`, { body: manifest("a") });
    expect([status, body.metadata?.name]).toEqual([201, "a"]);
    expect(simulator.get("Service", "default", "a")).toBeUndefined();
    await send(simulator, "DELETE", `${SERVICES}/kubernetes?dryRun=All`);
    expect(simulator.get("Service", "default", "kubernetes")).toBeDefined();
  });

  it("may come as YAML", async () => {
    const body = "metadata: {name: a}\nspec: {ports: [{port: 80}]}\n";
    const { status } = await send(simulator, "POST", SERVICES, {
      body,
      headers: { "content-type": "application/yaml" },
    });
    expect(status).toBe(201);
  });

  const refusals: readonly {
    name: string;
    method: string;
    path: string;
    body?: object | string;
    headers?: Record<string, string>;
    status: number;
    says: RegExp;
  }[] = [
    { name: "that is no JSON", method: "POST", path: SERVICES, body: "{", status: 400, says: /parse error/ },
    {
      name: "of another kind",
      method: "POST",
      path: SERVICES,
      body: { kind: "Node" },
      status: 400,
      says: /cannot be handled as a Service/,
    },
    {
      name: "of another version",
      method: "POST",
      path: SERVICES,
      body: { apiVersion: "v2" },
      status: 400,
      says: /does not match the expected API version \(v1\)/,
    },
    {
      name: "for another namespace",
      method: "POST",
      path: SERVICES,
      body: manifest("a", { namespace: "b" }),
      status: 400,
      says: /does not match the namespace sent/,
    },
    {
      name: "for another name",
      method: "PUT",
      path: `${SERVICES}/kubernetes`,
      body: manifest("b"),
      status: 400,
      says: /does not match the name on the URL/,
    },
    {
      name: "of an object that is not there",
      method: "PUT",
      path: `${SERVICES}/a`,
      body: manifest("a"),
      status: 404,
      says: /services "a" not found/,
    },
    {
      name: "to all namespaces",
      method: "POST",
      path: "/api/v1/services",
      body: manifest("a"),
      status: 405,
      says: /does not allow this method/,
    },
    {
      name: "of pods",
      method: "POST",
      path: "/api/v1/namespaces/default/pods",
      body: {},
      status: 405,
      says: /does not allow this method/,
    },
    {
      name: "of what is not served",
      method: "POST",
      path: "/apis/apps/v1/namespaces/default/deployments",
      body: {},
      status: 404,
      says: /could not find the requested resource/,
    },
    {
      name: "by server-side apply",
      method: "PATCH",
      path: `${SERVICES}/kubernetes`,
      body: {},
      headers: { "content-type": "application/apply-patch+yaml" },
      status: 415,
      says: /accepted media types include/,
    },
    {
      name: "by a patch of no known kind",
      method: "PATCH",
      path: `${SERVICES}/kubernetes`,
      body: { $patch: "frob" },
      headers: STRATEGIC,
      status: 400,
      says: /Unknown patch type found: "frob"/,
    },
    {
      name: "by a JSON patch that does not fit",
      method: "PATCH",
      path: `${SERVICES}/kubernetes`,
      body: [{ op: "remove", path: "/x" }],
      headers: JSON_PATCH,
      status: 422,
      says: /rejected our request/,
    },
    {
      name: "by a patch of the name",
      method: "PATCH",
      path: `${SERVICES}/kubernetes`,
      body: { metadata: { name: "b" } },
      headers: MERGE,
      status: 400,
      says: /does not match the name on the URL/,
    },
    {
      name: "with an unknown dry run",
      method: "POST",
      path: `${SERVICES}?dryRun=Some`,
      body: manifest("a"),
      status: 400,
      says: /dryRun/,
    },
  ];
  for (const { name, method, path, body, headers, status, says } of refusals) {
    it(`${name} is refused`, async () => {
      const reply = await send(simulator, method, path, { ...(body && { body }), ...(headers && { headers }) });
      expect(reply.status).toBe(status);
      expect(reply.body.message).toMatch(says);
    });
  }
});

describe("a patch", () => {
  it("of the status subresource may change finalizers too, as the service controller does", async () => {
    await create("a");
    const added = await send(simulator, "PATCH", `${SERVICES}/a/status`, {
      body: { metadata: { finalizers: ["service.kubernetes.io/load-balancer-cleanup"] } },
      headers: STRATEGIC,
    });
    expect(added.body.metadata?.finalizers).toEqual(["service.kubernetes.io/load-balancer-cleanup"]);
    await send(simulator, "DELETE", `${SERVICES}/a`);
    expect(simulator.get("Service", "default", "a")?.metadata.deletionTimestamp).toBe("2026-01-01T00:00:00Z");
    const removed = await send(simulator, "PATCH", `${SERVICES}/a/status`, {
      body: { metadata: { finalizers: null } },
      headers: STRATEGIC,
    });
    expect(removed.status).toBe(200);
    expect(simulator.get("Service", "default", "a")).toBeUndefined();
  });

  it("with the version it was made from conflicts like an update", async () => {
    const { body } = await create("a");
    const patch = { metadata: { resourceVersion: body.metadata?.resourceVersion, labels: { x: "1" } } };
    expect((await send(simulator, "PATCH", `${SERVICES}/a`, { body: patch, headers: MERGE })).status).toBe(200);
    expect(
      (
        await send(simulator, "PATCH", `${SERVICES}/a`, {
          body: { ...patch, metadata: { ...patch.metadata, labels: { x: "2" } } },
          headers: MERGE,
        })
      ).status,
    ).toBe(409);
  });
});

describe("a deletion", () => {
  it("answers with the Service, and with a Status for other kinds", async () => {
    expect((await send(simulator, "DELETE", `${SERVICES}/kubernetes`)).body.kind).toBe("Service");
    simulator.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n" } });
    const { body } = await send(simulator, "DELETE", "/api/v1/nodes/n");
    expect(body).toMatchObject({ kind: "Status", status: "Success", details: { name: "n", kind: "nodes" } });
  });

  it("may name what it expects", async () => {
    const { body } = await create("a");
    const wrong = await send(simulator, "DELETE", `${SERVICES}/a`, { body: { preconditions: { uid: "other" } } });
    expect([wrong.status, wrong.body.reason]).toEqual([409, "Conflict"]);
    const stale = await send(simulator, "DELETE", `${SERVICES}/a`, {
      body: { preconditions: { resourceVersion: "1" } },
    });
    expect(stale.status).toBe(409);
    const { uid, resourceVersion } = body.metadata ?? {};
    const right = await send(simulator, "DELETE", `${SERVICES}/a`, {
      body: { preconditions: { uid, resourceVersion } },
    });
    expect(right.status).toBe(200);
  });

  it("in the foreground waits for nobody, as nothing depends on anything here", async () => {
    await create("a");
    await send(simulator, "DELETE", `${SERVICES}/a`, { body: { propagationPolicy: "Foreground" } });
    expect(simulator.get("Service", "default", "a")).toBeUndefined();
  });

  it("of a collection takes what is selected", async () => {
    await create("a", { labels: { x: "1" } });
    await create("b", { labels: { x: "1" } });
    const { body } = await send(simulator, "DELETE", `${SERVICES}?labelSelector=x%3D1`);
    expect(body.items).toHaveLength(2);
    expect(simulator.list("Service").map(({ metadata }) => metadata.name)).toEqual(["kubernetes"]);
  });
});

describe("the server", () => {
  it("tells what it serves in both forms", async () => {
    const legacy = await send(simulator, "GET", "/apis/coordination.k8s.io/v1");
    expect(legacy.body).toMatchObject({
      kind: "APIResourceList",
      resources: [{ name: "leases", namespaced: true, kind: "Lease" }],
    });
    const core = await send(simulator, "GET", "/api/v1");
    expect((core.body["resources"] as { name: string }[]).map(({ name }) => name)).toContain("services/status");
    const groups = await send(simulator, "GET", "/apis");
    expect(groups.body).toMatchObject({
      kind: "APIGroupList",
      groups: [{ name: "coordination.k8s.io" }, { name: "discovery.k8s.io" }],
    });
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const aggregated = await send(simulator, "GET", "/api", { headers: { accept } });
    expect(aggregated.body).toMatchObject({
      kind: "APIGroupDiscoveryList",
      items: [{ versions: [{ version: "v1", freshness: "Current" }] }],
    });
    expect((await send(simulator, "GET", "/apis/apps/v1")).status).toBe(404);
  });

  it("is healthy and says its version", async () => {
    expect((await send(simulator, "GET", "/readyz")).body.message).toBe("ok");
    expect((await send(simulator, "GET", "/version")).body).toMatchObject({
      major: "1",
      minor: "33",
      gitVersion: "v1.33.0",
    });
  });

  it("lists paths that validate fields, for kubectl", async () => {
    const index = await send(simulator, "GET", "/openapi/v3");
    const { serverRelativeURL } = (index.body["paths"] as Record<string, { serverRelativeURL: string }>)["api/v1"] ?? {
      serverRelativeURL: "",
    };
    const { body } = await send(simulator, "GET", serverRelativeURL);
    expect(body["paths"]).toHaveProperty(["/api/v1/namespaces/{namespace}/services/{name}", "patch", "parameters"]);
  });

  it("wants its token if it has one", async () => {
    const guarded = await startKubernetesSimulator({ token: "secret" });
    try {
      expect((await send(guarded, "GET", SERVICES)).body).toMatchObject({ reason: "Unauthorized", code: 401 });
      const headers = { authorization: "Bearer secret" };
      expect((await send(guarded, "GET", SERVICES, { headers })).status).toBe(200);
      expect(guarded.kubeconfig()).toContain("token: secret");
    } finally {
      await guarded.close();
    }
  });

  it("speaks https with a certificate of its own CA", async () => {
    const secure = await startKubernetesSimulator({ tls: true });
    try {
      const status = await new Promise((resolve, reject) => {
        get(`${secure.httpsUrl}/readyz`, { ca: secure.ca, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on("error", reject);
      });
      expect(status).toBe(200);
      expect(secure.kubeconfig()).toContain(`server: ${secure.httpsUrl}`);
    } finally {
      await secure.close();
    }
  });

  it("keeps the newest requests in its journal, so that it can run for days", async () => {
    const bounded = await startKubernetesSimulator({ clock: new VirtualClock(), journal: { keep: 3 } });
    try {
      for (let n = 0; n < 20; n++) await send(bounded, "GET", `${SERVICES}/s${n}`);
      const kept = bounded.journal.entries();
      expect(kept.length).toBeLessThan(6);
      expect(kept.at(-1)?.path).toBe(`${SERVICES}/s19`);
    } finally {
      await bounded.close();
    }
  });

  it("lets a test refuse what it wants", async () => {
    const stop = simulator.intercept(({ stage, request }) =>
      stage === "received" && request.method === "POST"
        ? { answer: { status: 429, headers: { "retry-after": "7" } } }
        : undefined,
    );
    const { status, headers } = await create("a");
    expect([status, headers.get("retry-after")]).toEqual([429, "7"]);
    stop();
    expect((await create("a")).status).toBe(201);
    expect(simulator.journal.writes(/services/)).toHaveLength(1);
  });
});
