import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../../src/simulator/kubernetes/json.ts";
import { nodeKind } from "../../../../src/simulator/kubernetes/kinds/node.ts";
import { serviceKind } from "../../../../src/simulator/kubernetes/kinds/service.ts";
import { applyJsonPatch } from "../../../../src/simulator/kubernetes/patch/json-patch.ts";
import { applyMergePatch } from "../../../../src/simulator/kubernetes/patch/merge-patch.ts";
import { applyStrategicPatch } from "../../../../src/simulator/kubernetes/patch/strategic-patch.ts";

const service = serviceKind({ assign: (object) => ({ object, causes: [] }), settle: () => {} }).schema;
const node = nodeKind.schema;

describe("a JSON merge patch", () => {
  const cases: readonly { name: string; target: Json; patch: Json; result: Json }[] = [
    { name: "adds and replaces members", target: { a: 1, b: 2 }, patch: { b: 3, c: 4 }, result: { a: 1, b: 3, c: 4 } },
    {
      name: "removes with null",
      target: { a: 1, b: { c: 2, d: 3 } },
      patch: { b: { c: null } },
      result: { a: 1, b: { d: 3 } },
    },
    { name: "leaves no nulls in what it adds", target: {}, patch: { a: { b: null, c: 1 } }, result: { a: { c: 1 } } },
    { name: "replaces lists whole", target: { a: [1, 2] }, patch: { a: [3] }, result: { a: [3] } },
    { name: "replaces a scalar by an object", target: { a: 1 }, patch: { a: { b: 2 } }, result: { a: { b: 2 } } },
  ];
  for (const { name, target, patch, result } of cases) {
    it(name, () => expect(applyMergePatch(target, patch)).toEqual(result));
  }
});

describe("a JSON patch", () => {
  const cases: readonly { name: string; target: Json; patch: Json; result?: Json; refused?: RegExp }[] = [
    { name: "adds a member", target: {}, patch: [{ op: "add", path: "/a", value: 1 }], result: { a: 1 } },
    { name: "adds into a list", target: [1, 3], patch: [{ op: "add", path: "/1", value: 2 }], result: [1, 2, 3] },
    {
      name: "appends to a list",
      target: { a: [1] },
      patch: [{ op: "add", path: "/a/-", value: 2 }],
      result: { a: [1, 2] },
    },
    { name: "replaces a list item", target: [1, 2], patch: [{ op: "replace", path: "/0", value: 9 }], result: [9, 2] },
    { name: "removes", target: { a: 1, b: [1, 2] }, patch: [{ op: "remove", path: "/b/0" }], result: { a: 1, b: [2] } },
    {
      name: "reads ~1 as a slash and ~0 as a tilde",
      target: {},
      patch: [{ op: "add", path: "/a~1b~0c", value: 1 }],
      result: { "a/b~c": 1 },
    },
    {
      name: "copies",
      target: { a: { b: 1 } },
      patch: [{ op: "copy", from: "/a", path: "/c" }],
      result: { a: { b: 1 }, c: { b: 1 } },
    },
    { name: "moves", target: { a: 1 }, patch: [{ op: "move", from: "/a", path: "/b" }], result: { b: 1 } },
    {
      name: "tests",
      target: { a: 1 },
      patch: [
        { op: "test", path: "/a", value: 1 },
        { op: "remove", path: "/a" },
      ],
      result: {},
    },
    {
      name: "fails a test that differs",
      target: { a: 1 },
      patch: [{ op: "test", path: "/a", value: 2 }],
      refused: /testing value \/a failed/,
    },
    {
      name: "refuses to remove what is not there",
      target: {},
      patch: [{ op: "remove", path: "/a" }],
      refused: /nothing at \/a/,
    },
    {
      name: "refuses to replace what is not there",
      target: {},
      patch: [{ op: "replace", path: "/a", value: 1 }],
      refused: /nothing at/,
    },
    {
      name: "refuses an index beyond the end",
      target: [1],
      patch: [{ op: "add", path: "/2", value: 1 }],
      refused: /invalid index "2"/,
    },
    { name: "refuses an unknown operation", target: {}, patch: [{ op: "frob", path: "/a" }], refused: /"frob"/ },
    { name: "refuses an object", target: {}, patch: { a: 1 }, refused: /list of operations/ },
    {
      name: "does not see inherited members",
      target: {},
      patch: [{ op: "remove", path: "/toString" }],
      refused: /nothing at/,
    },
  ];
  for (const { name, target, patch, result, refused } of cases) {
    it(name, () => {
      if (refused !== undefined) expect(() => applyJsonPatch(target, patch)).toThrow(refused);
      else expect(applyJsonPatch(target, patch)).toEqual(result);
    });
  }
});

const CLEANUP = "service.kubernetes.io/load-balancer-cleanup";
const http = { name: "http", port: 80, nodePort: 30080 };
const https = { name: "https", port: 443, nodePort: 30443 };
const ports = (...list: JsonObject[]): JsonObject => ({ spec: { ports: list } });
const finalizers = (...list: string[]): JsonObject => ({ metadata: { finalizers: list } });

