import { describe, expect, it } from "vitest";
import { canonicalCase } from "../../../../../src/simulator/arm/casing.ts";
import { RESOURCE_TYPES } from "../../../../../src/simulator/arm/registry.ts";
import { DISK_SKUS, performanceOf } from "../../../../../src/simulator/arm/resources/disk-performance.ts";
import { managerName } from "../../../../../src/simulator/arm/resources/disk-use.ts";
import { LISTED_SIZES, machineSize } from "../../../../../src/simulator/arm/resources/machine-sizes.ts";
import { nextZone } from "../../../../../src/simulator/arm/resources/scale-set-model.ts";

describe("sizes of machines", () => {
  const rows: readonly (readonly [name: string, vcpus: number, memoryGB: number, disks: number, premium: boolean])[] = [
    ["Standard_D2s_v3", 2, 8, 4, true],
    ["Standard_D2_v3", 2, 8, 4, false],
    ["Standard_D64s_v5", 64, 256, 32, true],
    ["Standard_DS2_v2", 2, 8, 8, true],
    ["Standard_DS5_v2", 16, 64, 64, true],
    ["Standard_E8s_v5", 8, 64, 16, true],
    ["Standard_E8-4s_v5", 8, 64, 16, true],
    ["Standard_F4s_v2", 4, 8, 8, true],
    ["Standard_B1ms", 1, 4, 2, true],
    ["Basic_A1", 1, 2, 2, false],
  ];
  for (const [name, vcpus, memoryGB, maxDataDisks, premiumIO] of rows) {
    it(`${name} has ${vcpus} processors and takes ${maxDataDisks} disks${premiumIO ? ", premium ones too" : ""}`, () => {
      expect(machineSize(name)).toMatchObject({ name, vcpus, memoryGB, maxDataDisks, premiumIO });
    });
  }

  for (const name of ["", "Huge", "Standard_", "Standard_2D", "standard_d2s_v3", "Standard_D2s v3"]) {
    it(`${JSON.stringify(name)} is none`, () => expect(machineSize(name)).toBeUndefined());
  }

  it("every listed one is one", () => {
    expect(LISTED_SIZES.filter((name) => machineSize(name) === undefined)).toEqual([]);
    expect(new Set(LISTED_SIZES).size).toBe(LISTED_SIZES.length);
  });
});

describe("disks", () => {
  it("of every kind are never slower for being larger", () => {
    for (const { name } of DISK_SKUS) {
      const speeds = [1, 4, 5, 64, 128, 1024, 1025, 32_767].map((size) => performanceOf(name, size).iops);
      expect(speeds).toEqual(speeds.toSorted((a, b) => a - b));
    }
  });

  it("of 32 GB and of 33 GB are P4 and P6", () => {
    expect([performanceOf("Premium_LRS", 32).tier, performanceOf("Premium_LRS", 33).tier]).toEqual(["P4", "P6"]);
  });

  it("call an instance of a scale set by its name, and a machine by its id", () => {
    expect(managerName("/s/x/virtualMachineScaleSets/s/virtualMachines/12")).toBe(
      "/s/x/virtualMachineScaleSets/s/virtualMachines/s_12",
    );
    expect(managerName("/s/x/virtualMachines/12")).toBe("/s/x/virtualMachines/12");
  });
});

describe("zones of instances", () => {
  const rows: readonly (readonly [zones: readonly string[], members: readonly string[], next: string | undefined])[] = [
    [[], [], undefined],
    [["2"], ["2", "2"], "2"],
    [["3", "1", "2"], [], "1"],
    [["1", "2", "3"], ["1"], "2"],
    [["1", "2", "3"], ["1", "2", "3", "1"], "2"],
  ];
  for (const [zones, members, next] of rows) {
    it(`of ${zones.join(", ") || "none"} with instances in ${members.join(", ") || "none"} the next is ${next ?? "none"}`, () => {
      expect(
        nextZone(
          { zones },
          members.map((zone) => ({ zones: [zone] })),
        ),
      ).toBe(next);
    });
  }
});

describe("every type", () => {
  for (const type of RESOURCE_TYPES) {
    it(`ARM 2 ${type.name} is printed as ARM spells it, whatever a request does`, () => {
      const children = Object.entries(type.shape).flatMap(([name, field]) => (field.kind === "children" ? [name] : []));
      const words = [...type.name.split("/"), ...type.writableChildren, ...type.computedChildren, ...children];
      expect(words.map((word) => canonicalCase(word.toUpperCase()))).toEqual(words);
    });
  }
});
