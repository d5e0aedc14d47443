import { describe, expect, it } from "vitest";
import { actionOf, linkedActions } from "../../../../../src/simulator/arm/identity/actions.ts";

const GROUP = "/subscriptions/s/resourceGroups/rg";
const NETWORK = `${GROUP}/providers/Microsoft.Network`;
const COMPUTE = `${GROUP}/providers/microsoft.compute`;

const actions: readonly (readonly [string, string, string])[] = [
  ["GET", `${NETWORK}/loadBalancers/lb`, "Microsoft.Network/loadBalancers/read"],
  ["GET", `${NETWORK}/LOADBALANCERS`, "Microsoft.Network/loadBalancers/read"],
  ["PUT", `${NETWORK}/virtualNetworks/v/subnets/n`, "Microsoft.Network/virtualNetworks/subnets/write"],
  ["PATCH", `${NETWORK}/publicIPAddresses/p`, "Microsoft.Network/publicIPAddresses/write"],
  ["DELETE", `${NETWORK}/publicIPAddresses/p`, "Microsoft.Network/publicIPAddresses/delete"],
  ["GET", `${COMPUTE}/virtualMachines/vm/instanceView`, "Microsoft.Compute/virtualMachines/instanceView/read"],
  ["POST", `${COMPUTE}/virtualMachines/vm/start`, "Microsoft.Compute/virtualMachines/start/action"],
  [
    "GET",
    "/subscriptions/s/providers/Microsoft.Network/locations/westeurope/operations/o",
    "Microsoft.Network/locations/operations/read",
  ],
  ["GET", "/subscriptions/s", "Microsoft.Resources/subscriptions/read"],
  ["PUT", GROUP, "Microsoft.Resources/subscriptions/resourceGroups/write"],
  ["GET", "/subscriptions/s/resourcegroups", "Microsoft.Resources/subscriptions/resourceGroups/read"],
  ["GET", "/subscriptions/s/providers/Microsoft.Compute", "Microsoft.Resources/subscriptions/providers/read"],
];

describe("the action that a request is", () => {
  for (const [method, path, action] of actions) {
    it(`${method} ${path}`, () => expect(actionOf(method, path)).toEqual({ action, scope: path }));
  }
});

describe("what a body refers to", () => {
  const lb = `${NETWORK}/loadBalancers/lb`;
  const linked = (path: string, body: object): readonly string[] =>
    linkedActions(path, JSON.stringify(body)).map(({ action }) => action);

  it("asks for the right to join it, once for each", () => {
    const pip = { id: `${NETWORK}/publicIPAddresses/p` };
    const body = {
      a: [pip, { deep: { ...pip, id: pip.id.toUpperCase() } }],
      subnet: { id: `${NETWORK}/virtualNetworks/v/subnets/n` },
    };
    expect(linked(lb, body)).toEqual([
      "Microsoft.Network/publicIPAddresses/join/action",
      "Microsoft.Network/virtualNetworks/subnets/join/action",
    ]);
  });

  it("asks for nothing where it is the resource itself, its own child, or no resource", () => {
    const own = { id: `${lb}/frontendIPConfigurations/fe` };
    expect(linked(lb, { id: lb, own, odd: { id: 7 }, other: { id: "x" } })).toEqual([]);
    expect(linked(`${lb}/backendAddressPools/p`, { own })).toEqual([]);
    expect(linkedActions(lb, "no json")).toEqual([]);
  });

  it("asks for the pool when an interface joins it", () => {
    expect(linked(`${NETWORK}/networkInterfaces/n`, { pools: [{ id: `${lb}/backendAddressPools/p` }] })).toEqual([
      "Microsoft.Network/loadBalancers/backendAddressPools/join/action",
    ]);
  });
});
