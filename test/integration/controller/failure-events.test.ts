import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type { Labels, Metrics } from "../../../src/base/metrics.ts";
import { noMetrics } from "../../../src/base/metrics.ts";
import { FAULT_CATALOGUE, FAULT_NAMES, type FaultName, type KubernetesObject } from "../../../src/simulator/index.ts";
import { ClusterRig, type ClusterRigOptions } from "../../fixtures/cluster-rig.ts";

/** Rows that no Service suffers from, and why. */
const HARMLESS: Readonly<Partial<Record<FaultName, string>>> = {
  F13: "a resource in the state Failed is written again",
  F49: "the resource is asked for again",
  F51: "an old list loses against what is known to be newer",
  F52: "pages are followed to their end",
  F53: "letter case does not matter in ids",
  F61: "a snapshot is none of a Service's business",
  F67: "times are taken from our own clock",
  F70: "what ARM leaves out is compared as what it means",
  F72: "a DELETE is followed to its end",
  F73: "what is not known is kept",
  F74: "a low budget is no refusal",
  slow: "the answer comes whole",
  "half-open": "the answer is there",
};

/** A row, driven through one Service. */
interface Drive {
  /** The stable code in the event. */
  readonly code: string;
  /** Part of the path that it strikes. */
  readonly on: RegExp;
  /** Strikes while the Service is created, or while it is deleted. */
  readonly while?: "deleted";
  /** Words of the failed login, for rows about tokens. */
  readonly login?: string;
}

const ADDRESS = /publicIPAddresses\/[^/]+$/;
const BALANCER = /loadBalancers\/[^/]+$/;
const GROUP = /networkSecurityGroups\/[^/]+$/;
const LIST = /loadBalancers$/;
const OPERATION = /\/locations\/[^/]+\/operations\//i;
const NOWHERE = /^nothing$/;

