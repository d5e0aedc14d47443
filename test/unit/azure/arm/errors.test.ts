import { describe, expect, it } from "vitest";
import { ERROR_TABLE, STATUS_TABLE } from "../../../../src/azure/arm/error-table.ts";
import {
  classifyWriteFailure,
  diagnose,
  saysAbsent,
  saysThrottled,
  toCloudError,
} from "../../../../src/azure/arm/errors.ts";
import { ArmFailure, readErrorBody } from "../../../../src/azure/arm/failure.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";

const PIP = "/subscriptions/S/resourceGroups/RG/providers/Microsoft.Network/publicIPAddresses/pip";
const LB = "/subscriptions/S/resourceGroups/RG/providers/Microsoft.Network/loadBalancers/lb";

interface Details {
  readonly message?: string;
  readonly detail?: readonly [code: string, message: string];
  readonly retryAfterMs?: number;
}

function answered(status: number, code: string, { message = "", detail, retryAfterMs }: Details = {}): ArmFailure {
  const details = detail === undefined ? [] : [{ code: detail[0], message: detail[1] }];
  const body = readErrorBody({ error: { code, message, details } }, "");
  return new ArmFailure(
    { kind: "response", status, body, retryAfterMs, gateway: false, requestId: undefined },
    message,
  );
}

describe("a failed write", () => {
  const cases: readonly [name: string, failure: ArmFailure, expected: object][] = [
    [
      "F02 throttled by ARM waits as told",
      answered(429, "SubscriptionRequestsThrottled", { retryAfterMs: 10_000 }),
      { outcome: "refused", cause: "throttled", retryAfterMs: 10_000 },
    ],
    [
      "F03 throttled by the network provider",
      answered(429, "RetryableError", { detail: ["RetryableErrorDueToTooManyCalls", "retried in 39 seconds"] }),
      { outcome: "refused", cause: "throttled", retryAfterMs: undefined },
    ],
    [
      "F04 throttled by the compute provider is no permanent OperationNotAllowed",
      answered(429, "OperationNotAllowed", { message: "too many requests", detail: ["TooManyRequests", "{}"] }),
      { outcome: "refused", cause: "throttled" },
    ],
    ["F06 a 429 that we do not know", answered(429, "Whatever"), { outcome: "refused", cause: "throttled" }],
    ["F08 a stale etag", answered(412, "PreconditionFailed"), { outcome: "conflicted" }],
    ["a 412 without a code", answered(412, ""), { outcome: "conflicted" }],
    [
      "F11 another operation",
      answered(429, "AnotherOperationInProgress", { retryAfterMs: 10_000 }),
      { outcome: "refused", cause: "busy", retryAfterMs: 10_000 },
    ],
    ["F11 another operation, in the older form", answered(409, "AnotherOperationInProgress"), { cause: "busy" }],
    [
      "F12 a referenced resource that is not provisioned is named",
      answered(429, "RetryableError", {
        detail: [
          "ReferencedResourceNotProvisioned",
          `Cannot proceed with operation because resource ${PIP} used by resource ${LB} is not in Succeeded state.`,
        ],
      }),
      { outcome: "refused", cause: "unprovisioned", resourceId: PIP.toLowerCase() },
    ],
    [
      "F12 without a name, the whole resource waits",
      answered(429, "RetryableError", { detail: ["ReferencedResourceNotProvisioned", "something is amiss"] }),
      { outcome: "refused", cause: "busy" },
    ],
    [
      "a gateway allocation in progress",
      answered(429, "RetryableError", { detail: ["RetryableErrorDueToAnotherOperation", "retried in 12 seconds"] }),
      { outcome: "refused", cause: "busy" },
    ],
    ["F14 a public IP that is in use", answered(400, "PublicIPAddressCannotBeDeleted"), { cause: "content" }],
    ["F21 the quota of public IPs", answered(400, "PublicIPCountLimitReached"), { cause: "everyone" }],
    [
      "F22 a core quota",
      answered(409, "OperationNotAllowed", { message: "exceeding approved standardDSv3 Cores quota" }),
      { cause: "everyone" },
    ],
    ["F30 a group that is being deleted", answered(409, "ResourceGroupBeingDeleted"), { cause: "everyone" }],
    ["F34 an expired token", answered(401, "ExpiredAuthenticationToken"), { cause: "everyone" }],
    ["F36 a missing role", answered(403, "AuthorizationFailed"), { cause: "everyone" }],
    ["F38 a policy, which may concern one edit only", answered(403, "RequestDisallowedByPolicy"), { cause: "content" }],
    ["F39 a lock", answered(409, "ScopeLocked"), { cause: "everyone" }],
    ["F44 a gateway timeout may have been applied", answered(504, "GatewayTimeout"), { outcome: "lost" }],
    ["an internal error may have been applied", answered(500, "InternalServerError"), { outcome: "lost" }],
    [
      "F45 a cut connection may have been applied",
      new ArmFailure({ kind: "unanswered", why: "transport", code: "ECONNRESET" }, "reset"),
      { outcome: "lost" },
    ],
    [
      "a missed deadline may have been applied",
      new ArmFailure({ kind: "unanswered", why: "deadline", code: "DeadlineExceeded" }, "late"),
      { outcome: "lost" },
    ],
    [
      "F69 a failed operation",
      new ArmFailure(
        { kind: "operation", state: "Failed", body: readErrorBody({ code: "InternalServerError" }, "") },
        "",
      ),
      { outcome: "broken" },
    ],
    [
      "F09 a superseded operation",
      new ArmFailure({ kind: "operation", state: "Canceled", body: readErrorBody({ code: "Canceled" }, "") }, ""),
      { outcome: "broken" },
    ],
    [
      "a closed gate",
      new ArmFailure({ kind: "unsent", why: "gate", retryAfterMs: 99 }, "closed"),
      { outcome: "refused", cause: "throttled", retryAfterMs: 99 },
    ],
    [
      "no token",
      new ArmFailure({ kind: "unsent", why: "token", retryAfterMs: undefined }, "no token"),
      { outcome: "refused", cause: "everyone" },
    ],
  ];
  for (const [name, failure, expected] of cases) {
    it(`${name}`, () => {
      expect(classifyWriteFailure(failure, "writing lb")).toMatchObject(expected);
    });
  }

  it("that we do not understand counts as lost", () => {
    expect(classifyWriteFailure(new TypeError("what?"), "writing lb").outcome).toBe("lost");
  });

  it("that our own check refused was never sent", () => {
    const refused = classifyWriteFailure(new CloudError("NotImplemented", "read only"), "writing lb");
    expect(refused).toMatchObject({ outcome: "refused", cause: "everyone" });
  });
});

