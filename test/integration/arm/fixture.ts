import type { TokenCredential } from "@azure/core-auth";
import type { Arm, ResourceEvent } from "../../../src/azure/arm/engine.ts";
import { type OpenArmOptions, openArm } from "../../../src/azure/arm/open-arm.ts";
import type { ObservedRequest } from "../../../src/azure/arm/policies/observe.ts";
import { armId } from "../../../src/azure/arm/resource-types.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type ArmSimulator, type ArmSimulatorOptions, startArmSimulator } from "../../../src/simulator/index.ts";

/** A token that no login service ever gave. */
export const fakeCredential: TokenCredential = {
  getToken: () => Promise.resolve({ token: "fake-token", expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** The engine on a simulator of its own. */
export interface World {
  readonly arm: Arm;
  readonly simulator: ArmSimulator;
  readonly clock: VirtualClock;
  readonly requests: readonly ObservedRequest[];
  readonly events: readonly ResourceEvent[];
  readonly group: { readonly subscriptionId: string; readonly resourceGroup: string };
  /** The id of a balancer, address or security group in the group. */
  id(type: "loadBalancers" | "publicIPAddresses" | "networkSecurityGroups", name: string): string;
  close(): Promise<void>;
}

/** What a test changes about it. */
export interface WorldOptions {
  readonly simulator?: ArmSimulatorOptions;
  readonly arm?: Partial<OpenArmOptions>;
  readonly clock?: VirtualClock;
}

/** Starts both; the group `rg` exists. Our waiting is virtual, requests are real. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? new VirtualClock("auto");
  const simulator = await startArmSimulator({ clock, ...options.simulator });
  const requests: ObservedRequest[] = [];
  const events: ResourceEvent[] = [];
  const arm = await openArm({
    endpoint: simulator.endpoint,
    tokenScope: "https://management.azure.com/.default",
    credential: fakeCredential,
    userAgent: "test",
    clock,
    random: () => 0.4,
    onRequest: (request) => requests.push(request),
    onWrite: (event) => events.push(event),
    ...options.arm,
  });
  const group = { subscriptionId: simulator.subscriptionId, resourceGroup: "rg" };
  simulator.put(`/subscriptions/${group.subscriptionId}/resourceGroups/rg`, { location: "westeurope" });
  return {
    arm,
    simulator,
    clock,
    requests,
    events,
    group,
    id: (type, name) => armId(type, group, name),
    close: async () => {
      await arm.close();
      await simulator.close();
      clock.stop();
    },
  };
}

/** A signal that nobody aborts. */
export function forever(): AbortSignal {
  return new AbortController().signal;
}
