export { CallLog, type RecordedCall } from "./call-log.ts";
export type { ArmEndpoint, ArmPatience } from "./clients.ts";
export { type CredentialOptions, createCredential } from "./credentials.ts";
export { DryArm, type PlannedChange } from "./dry-arm.ts";
export type { Arm, ArmResource, EngineSettings, ResourceEvent, TypePolicy, WireBody } from "./engine.ts";
export { ERROR_TABLE, type ErrorRow } from "./error-table.ts";
export type { CredentialSettings } from "./identity.ts";
export { type OpenArmOptions, openArm } from "./open-arm.ts";
export type { ObservedRequest } from "./policies/observe.ts";
export type { Document, Edit, ResourcePort } from "./port.ts";
export { fetchPublicJson } from "./public-json.ts";
export { requestMetrics } from "./request-metrics.ts";
export {
  childId,
  formatGroupId,
  formatResourceId,
  groupOf,
  idKey,
  nameOf,
  parseResourceId,
  type ResourceId,
  sameId,
} from "./resource-id.ts";
export { ARM_TYPE, type ArmTypeName, type ArmTypes, armId, type GroupScope } from "./resource-types.ts";
export { rateCapsOf } from "./throttle/caps.ts";
export type { GateEvent } from "./throttle/gate.ts";
export { gateMetrics } from "./throttle/gate-metrics.ts";
export { type CacheSettings, timesToLive } from "./time-to-live.ts";
export { writeMetrics } from "./write-metrics.ts";
