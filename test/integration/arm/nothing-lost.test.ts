import { readFileSync } from "node:fs";
import type { HttpClient, PipelineResponse } from "@azure/core-rest-pipeline";
import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { describe, expect, it } from "vitest";
import { DryArm } from "../../../src/azure/arm/dry-arm.ts";
import { openArm } from "../../../src/azure/arm/open-arm.ts";
import { type ArmTypeName, armId } from "../../../src/azure/arm/resource-types.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { fakeCredential, forever } from "./fixture.ts";

type Json = Record<string, unknown>;

/** Members that only ARM writes: the SDK knows that, and does not send them. */
const OWNED_BY_ARM: ReadonlySet<string> = new Set([
  "type",
  "etag",
  "provisioningState",
  "resourceGuid",
  "defaultSecurityRules",
  "appliedDnsServers",
  "internalDomainNameSuffix",
  "vnetEncryptionSupported",
  "hostedWorkloads",
  "tapConfigurations",
  "defaultOutboundConnectivityEnabled",
  "vmId",
  "exactVersion",
  "enableVMAgentPlatformUpdates",
  "timeCreated",
]);

function sample(file: string): Json {
  const { response } = JSON.parse(readFileSync(new URL(`samples/${file}.json`, import.meta.url), "utf8"));
  return response.body.value?.[0] ?? response.body;
}

/** Adds a property that no SDK knows to every object. */
function withNews(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((each) => withNews(each, depth));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, each]) => [key, key === "tags" ? each : withNews(each, depth + 1)]);
  return { ...Object.fromEntries(members), unheardOf: `news at ${depth}` };
}

/** Every path to a value, in one spelling. */
function paths(value: unknown, at = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [at];
  const list = Object.entries(value).flatMap(([key, each]) => paths(each, `${at}.${key}`));
  return list.length === 0 ? [at] : list;
}

// The names at the top are in the URL.
function ownedByArm(path: string): boolean {
  return path === ".name" || path === ".id" || path.split(".").some((step) => OWNED_BY_ARM.has(step));
}

function lostOf(document: unknown, sent: unknown): readonly string[] {
  const there = new Set(paths(sent));
  return paths(document).filter((path) => !there.has(path) && !ownedByArm(path));
}

/** Reads a document through the engine, sets a tag, and returns what was sent, and what a dry engine says it would send. */
async function written(
  type: ArmTypeName,
  names: readonly string[],
  document: unknown,
): Promise<{ sent: Json; told: unknown }> {
  let sent: Json = {};
  const httpClient: HttpClient = {
    sendRequest: (request): Promise<PipelineResponse> => {
      if (request.method === "PUT") sent = JSON.parse(request.body as string);
      const headers = createHttpHeaders({ "content-type": "application/json" });
      return Promise.resolve({ request, status: 200, headers, bodyAsText: JSON.stringify(document) });
    },
  };
  const arm = await openArm({
    endpoint: "https://arm.example",
    tokenScope: "x/.default",
    credential: fakeCredential,
    userAgent: "test",
    clock: new VirtualClock(),
    httpClient,
  });
  const id = armId(type, { subscriptionId: "s", resourceGroup: "rg" }, ...names);
  const edit = {
    owner: "a",
    order: "a",
    apply: (current: Json | undefined) => current && { ...current, tags: { mine: "1" } },
  };
  await arm.resource(type, id).read(forever());
  const dry = new DryArm(arm);
  await dry.resource(type, id).submit(edit as never, forever());
  const [change] = await dry.changes(forever());
  expect(sent).toEqual({});
  await arm.resource(type, id).submit(edit as never, forever());
  return { sent, told: change?.bodyAfter };
}

describe("reading a document and writing it back", () => {
  for (const [type, file, names] of [
    ["loadBalancers", "lb-put-201", ["lb"]],
    ["publicIPAddresses", "pip-get-standard-static", ["pip"]],
    ["networkSecurityGroups", "nsg-get", ["nsg"]],
    ["networkInterfaces", "nic-put-201-sync", ["nic"]],
    ["virtualMachines", "vm-get", ["vm"]],
  ] as const) {
    it(`loses nothing of ${type}`, async () => {
      const document = withNews(sample(file));
      const { sent, told } = await written(type, names, document);
      expect(lostOf(document, sent)).toEqual([]);
      expect(told).toEqual(sent);
    });
  }

  // The compute provider merges: what a body leaves out stays.
  for (const [type, file, names, part] of [
    ["virtualMachineScaleSets", "vmss-get", ["vmss"], ".properties.virtualMachineProfile.networkProfile."],
    ["virtualMachineScaleSetVMs", "vmssvm-list", ["vmss", "0"], ".properties.networkProfileConfiguration."],
  ] as const) {
    it(`sends the network of ${type} whole, and nothing that holds secrets`, async () => {
      const document = withNews(sample(file));
      const { sent, told } = await written(type, names, document);
      expect(told).toEqual(sent);
      expect(lostOf(document, sent).filter((path) => path.startsWith(part))).toEqual([]);
      expect(paths(sent).filter((path) => /osProfile|extensionProfile|storageProfile/.test(path))).toEqual([]);
    });
  }
});