const DRIVES: Readonly<Partial<Record<FaultName, Drive>>> = {
  F01: { code: "Throttled", on: LIST },
  F02: { code: "Throttled/SubscriptionRequestsThrottled", on: ADDRESS },
  F03: { code: "Throttled/RetryableErrorDueToTooManyCalls", on: ADDRESS },
  F04: { code: "Throttled", on: LIST },
  F05: { code: "Throttled/TooManyRequests", on: ADDRESS },
  F06: { code: "Throttled/TooManyRequests", on: ADDRESS },
  F07: { code: "Throttled/TooManyRequests", on: ADDRESS },
  F08: { code: "Conflict/PreconditionFailedEtagMismatch", on: BALANCER },
  F09: { code: "Conflict/CanceledAndSupersededDueToAnotherOperation", on: BALANCER },
  F10: { code: "Conflict/OperationPreempted", on: BALANCER },
  F11: { code: "Conflict/AnotherOperationInProgress", on: BALANCER },
  F12: { code: "Unavailable/ReferencedResourceNotProvisioned", on: BALANCER },
  F14: { code: "Conflict/PublicIPAddressCannotBeDeleted", on: ADDRESS, while: "deleted" },
  F15: { code: "AlreadyExists/PublicIPAddressInUse", on: BALANCER },
  F16: { code: "Conflict/LoadBalancerInUseByVirtualMachineScaleSet", on: BALANCER, while: "deleted" },
  F17: { code: "Conflict/LoadBalancerBackendAddressPoolInUse", on: BALANCER },
  F18: { code: "InvalidArgument/RulesUseSameBackendPortProtocolAndPool", on: BALANCER },
  F19: {
    code: "InvalidArgument/LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule",
    on: BALANCER,
  },
  F20: { code: "Conflict/SecurityRuleConflict", on: GROUP },
  F21: { code: "QuotaExceeded/PublicIPCountLimitReached", on: ADDRESS },
  F22: { code: "QuotaExceeded/OperationNotAllowed", on: ADDRESS },
  F23: { code: "AlreadyExists/DnsRecordInUse", on: ADDRESS },
  F24: { code: "AlreadyExists/PrivateIPAddressIsAllocated", on: BALANCER },
  F25: { code: "QuotaExceeded/SubnetIsFull", on: BALANCER },
  F26: { code: "Conflict/InUseSubnetCannotBeDeleted", on: BALANCER, while: "deleted" },
  F27: { code: "NotFound/InvalidResourceReference", on: BALANCER },
  F28: { code: "NotFound/ResourceNotFound", on: LIST },
  F29: { code: "NotFound/ResourceGroupNotFound", on: LIST },
  F30: { code: "Conflict/ResourceGroupBeingDeleted", on: ADDRESS },
  F31: { code: "NotFound/ParentResourceNotFound", on: ADDRESS },
  F32: { code: "PermissionDenied/ReadOnlyDisabledSubscription", on: ADDRESS },
  F33: { code: "PermissionDenied/MissingSubscriptionRegistration", on: ADDRESS },
  F34: { code: "Unauthenticated/ExpiredAuthenticationToken", on: ADDRESS },
  F35: { code: "Unauthenticated/InvalidAuthenticationToken", on: ADDRESS },
  F36: { code: "PermissionDenied/AuthorizationFailed", on: ADDRESS },
  F37: { code: "PermissionDenied/LinkedAuthorizationFailed", on: BALANCER },
  F38: { code: "PermissionDenied/RequestDisallowedByPolicy", on: ADDRESS },
  F39: { code: "Locked/ScopeLocked", on: ADDRESS },
  F40: {
    code: "Unavailable/AADSTS90033",
    on: NOWHERE,
    login: "temporarily_unavailable: AADSTS90033: A transient error has occurred. Please try again.",
  },
  F41: {
    code: "Unauthenticated/AADSTS7000215",
    on: NOWHERE,
    login: "invalid_client: AADSTS7000215: Invalid client secret provided for app 'x'.\n    at getToken (msal.js:1:1)",
  },
  F42: { code: "Unauthenticated", on: NOWHERE, login: "ManagedIdentityCredential: status 410" },
  F43: { code: "Unauthenticated/ManagedIdentityNotFound", on: NOWHERE, login: "invalid_request: Identity not found" },
  F44: { code: "Unavailable/GatewayTimeout", on: BALANCER },
  F45: { code: "Unavailable/ECONNRESET", on: BALANCER },
  F46: { code: "Unavailable/OperationLost", on: OPERATION },
  F47: { code: "Unavailable/OperationLost", on: OPERATION },
  F48: { code: "Timeout/OperationDeadlineExceeded", on: BALANCER },
  F50: { code: "Unavailable/UnreadableAnswer", on: LIST },
  F54: { code: "Conflict/ConflictingUserInput", on: ADDRESS },
  F55: { code: "Conflict/AttachDiskWhileBeingDetached", on: ADDRESS },
  F56: { code: "QuotaExceeded/OperationNotAllowed", on: ADDRESS },
  F57: { code: "InvalidArgument/BadRequest", on: ADDRESS },
  F58: { code: "Conflict/DetachDiskWhileBeingDetached", on: BALANCER },
  F59: { code: "Conflict/OperationNotAllowed", on: ADDRESS },
  F60: { code: "NotFound/InvalidParameter", on: LIST },
  F62: { code: "Conflict/Conflict", on: ADDRESS },
  F63: { code: "QuotaExceeded/ZonalAllocationFailed", on: BALANCER },
  F64: { code: "Unavailable/ECONNRESET", on: LIST },
  F65: { code: "Unavailable", on: LIST },
  F66: { code: "Unavailable/", on: LIST },
  F68: { code: "Unavailable/ServiceUnavailable", on: LIST },
  F69: { code: "Unavailable/InternalServerError", on: BALANCER },
  F71: { code: "AlreadyExists/StorageAccountAlreadyTaken", on: ADDRESS },
  hang: { code: "Timeout/DeadlineExceeded", on: LIST },
  "request-timeout": { code: "Unavailable/RequestTimeout", on: LIST },
  "internal-error": { code: "Unavailable/InternalServerError", on: LIST },
  "server-timeout": { code: "Unavailable/ServerTimeout", on: LIST },
};

