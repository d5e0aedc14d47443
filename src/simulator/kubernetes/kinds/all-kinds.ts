import { endpointSliceKind } from "./endpoint-slice.ts";
import { eventKind } from "./event.ts";
import type { Kind } from "./kind.ts";
import { leaseKind } from "./lease.ts";
import { namespaceKind } from "./namespace.ts";
import { nodeKind } from "./node.ts";
import { podKind } from "./pod.ts";
import { serviceKind } from "./service.ts";
import { ServiceNetwork, type ServiceNetworkOptions } from "./service-network.ts";

/** Every kind that the simulator serves. A new kind is a file beside this one and a line here. */
export function allKinds(network: ServiceNetworkOptions): readonly Kind[] {
  return [
    endpointSliceKind,
    eventKind,
    leaseKind,
    namespaceKind,
    nodeKind,
    podKind,
    serviceKind(new ServiceNetwork(network)),
  ];
}
