export type { Actors, Cue, ScriptedActor, SetActor } from "./arm/actors/actors.ts";
export type { ActorsHands, Deed } from "./arm/actors/deed.ts";
export type { DeedData } from "./arm/actors/deed-data.ts";
export { deeds, type FrontendTarget } from "./arm/actors/deeds.ts";
export { ArmError } from "./arm/arm-error.ts";
export type { Behaviour } from "./arm/behaviour.ts";
export type { ClockKind } from "./arm/control/clock-requests.ts";
export { FAULT_CATALOGUE, FAULT_NAMES, type FaultName } from "./arm/faults/catalogue.ts";
export type {
  Effect,
  FaultContext,
  FaultRow,
  FaultStage,
  OperationRowEnd,
  Refusal as FaultRefusal,
} from "./arm/faults/fault-row.ts";
export type { FaultTarget, Phase } from "./arm/faults/fault-target.ts";
export { type SeededFaults, USUAL_FAULTS } from "./arm/faults/seeded.ts";
export type { CatalogueTarget, Faults, OperationFault, RequestFault, SetFault } from "./arm/faults.ts";
export type { TokenChecks } from "./arm/identity/authentication.ts";
export type { Application, ClientSecret, FederatedCredential, ManagedIdentity } from "./arm/identity/directory.ts";
export type { Identity, IdentityChange, IdentityFacts, IdentityOptions } from "./arm/identity/identity.ts";
export type { Json, JsonObject } from "./arm/json.ts";
export type { Draws, Duration, FixedLatency, Latency, LatencyProfile } from "./arm/latency.ts";
export type { Allowance } from "./arm/limits/allowance.ts";
export { BUDGETS, type BudgetName } from "./arm/limits/budgets.ts";
export { DOCUMENTED_QUOTAS, type Quotas } from "./arm/limits/documented-quotas.ts";
export type { LimitStyles } from "./arm/limits/draws.ts";
export type { ServiceLimits } from "./arm/limits/limits.ts";
export type { Limiting, LimitOptions } from "./arm/limits/options.ts";
export type { Ask, AskedPort } from "./arm/oracles/asks.ts";
export type { Owned } from "./arm/oracles/body-watch.ts";
export type { Holder } from "./arm/oracles/facts.ts";
export type { GapName } from "./arm/oracles/gaps.ts";
export { type LimitName, type Limits, PUBLISHED_LIMITS } from "./arm/oracles/limits.ts";
export type { OracleOptions, Oracles } from "./arm/oracles/oracles.ts";
export { describeViolations, type OracleName, type Violation } from "./arm/oracles/violation.ts";
export type { PageSizes } from "./arm/paging.ts";
export { type Profile, type ProfileName, profile } from "./arm/profiles.ts";
export type { Packet, PacketProtocol } from "./arm/reach/packet.ts";
export type { ProbeAnswers, ProbeQuestion } from "./arm/reach/probing.ts";
export { reachOf } from "./arm/reach/reach.ts";
export type { Topology } from "./arm/reach/topology.ts";
export { answersExcept, type Unanswered } from "./arm/reach/unanswered.ts";
export {
  type Backend,
  type Delivery,
  describeReach,
  nodesOf,
  type Reach,
  type Refusal,
  type Stop,
  type StopReason,
} from "./arm/reach/verdict.ts";
export { readyAnswers } from "./arm/ready-answers.ts";
export type { ResourceReader } from "./arm/resource-reader.ts";
export { checkScenario, parseScenario, type Scenario } from "./arm/scenario/scenario.ts";
export { scenarioOptions } from "./arm/scenario/scenario-options.ts";
export {
  type ClusterSeed,
  type ClusterSeedInput,
  checkClusterSeed,
  DEFAULT_CLUSTER_SEED,
  parseClusterSeed,
} from "./arm/seed/cluster-seed.ts";
export { type ClusterFacts, seedCluster } from "./arm/seed/seed-cluster.ts";
export type { SeededNode } from "./arm/seed/seeded-node.ts";
export { type ArmSimulator, startArmSimulator } from "./arm/simulator.ts";
export type { ArmSimulatorOptions, WorldOptions } from "./arm/simulator-options.ts";
export { parseState, type SimulatorState } from "./arm/state/state.ts";
export type { Answer, Exchange, Interceptor, SimulatedRequest, Spoiling, Stage, Verdict } from "./http/exchange.ts";
export { Journal, type JournalEntry } from "./http/journal.ts";
export {
  ApiError,
  type KubernetesObject,
  type KubernetesSimulator,
  type KubernetesSimulatorOptions,
  type ObjectAccess,
  type ObjectMeta,
  type ObjectReference,
  type Removed,
  startKubernetesSimulator,
} from "./kubernetes/index.ts";
export { type JoinTimeOptions, joinTime, type SharedTime } from "./time/shared-time.ts";
