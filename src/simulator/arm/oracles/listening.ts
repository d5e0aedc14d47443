import type { Topology } from "../reach/topology.ts";

/** The addresses at which frontends listen, sorted. */
export function listeningAddresses({ balancers, publicAddresses }: Topology): readonly string[] {
  const byKey = new Map(publicAddresses.map(({ key, address }) => [key, address]));
  const addresses = balancers.flatMap(({ frontends }) =>
    frontends.flatMap(({ address, publicAddress = "" }) => address ?? byKey.get(publicAddress) ?? []),
  );
  return [...new Set(addresses)].toSorted();
}
