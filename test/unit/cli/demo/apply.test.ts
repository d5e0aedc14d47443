import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyManifests } from "../../../../src/cli/demo/apply.ts";
import { parseManifests } from "../../../../src/cli/demo/manifests.ts";
import { type KubernetesSimulator, startKubernetesSimulator } from "../../../../src/simulator/index.ts";

let kubernetes: KubernetesSimulator;
beforeEach(async () => {
  kubernetes = await startKubernetesSimulator({ kubernetesService: false });
});
afterEach(() => kubernetes.close());

const apply = (text: string) => applyManifests(kubernetes.httpUrl, parseManifests(text, "f.yaml"));

function service(name: string, lines = ""): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  ports: [{port: 80}]\n${lines}`;
}

describe("applyManifests", () => {
  it("makes namespaces first, also those that are only named, and returns what the server made of each object", async () => {
    const { created, skipped } = await apply(
      `${service("a")}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: x}}\n`,
    );
    expect(created.map(({ manifest }) => manifest.kind)).toEqual(["Namespace", "Service"]);
    expect(created[1]?.object["spec"]).toMatchObject({ clusterIP: expect.any(String) });
    expect(skipped).toEqual([]);
    expect(kubernetes.get("Namespace", undefined, "shop")?.metadata.labels).toMatchObject({ team: "x" });
    await apply("apiVersion: v1\nkind: Service\nmetadata: {name: b, namespace: new}\nspec: {ports: [{port: 80}]}\n");
    expect(kubernetes.get("Service", "new", "b")).toBeDefined();
  });

  it("puts what names no namespace into default, and takes a namespace that is there already", async () => {
    await apply(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n",
    );
    expect(kubernetes.get("Service", "default", "a")).toBeDefined();
  });

  it("skips kinds and groups that the server does not have", async () => {
    const { skipped } = await apply(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n",
    );
    expect(skipped.map(({ kind, at }) => `${kind} ${at}`)).toEqual(["Deployment f.yaml:1", "Secret f.yaml:5"]);
  });

  const refusals: readonly { name: string; text: string; says: readonly string[] }[] = [
    {
      name: "an unknown field",
      text: service("a", "  typo: 1\n"),
      says: ['f.yaml:6: Service a: unknown field "spec.typo"'],
    },
    {
      name: "unknown fields, each where it stands",
      text: service("a", "  typo: 1\n  sessionAffinity: None\n  other: 2\n"),
      says: ['f.yaml:6: Service a: unknown field "spec.typo"', 'f.yaml:8: Service a: unknown field "spec.other"'],
    },
    {
      name: "an unknown field in a list",
      text: service("a").replace("[{port: 80}]", "\n  - port: 80\n    prot: TCP"),
      says: ['f.yaml:7: Service a: unknown field "spec.ports[0].prot"'],
    },
    {
      name: "values out of range, all of them",
      text: service("a").replace(
        "[{port: 80}]",
        "\n  - {name: x, port: 99999, targetPort: 80}\n  - {name: y, port: 0, targetPort: 80}",
      ),
      says: [
        "f.yaml:6: Service a: spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive",
        "f.yaml:7: Service a: spec.ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      ],
    },
    {
      name: "what is there already, without a field",
      text: `${service("a")}---\n${service("a")}`,
      says: ['f.yaml:7: Service a: services "a" already exists'],
    },
  ];
  for (const { name, text, says } of refusals) {
    it(`refuses ${name}`, async () => {
      const error = await apply(text).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message.split("\n")).toEqual(says);
    });
  }

  it("goes on after a refusal, and tells of all at the end", async () => {
    const text = [service("a", "  typo: 1\n"), service("b"), service("c", "  typo: 1\n")].join("---\n");
    await expect(apply(text)).rejects.toThrow(/Service a: .*\n.*Service c: /);
    expect(kubernetes.list("Service").map(({ metadata }) => metadata.name)).toEqual(["b"]);
  });
});