describe("the culprit of a refused body", () => {
  const cases: readonly [name: string, code: string, message: string, culprit: string | undefined][] = [
    [
      "is the second of two clashing rules",
      "RulesUseSameBackendPortProtocolAndPool",
      `Load balancing rules ${LB}/loadBalancingRules/one and ${LB}/loadBalancingRules/Two with floating IP disabled use the same protocol Tcp`,
      "two",
    ],
    [
      "is the security rule in conflict",
      "SecurityRuleConflict",
      "Security rule mine conflicts with rule theirs. Rules cannot have the same Priority",
      "mine",
    ],
    [
      "is the rule with an invalid priority",
      "SecurityRuleInvalidPriority",
      "Security rule r1 has invalid Priority. Value provided: 1",
      "r1",
    ],
    [
      "is the child with a dangling reference",
      "InvalidResourceReference",
      `Resource ${LB}/backendAddressPools/p referenced by resource ${LB}/loadBalancingRules/web was not found.`,
      "web",
    ],
    [
      "is the name that is there twice",
      "DuplicateResourceName",
      `Resource ${LB} has two child resources with the same name (twin).`,
      "twin",
    ],
    [
      "is the address that is in use elsewhere",
      "PublicIPAddressInUse",
      `Resource ${LB}/frontendIPConfigurations/f is referencing public IP address ${PIP} that is already allocated`,
      "f",
    ],
    [
      "is the resource that is named in full",
      "PublicIPAddressCannotBeDeleted",
      `Public IP address ${PIP} can not be deleted`,
      PIP.toLowerCase(),
    ],
    ["is unknown when nobody is named", "InvalidRequestFormat", "Cannot parse the request.", undefined],
  ];
  for (const [name, code, message, culprit] of cases) {
    it(name, () => {
      const failure = classifyWriteFailure(answered(400, code, { message }), "writing lb");
      expect(failure).toMatchObject({ outcome: "refused", cause: "content", culprit });
    });
  }
});

