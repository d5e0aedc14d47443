import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseManifests, readManifests } from "../../../../src/cli/demo/manifests.ts";

const one = (name: string, kind = "Service"): string => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;

const whereabouts = (text: string): readonly string[] =>
  parseManifests(text, "f.yaml").map(({ kind, name, at }) => `${kind} ${name} ${at}`);

describe("a manifest file", () => {
  const cases: readonly { name: string; text: string; holds: readonly string[] }[] = [
    { name: "of one object", text: one("a"), holds: ["Service a f.yaml:1"] },
    {
      name: "of several documents, empty ones and comments between them",
      text: `# first\n${one("a")}---\n---\n# nothing but words\n---\n${one("b")}---\n`,
      holds: ["Service a f.yaml:2", "Service b f.yaml:10"],
    },
    {
      name: "with a List",
      text: "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: a}\n- {apiVersion: v1, kind: Node, metadata: {name: b}}\n",
      holds: ["Service a f.yaml:4", "Node b f.yaml:7"],
    },
    {
      name: "with a ServiceList, as kubectl get -o yaml prints none but the API server does",
      text: '{"apiVersion":"v1","kind":"ServiceList","items":[{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}}]}',
      holds: ["Service a f.yaml:1"],
    },
    {
      name: "of an object whose kind only sounds like a list",
      text: one("a", "WaitList"),
      holds: ["WaitList a f.yaml:1"],
    },
    { name: "with empty Lists", text: "kind: List\nitems: []\n---\nkind: List\nitems:\n", holds: [] },
    { name: "that ends in a separator", text: `${one("a")}---\n`, holds: ["Service a f.yaml:1"] },
    { name: "that says null", text: "null\n", holds: [] },
    { name: "that is empty", text: "", holds: [] },
    {
      name: "with Windows line ends",
      text: `${one("a")}---\n${one("b")}`.replaceAll("\n", "\r\n"),
      holds: ["Service a f.yaml:1", "Service b f.yaml:6"],
    },
  ];
  for (const { name, text, holds } of cases) {
    it(name, () => expect(whereabouts(text)).toEqual(holds));
  }

  it("keeps the namespace and everything else of an object", () => {
    const text = "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\nspec: {ports: [{port: 80}]}\n";
    expect(parseManifests(text, "f.yaml")).toMatchObject([
      { apiVersion: "v1", namespace: "shop", object: { spec: { ports: [{ port: 80 }] } } },
    ]);
  });
});

describe("a manifest that cannot be understood is refused with file and line:", () => {
  const cases: readonly { name: string; text: string; says: string | RegExp }[] = [
    { name: "broken YAML", text: `${one("a")}---\na: [1\nb: }`, says: /^f\.yaml:7: broken YAML: / },
    { name: "a key twice", text: `${one("a")}kind: Node\n`, says: /^f\.yaml:5: broken YAML: Map keys must be unique$/ },
    { name: "a list", text: `${one("a")}---\n- 1\n`, says: /^f\.yaml:6: not a Kubernetes object: want a mapping/ },
    { name: "a word", text: "hello", says: /^f\.yaml:1: not a Kubernetes object/ },
    { name: "no apiVersion", text: "kind: Service\n", says: "f.yaml:1: apiVersion is missing, want for example v1" },
    { name: "no kind", text: "apiVersion: v1\n", says: "f.yaml:1: kind is missing, want for example Service" },
    {
      name: "no name",
      text: "apiVersion: v1\nkind: Service\nmetadata: {}\n",
      says: "f.yaml:1: metadata.name is missing, want the object's name",
    },
    { name: "a name that is a number", text: one("1"), says: /^f\.yaml:1: metadata\.name is missing/ },
    {
      name: "an item of a List that is none",
      text: "kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: Node, metadata: {name: b}}\n- word\n",
      says: /^f\.yaml:5: not a Kubernetes object/,
    },
    { name: "a List whose items are none", text: "kind: List\nitems: 3\n", says: "f.yaml:1: kind List without items" },
  ];
  for (const { name, text, says } of cases) {
    it(name, () => expect(() => parseManifests(text, "f.yaml")).toThrow(says));
  }
});

describe("locate", () => {
  const text = `${one("x")}---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: a}
  spec:
    type: LoadBalancer
    ports:
    - port: 80
    - port: 81
      protocol: SCTP
`;
  const cases: readonly { name: string; path: readonly (string | number)[]; at: string }[] = [
    { name: "finds a field of an item", path: ["spec", "type"], at: "f.yaml:13" },
    { name: "finds an element of a list", path: ["spec", "ports", 1, "protocol"], at: "f.yaml:17" },
    {
      name: "finds the nearest enclosing one of a field that is not there",
      path: ["spec", "ports", 0, "name"],
      at: "f.yaml:15",
    },
    { name: "finds the object itself when nothing fits", path: ["status"], at: "f.yaml:9" },
  ];
  for (const { name, path, at } of cases) {
    it(name, () => expect(parseManifests(text, "f.yaml")[1]?.locate(path)).toBe(at));
  }
});

describe("readManifests", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "manifests-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("takes the manifests of a directory by name, and files in the order they are given", async () => {
    await writeFile(join(folder, "b.yml"), one("b"));
    await writeFile(join(folder, "a.yaml"), one("a"));
    await writeFile(join(folder, "c.json"), '{"apiVersion":"v1","kind":"Service","metadata":{"name":"c"}}');
    await writeFile(join(folder, "README.md"), "no manifest");
    const names = async (paths: readonly string[]) => (await readManifests(paths)).map(({ name }) => name);
    expect(await names([folder])).toEqual(["a", "b", "c"]);
    expect(await names([join(folder, "b.yml"), join(folder, "a.yaml")])).toEqual(["b", "a"]);
  });

  it("refuses what is not there, and a directory without manifests", async () => {
    const missing = join(folder, "no.yaml");
    await expect(readManifests([missing])).rejects.toThrow(`${missing}: no such file or directory`);
    await expect(readManifests([folder])).rejects.toThrow(
      `${folder}: no manifest in this directory, want .yaml, .yml, .json`,
    );
  });
});
