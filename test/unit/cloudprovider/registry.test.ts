import { describe, expect, it } from "vitest";
import {
  CloudError,
  type CloudProvider,
  createRegistry,
  instanceProviderId,
} from "../../../src/cloudprovider/index.ts";
import { memoryCloud } from "../../fixtures/memory-cloud.ts";

const signal = new AbortController().signal;

describe("a registry", () => {
  it("makes a provider by name, with the options", async () => {
    const registry = createRegistry<{ name: string }>();
    registry.register("memory", ({ name }) => ({ ...memoryCloud(), name }));
    expect((await registry.create("memory", { name: "mine" }))?.name).toBe("mine");
  });

  it("lists its names in order", () => {
    const registry = createRegistry();
    for (const name of ["b", "a"]) registry.register(name, memoryCloud);
    expect(registry.names()).toEqual(["a", "b"]);
  });

  it("has no cloud for the empty name and for external", async () => {
    const registry = createRegistry();
    expect([await registry.create("", undefined), await registry.create("external", undefined)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("knows nothing of another registry", async () => {
    createRegistry().register("memory", memoryCloud);
    await expect(createRegistry().create("memory", undefined)).rejects.toMatchObject({
      code: "InvalidArgument",
      message: 'unknown cloud provider "memory"',
    });
  });

  it("refuses a name twice", () => {
    const registry = createRegistry();
    registry.register("memory", memoryCloud);
    expect(() => registry.register("memory", memoryCloud)).toThrow(expect.objectContaining({ code: "AlreadyExists" }));
  });

  for (const name of ["", "external"]) {
    it(`refuses the name "${name}"`, () => {
      expect(() => createRegistry().register(name, memoryCloud)).toThrow(
        expect.objectContaining({ code: "InvalidArgument" }),
      );
    });
  }

  it("tells which provider failed, and keeps what its error advises", async () => {
    const registry = createRegistry();
    registry.register("down", () => {
      throw new CloudError("Unavailable", "no route", { retryAfterMs: 7000, advice: "Check the network." });
    });
    registry.register("wrong", () => Promise.reject(new TypeError("x is undefined")));
    await expect(registry.create("down", undefined)).rejects.toMatchObject({
      code: "Unavailable",
      message: 'could not init cloud provider "down": no route',
      retryAfterMs: 7000,
      advice: "Check the network.",
    });
    await expect(registry.create("wrong", undefined)).rejects.toMatchObject({
      code: "Internal",
      message: 'could not init cloud provider "wrong": x is undefined',
    });
  });
});

describe("a node's provider id", () => {
  it("is the provider's name and the instance id", async () => {
    expect(await instanceProviderId(memoryCloud(), "node-a", signal)).toBe("memory://machines/node-a");
  });

  it("is not to be had from a cloud without machines", async () => {
    const cloud: CloudProvider = { ...memoryCloud(), instances: undefined };
    await expect(instanceProviderId(cloud, "node-a", signal)).rejects.toMatchObject({ code: "NotImplemented" });
  });

  it("of an unknown machine is refused as the cloud refuses it", async () => {
    await expect(instanceProviderId(memoryCloud(), "node-z", signal)).rejects.toMatchObject({
      code: "NotFound",
      message: "no machine is called node-z",
    });
  });

  it("is refused with the way to it when the cloud fails", async () => {
    const cloud = memoryCloud();
    cloud.endpoint.cut();
    await expect(instanceProviderId(cloud, "node-a", signal)).rejects.toMatchObject({
      code: "Unavailable",
      message: "failed to get instance ID from cloud provider: the cloud does not answer",
    });
  });
});