describe("the error that leaves the room", () => {
  it("says what was tried, what happened, what ARM said, and what to do", () => {
    const error = toCloudError(answered(409, "ScopeLocked", { message: "Remove lock x." }), "writing load balancer lb");
    expect(error.message).toBe("writing load balancer lb: a lock forbids changes here (ScopeLocked: Remove lock x.)");
    expect(error).toMatchObject({ code: "Locked", cloudCode: "ScopeLocked", advice: expect.stringContaining("lock") });
  });

  it("carries ARM's pause", () => {
    expect(toCloudError(answered(429, "TooManyRequests", { retryAfterMs: 17_000 }), "x").retryAfterMs).toBe(17_000);
  });

  it("passes a CloudError untouched", () => {
    const error = new CloudError("Locked", "x");
    expect(toCloudError(error, "y")).toBe(error);
  });
});

describe("absence", () => {
  it("is what ARM itself says of the resource", () => {
    for (const code of ["ResourceNotFound", "NotFound", "ParentResourceNotFound", "ResourceGroupNotFound"]) {
      expect(saysAbsent(answered(404, code))).toBe(true);
    }
  });

  it("is not a 404 in other words, nor another status", () => {
    for (const failure of [
      answered(404, ""),
      answered(404, "SubscriptionNotFound"),
      answered(400, "NotFound"),
      new Error("404"),
    ]) {
      expect(saysAbsent(failure)).toBe(false);
    }
  });
});

describe("the throttle gate", () => {
  it("is closed by throttling and not by what concerns one resource", () => {
    const closes = (code: string, detail: string) =>
      saysThrottled(429, readErrorBody({ error: { code, details: [{ code: detail, message: "" }] } }, ""));
    expect(closes("RetryableError", "RetryableErrorDueToTooManyCalls")).toBe(true);
    expect(closes("RetryableError", "ReferencedResourceNotProvisioned")).toBe(false);
    expect(closes("AnotherOperationInProgress", "")).toBe(false);
    expect(saysThrottled(503, readErrorBody({ code: "TooManyRequests" }, ""))).toBe(false);
  });
});

describe("the error table", () => {
  it("has no code twice, unless told apart by words", () => {
    const plain = ERROR_TABLE.filter(({ when }) => when === undefined).flatMap(({ arm }) =>
      arm.map((each) => each.toLowerCase()),
    );
    expect(plain.filter((code, index) => plain.indexOf(code) !== index)).toEqual([]);
  });

  it("says something of every code, without a full stop", () => {
    for (const { says } of ERROR_TABLE) expect(says).toMatch(/^[a-zA-Z].*[^.]$/);
  });

  it("has an answer for every status", () => {
    for (let status = 200; status < 600; status++) {
      expect(diagnose(status, readErrorBody("", "")).row.says).not.toBe("");
    }
    expect(STATUS_TABLE.map(({ upTo }) => upTo)).toEqual(
      STATUS_TABLE.map(({ upTo }) => upTo).toSorted((a, b) => a - b),
    );
  });
});

describe("an error body", () => {
  const cases: readonly [name: string, raw: unknown, expected: object][] = [
    [
      "is read from its envelope",
      { error: { code: "A", message: "m", target: "t" } },
      { code: "A", message: "m", target: "t" },
    ],
    ["is read without envelope", '{"code":"A","message":"m"}', { code: "A", message: "m" }],
    [
      "gives its details at every depth",
      { error: { code: "A", details: [{ code: "B", details: [{ code: "C" }] }] } },
      { details: [{ code: "B" }, { code: "C" }] },
    ],
    [
      "gives its inner error",
      { error: { code: "A", innererror: { internalErrorCode: "TooManyRequestsReceived" } } },
      { details: [{ code: "TooManyRequestsReceived" }] },
    ],
    ["survives null details", { error: { code: "A", details: null } }, { code: "A", details: [] }],
    ["is a page of HTML", "<html><h2>Sorry</h2></html>", { code: "fallback", message: "Sorry" }],
    ["is nothing", "", { code: "fallback", message: "" }],
    ["is a number", 7, { code: "fallback", message: "" }],
  ];
  for (const [name, raw, expected] of cases) {
    it(name, () => {
      expect(readErrorBody(raw, "fallback")).toMatchObject(expected);
    });
  }
});