interface Told {
  readonly reason: string;
  readonly message: string;
  readonly type: string;
}

/** Warnings on the Service. */
function warnings(rig: ClusterRig): readonly Told[] {
  const events = rig.kubernetes.list("Event") as unknown as readonly Told[];
  return events.filter(({ type }) => type === "Warning");
}

/** Counts what is counted as an error: by the controller, or for a request or a write to ARM. */
function countingErrors(): { readonly metrics: Metrics; readonly seen: () => number } {
  let seen = 0;
  const isError = (name: string, { outcome }: Labels = {}): boolean =>
    /sync_error|arm_request_(errors|throttle)/.test(name) || (outcome !== undefined && outcome !== "confirmed");
  const metrics: Metrics = {
    ...noMetrics,
    counter: ({ name }) => ({
      add: (labels, by = 1) => {
        if (isError(name, labels)) seen += by;
      },
    }),
  };
  return { metrics, seen: () => seen };
}

const SERVICE = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
} as unknown as KubernetesObject;

/** What a failure looks like to people: what happened, its code, what was tried, what to do, and when it is tried again. */
const TOLD = /^\S.{9,}? \[[A-Za-z]+(\/[\w-]+)?\]\. (Tried: .+\. )?[A-Z].{8,}?\. ?/;

function check({ reason, message }: Told, code: string): void {
  assert.match(message, TOLD);
  if (reason !== "DeletePublicIPAddress") assert.match(message, /Next try (in \d|at once|when the object changes)/);
  assert.ok(message.includes(`[${code}`), message);
  assert.doesNotMatch(message, /<\w+[ >]|\n|\bat \w+ \(|\{"|\[object/, "no HTML, no stack, no raw JSON");
  assert.ok(message.length <= 1024);
}

async function drive(name: FaultName, { code, on, while: moment, login }: Drive): Promise<void> {
  const { metrics, seen } = countingErrors();
  let isDown = false;
  const getToken = (): Promise<{ token: string; expiresOnTimestamp: number }> =>
    isDown ? Promise.reject(new Error(login)) : Promise.resolve({ token: "t", expiresOnTimestamp: Date.now() + 3.6e6 });
  const options: ClusterRigOptions = { metrics, credential: { getToken } };
  const rig = await ClusterRig.open(options);
  try {
    await rig.start();
    if (moment === "deleted") {
      rig.kubernetes.create(SERVICE);
      await rig.eventually(() => rig.addressesOf("web").length > 0);
    }
    const { subscriptionId, resourceGroup, securityGroup } = rig.facts;
    const about = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/networkSecurityGroups/${securityGroup}`;
    const fault = login === undefined ? rig.arm.faults.catalogue(name, { path: on, nth: "every", about }) : undefined;
    isDown = login !== undefined;
    if (moment === "deleted") rig.kubernetes.delete("Service", "default", "web");
    else rig.kubernetes.create(SERVICE);
    const isTold = (): boolean => warnings(rig).some(({ message }) => message.includes(`[${code}`));
    await rig.eventually(isTold, () => warnings(rig));
    for (const each of warnings(rig).filter(({ message }) => message.includes(`[${code}`))) check(each, code);
    assert.ok(seen() > 0, "an error was counted");
    assert.ok(warnings(rig).length <= 3, `one event each: ${JSON.stringify(warnings(rig))}`);
    fault?.remove();
  } finally {
    await rig.close();
  }
}

describe("a fault that a Service meets is one event, and counted", () => {
  it("each row of the catalogue is driven, or harmless", () => {
    const missing = FAULT_NAMES.filter((name) => (DRIVES[name] === undefined) === (HARMLESS[name] === undefined));
    assert.deepEqual(missing, []);
  });

  for (const name of FAULT_NAMES) {
    const known = DRIVES[name];
    if (known !== undefined) it(`${name}: ${FAULT_CATALOGUE[name].title}`, () => drive(name, known));
  }
});
