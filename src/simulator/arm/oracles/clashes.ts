import { TopologyIndex } from "../reach/lookups.ts";
import type { Balancer, BalancingRule, NatRule, Topology } from "../reach/topology.ts";
import type { Finding } from "./violation.ts";

/** Frontends with one address, and rules for one port of one frontend. */
export function clashesOf(topology: Topology): readonly Finding[] {
  return [...addressClashes(topology), ...topology.balancers.flatMap(portClashes)];
}

/** One address at two places: frontends, or a frontend and an interface. */
function addressClashes(topology: Topology): readonly Finding[] {
  const index = new TopologyIndex(topology);
  const slot = (address: string, subnet: string | undefined): string =>
    `${index.networkOf(subnet)?.id ?? ""} ${address}`;
  const frontends = topology.balancers.flatMap(({ frontends: all }) =>
    all.flatMap(({ id, publicAddress, address, subnet }) => {
      if (publicAddress !== undefined) return [{ id, slot: publicAddress }];
      return address === undefined ? [] : [{ id, slot: slot(address, subnet) }];
    }),
  );
  const interfaces = topology.interfaces.flatMap(({ configurations }) =>
    configurations.flatMap(({ id, address, subnet, publicAddress }) => [
      { id, slot: slot(address, subnet) },
      ...(publicAddress === undefined ? [] : [{ id, slot: publicAddress }]),
    ]),
  );
  return twins([...frontends, ...interfaces], "have the same address");
}

function portClashes({ rules, natRules }: Balancer): readonly Finding[] {
  const slots = [...rules, ...natRules].flatMap((rule) =>
    slotsOf(rule).map((slot) => ({ id: rule.id, slot: `${rule.frontend} ${slot}` })),
  );
  return twins(slots, "take the same port of one frontend");
}

function slotsOf({ protocol, frontendPort }: BalancingRule | NatRule): readonly string[] {
  return protocol === "All" ? [`Tcp ${frontendPort}`, `Udp ${frontendPort}`] : [`${protocol} ${frontendPort}`];
}

function twins(items: readonly { readonly id: string; readonly slot: string }[], what: string): readonly Finding[] {
  const first = new Map<string, string>();
  return items.flatMap(({ id, slot }): readonly Finding[] => {
    const twin = first.get(slot);
    if (twin === undefined) first.set(slot, id);
    return twin === undefined || twin === id
      ? []
      : [{ oracle: "clash", resource: id, message: `it and ${twin} ${what}: ${slot}` }];
  });
}
