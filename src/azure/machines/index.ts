export type { ClusterNode } from "./cluster-node.ts";
export { type NodeKinds, nodeKinds } from "./kinds.ts";
export type { InstanceMachine, Machine, SingleMachine } from "./machine.ts";
export { nodeNameOf } from "./machine.ts";
export { type JoinRequest, type LeaveRequest, Machines, type MachinesOptions } from "./machines.ts";
export type { Pool, SkipReason } from "./membership.ts";
export {
  formatProviderId,
  type InstanceAddress,
  type MachineAddress,
  machineAddressOf,
  parseProviderId,
  providerIdOf,
  type SingleAddress,
} from "./provider-id.ts";
export type { Failed, PoolReport, Skipped } from "./report.ts";
