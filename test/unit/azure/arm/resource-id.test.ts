import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  childId,
  formatResourceId,
  groupOf,
  nameOf,
  parseResourceId,
  type ResourceId,
  sameId,
  topLevelOf,
  typeOf,
} from "../../../../src/azure/arm/resource-id.ts";
import { armId, listScopeOf, typeNameOf } from "../../../../src/azure/arm/resource-types.ts";

const BALANCER = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/loadBalancers/lb";

const part = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._()-]{0,20}$/);
const segment = fc.record({ type: part, name: part });
const anyId: fc.Arbitrary<ResourceId> = fc.record({
  subscriptionId: fc.uuid(),
  resourceGroup: part,
  provider: part,
  path: fc.tuple(segment, fc.array(segment, { maxLength: 3 })).map(([first, rest]) => [first, ...rest] as const),
});

describe("a resource id", () => {
  it("law: parse(format(id)) is id", () => {
    fc.assert(
      fc.property(anyId, (id) => {
        expect(parseResourceId(formatResourceId(id))).toEqual(id);
      }),
    );
  });

  it("law: format(parse(text)) names the same resource, however the text is spelled", () => {
    fc.assert(
      fc.property(anyId, fc.boolean(), (id, upper) => {
        const text = upper ? formatResourceId(id).toUpperCase() : formatResourceId(id);
        expect(sameId(formatResourceId(parseResourceId(text)!), text)).toBe(true);
      }),
    );
  });

  for (const text of [
    "",
    "lb",
    "/subscriptions/s",
    "/subscriptions/s/resourceGroups/rg",
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network",
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/loadBalancers",
    `${BALANCER}/backendAddressPools`,
    `${BALANCER}//pool`,
    `https://host${BALANCER}`,
    "/subscriptions/s/providers/Microsoft.Network/locations/we/operations/1",
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(parseResourceId(text)).toBeUndefined();
    });
  }

  it("knows its type, its name, its group and its top-level resource", () => {
    const id = childId(BALANCER, "backendAddressPools", "pool");
    const parsed = parseResourceId(id)!;
    expect(typeOf(parsed)).toBe("Microsoft.Network/loadBalancers/backendAddressPools");
    expect(nameOf(id)).toBe("pool");
    expect(groupOf(id)).toEqual({ subscriptionId: "s", resourceGroup: "rg" });
    expect(formatResourceId(topLevelOf(parsed))).toBe(BALANCER);
  });

  it("that is absent equals nothing", () => {
    expect(sameId(undefined, undefined)).toBe(false);
    expect(sameId(BALANCER, BALANCER.toUpperCase())).toBe(true);
  });
});

describe("armId", () => {
  const group = { subscriptionId: "s", resourceGroup: "rg" };

  it("takes a name per level", () => {
    expect(armId("loadBalancers", group, "lb")).toBe(BALANCER);
    expect(armId("subnets", group, "vnet", "nodes")).toMatch(/virtualNetworks\/vnet\/subnets\/nodes$/);
    expect(() => armId("subnets", group, "vnet")).toThrow(/takes 2 names/);
  });

  for (const [type, names, scope] of [
    ["loadBalancers", ["lb"], "/subscriptions/s/resourceGroups/rg"],
    ["subnets", ["vnet", "n"], "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet"],
    ["virtualMachineScaleSetVMs", ["v", "0"], armId("virtualMachineScaleSets", group, "v")],
    ["scaleSetNetworkInterfaces", ["v", "0", "nic"], armId("virtualMachineScaleSets", group, "v")],
  ] as const) {
    it(`of ${type} is listed in ${scope}, and leads back to its type`, () => {
      const id = armId(type, group, ...names);
      expect(listScopeOf(type, id)).toBe(scope);
      expect(typeNameOf(id.toUpperCase())).toBe(type);
    });
  }
});