describe("a strategic merge patch of a Service", () => {
  const cases: readonly {
    name: string;
    target: JsonObject;
    patch: JsonObject;
    result?: JsonObject;
    refused?: RegExp;
  }[] = [
    {
      name: "adds the first finalizer",
      target: { metadata: {} },
      patch: finalizers(CLEANUP),
      result: finalizers(CLEANUP),
    },
    {
      name: "adds a finalizer beside another, in the order it asks",
      target: finalizers("foo"),
      patch: { metadata: { "$setElementOrder/finalizers": ["foo", CLEANUP], finalizers: [CLEANUP] } },
      result: finalizers("foo", CLEANUP),
    },
    {
      name: "keeps a finalizer that somebody else added meanwhile",
      target: finalizers("foo", "other"),
      patch: { metadata: { "$setElementOrder/finalizers": ["foo", CLEANUP], finalizers: [CLEANUP] } },
      result: finalizers("foo", CLEANUP, "other"),
    },
    {
      name: "removes the only finalizer",
      target: finalizers(CLEANUP),
      patch: { metadata: { finalizers: null } },
      result: { metadata: {} },
    },
    {
      name: "removes one finalizer and keeps the rest",
      target: finalizers("foo", CLEANUP),
      patch: {
        metadata: { "$deleteFromPrimitiveList/finalizers": [CLEANUP], "$setElementOrder/finalizers": ["foo"] },
      },
      result: finalizers("foo"),
    },
    {
      name: "replaces the ingress whole",
      target: { status: { loadBalancer: { ingress: [{ ip: "1.1.1.1" }, { ip: "2.2.2.2" }] } } },
      patch: { status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } },
      result: { status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } },
    },
    {
      name: "clears the ingress",
      target: { status: { loadBalancer: { ingress: [{ ip: "1.1.1.1" }] } } },
      patch: { status: { loadBalancer: { ingress: null } } },
      result: { status: { loadBalancer: {} } },
    },
    {
      name: "merges ports by their number",
      target: ports(http, https),
      patch: ports({ port: 443, targetPort: 8443 }),
      result: ports(http, { ...https, targetPort: 8443 }),
    },
    { name: "appends an unknown port", target: ports(http), patch: ports(https), result: ports(http, https) },
    {
      name: "deletes a port by directive",
      target: ports(http, https),
      patch: ports({ $patch: "delete", port: 80 }),
      result: ports(https),
    },
    {
      name: "deletes a port that is not there without complaint",
      target: ports(http),
      patch: ports({ $patch: "delete", port: 81 }),
      result: ports(http),
    },
    {
      name: "replaces the whole list by directive",
      target: ports(http),
      patch: ports({ $patch: "replace" }, https),
      result: ports(https),
    },
    {
      name: "sorts as told",
      target: ports(http, https),
      patch: { spec: { "$setElementOrder/ports": [{ port: 443 }, { port: 80 }] } },
      result: ports(https, http),
    },
    {
      name: "replaces a map by directive",
      target: { spec: { selector: { a: "1", b: "2" } } },
      patch: { spec: { selector: { $patch: "replace", c: "3" } } },
      result: { spec: { selector: { c: "3" } } },
    },
    {
      name: "keeps only the keys that it retains",
      target: { spec: { selector: { a: "1", b: "2" } } },
      patch: { spec: { selector: { $retainKeys: ["b", "c"], c: "3" } } },
      result: { spec: { selector: { b: "2", c: "3" } } },
    },
    {
      name: "leaves no directive behind where there was nothing",
      target: {},
      patch: ports({ $patch: "delete", port: 80 }, { port: 81 }),
      result: ports({ port: 81 }),
    },
    {
      name: "refuses an unknown directive",
      target: {},
      patch: { $patch: "frob" },
      refused: /Unknown patch type found/,
    },
    {
      name: "refuses a port without its key",
      target: ports(http),
      patch: ports({ name: "x" }),
      refused: /merge key: port/,
    },
    {
      name: "refuses an order that is no list",
      target: finalizers("a"),
      patch: { metadata: { "$setElementOrder/finalizers": "a" } },
      refused: /setElementOrder/,
    },
  ];
  for (const { name, target, patch, result, refused } of cases) {
    it(name, () => {
      if (refused !== undefined) expect(() => applyStrategicPatch(service, target, patch)).toThrow(refused);
      else expect(applyStrategicPatch(service, target, patch)).toEqual(result);
    });
  }
});

describe("a strategic merge patch of a Node", () => {
  it("merges conditions by type", () => {
    const target = { status: { conditions: [{ type: "Ready", status: "True" }] } };
    const patch = { status: { conditions: [{ type: "NetworkUnavailable", status: "False" }] } };
    expect(applyStrategicPatch(node, target, patch)).toEqual({
      status: { conditions: [...target.status.conditions, ...patch.status.conditions] },
    });
  });

  it("replaces addresses where told, two of one type included", () => {
    const target = { status: { addresses: [{ type: "InternalIP", address: "10.0.0.4" }] } };
    const addresses = [
      { type: "InternalIP", address: "10.0.0.5" },
      { type: "InternalIP", address: "fd00::5" },
    ];
    const patch = { status: { addresses: [...addresses, { $patch: "replace" }] } };
    expect(applyStrategicPatch(node, target, patch)).toEqual({ status: { addresses } });
  });

  it("replaces taints whole and unites pod CIDRs", () => {
    const target = { spec: { taints: [{ key: "a" }, { key: "b" }], podCIDRs: ["10.1.0.0/24"] } };
    const patch = { spec: { taints: [{ key: "a" }], podCIDRs: ["10.1.0.0/24", "fd00::/64"] } };
    expect(applyStrategicPatch(node, target, patch)).toEqual(patch);
  });
});
