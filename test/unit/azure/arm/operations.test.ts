import { describe, expect, it } from "vitest";
import {
  judgeOperation,
  type PollTarget,
  pollTargetOf,
  type SeenAnswer,
} from "../../../../src/azure/arm/operations.ts";

function answer(status: number, body?: unknown, headers: Record<string, string> = {}): SeenAnswer {
  return { status, body, header: (name) => headers[name] };
}

const OPERATION = { "azure-asyncoperation": "https://arm/op" };
const LOCATION = { location: "https://arm/result" };
const SUCCEEDED = { properties: { provisioningState: "Succeeded" } };
const UPDATING = { properties: { provisioningState: "Updating" } };

describe("an accepted write", () => {
  const cases: readonly [name: string, method: string, answer: SeenAnswer, target: PollTarget | undefined][] = [
    ["is done when a NIC's PUT answers Succeeded", "PUT", answer(201, SUCCEEDED), undefined],
    [
      "goes on although a balancer's body says Succeeded",
      "PUT",
      answer(201, SUCCEEDED, OPERATION),
      { mode: "operation", url: "https://arm/op" },
    ],
    [
      "prefers its operation to its location",
      "DELETE",
      answer(202, undefined, { ...OPERATION, ...LOCATION }),
      { mode: "operation", url: "https://arm/op" },
    ],
    [
      "F72 goes on although a NIC's DELETE answers 200",
      "DELETE",
      answer(200, undefined, OPERATION),
      { mode: "operation", url: "https://arm/op" },
    ],
    [
      "is followed at its location",
      "PUT",
      answer(202, undefined, LOCATION),
      { mode: "location", url: "https://arm/result" },
    ],
    ["is done when its location only says where it is", "PUT", answer(201, SUCCEEDED, LOCATION), undefined],
    [
      "is followed in the resource when a VM's PUT answers Updating",
      "PUT",
      answer(200, UPDATING),
      { mode: "resource", url: "https://arm/vm" },
    ],
    ["is done when a resource has no state", "PUT", answer(200, {}), undefined],
    ["is done when a DELETE answers 204", "DELETE", answer(204), undefined],
    ["is done when a DELETE answers 202 and nothing else", "DELETE", answer(202), undefined],
  ];
  for (const [name, method, first, target] of cases) {
    it(name, () => {
      expect(pollTargetOf(method, "https://arm/vm", first)).toEqual(target);
    });
  }
});

describe("a look at an operation", () => {
  const failed = {
    status: "Failed",
    error: { code: "X", message: "boom", details: [{ code: "Y", message: "inner" }] },
  };
  const cases: readonly [name: string, mode: PollTarget["mode"], answer: SeenAnswer, verdict: object][] = [
    ["sees it run", "operation", answer(200, { status: "InProgress" }), { state: "running" }],
    ["takes an unknown state for running", "operation", answer(200, { status: "Provisioning" }), { state: "running" }],
    ["sees its end", "operation", answer(200, { status: "Succeeded" }), { state: "succeeded" }],
    ["takes Completed for an end", "operation", answer(200, { status: "completed" }), { state: "succeeded" }],
    [
      "keeps code and details of a failure",
      "operation",
      answer(200, failed),
      { state: "failed", as: "Failed", body: { code: "X", details: [{ code: "Y" }] } },
    ],
    [
      "takes Cancelled for a failure",
      "operation",
      answer(200, { status: "Cancelled" }),
      { state: "failed", as: "Cancelled" },
    ],
    [
      "F46 learns nothing from a 404",
      "operation",
      answer(404, { error: { code: "OperationNotFound" } }),
      { state: "unclear" },
    ],
    ["F47 learns nothing from an empty document", "operation", answer(200, {}), { state: "unclear" }],
    ["takes a 202 without a state for running", "operation", answer(202), { state: "running" }],
    ["at its location sees it run", "location", answer(202), { state: "running" }],
    ["at its location sees its end", "location", answer(204), { state: "succeeded" }],
    [
      "at its location sees the error of the write",
      "location",
      answer(409, { error: { code: "X" } }),
      { state: "failed", body: { code: "X" } },
    ],
    ["in the resource sees it run", "resource", answer(200, UPDATING), { state: "running" }],
    ["in the resource sees its end", "resource", answer(200, SUCCEEDED), { state: "succeeded" }],
    ["in the resource takes no state for the end", "resource", answer(200, {}), { state: "succeeded" }],
    [
      "in the resource sees a failure",
      "resource",
      answer(200, { properties: { provisioningState: "Failed" } }),
      { state: "failed" },
    ],
  ];
  for (const [name, mode, seen, verdict] of cases) {
    it(name, () => {
      expect(judgeOperation({ mode, url: "" }, seen)).toMatchObject(verdict);
    });
  }
});
