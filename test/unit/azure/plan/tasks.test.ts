import { describe, expect, it } from "vitest";
import { tasksOf } from "../../../../src/azure/plan/tasks.ts";
import { FINALIZER } from "../../../../src/cloudprovider/rules/index.ts";
import { service } from "../../../fixtures/service.ts";

const going = (name: string, more: object) => {
  const made = service({ name });
  return { ...made, metadata: { ...made.metadata, ...more } };
};
const cluster = [
  service({ name: "web" }),
  service({ name: "api", loadBalancerClass: "other" }),
  going("old", { finalizers: [FINALIZER], deletionTimestamp: "2026-01-01T00:00:00Z" }),
  { ...going("was", { finalizers: [FINALIZER] }), spec: { ...service().spec, type: "ClusterIP" as const } },
  { ...service({ name: "never" }), spec: { ...service().spec, type: "ClusterIP" as const } },
  service({ namespace: "a", name: "z" }),
];

describe("what is planned", () => {
  const told = (only?: readonly string[]): readonly string[] =>
    tasksOf({ services: cluster, nodes: [], ...(only && { only }) }).map(
      ({ service: of, action }) => `${action} ${of.metadata.namespace}/${of.metadata.name}`,
    );

  it("is what the controller would look at when it starts, by key", () => {
    expect(told()).toEqual(["ensure a/z", "delete shop/old", "delete shop/was", "ensure shop/web"]);
  });

  it("is what was asked for, if it is the controller's", () => {
    expect(told(["shop/web", "shop/api", "shop/nobody"])).toEqual(["ensure shop/web"]);
    expect(told([])).toEqual([]);
  });
});
