import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { type CredentialSettings, timesToLive } from "../../../../src/azure/arm/index.ts";
import {
  type CloudConfig,
  configurationReference,
  configurationSchema,
  parseCloudConfig,
  redacted,
} from "../../../../src/azure/config/index.ts";
import { CONFIG_KEYS } from "../../../../src/azure/config/schema.ts";

function configOf(value: object): CloudConfig {
  const parsed = parseCloudConfig({ file: { name: "f", text: JSON.stringify(value) } });
  assert.ok(parsed.ok);
  return parsed.value.config;
}

describe("the redacted view", () => {
  it("shows no secret and everything else", () => {
    const config = configOf({
      tenantId: "t",
      aadClientId: "c",
      aadClientSecret: "hunter2",
      aadClientCertPassword: "hunter2",
      location: "eastus",
    });
    const shown = redacted(config);
    assert.ok(!JSON.stringify(shown).includes("hunter2"));
    assert.deepEqual(shown, { ...config, aadClientSecret: "[redacted]", aadClientCertPassword: "[redacted]" });
  });
});

describe("the engine's view", () => {
  it("takes credentials and cache times from the configuration as it is", () => {
    const config = configOf({ vmCacheTTLInSeconds: 30, useManagedIdentityExtension: true });
    const credentials: CredentialSettings = config;
    assert.equal(credentials.useManagedIdentityExtension, true);
    assert.equal(timesToLive(config).virtualMachines, 30_000);
  });
});

describe("what is generated from the keys", () => {
  it("the reference page has a row for every key, with its default", () => {
    const page = configurationReference();
    for (const key of Object.keys(CONFIG_KEYS)) assert.ok(page.includes(`| \`${key}\` |`), key);
    assert.match(page, /\| `maximumLoadBalancerRuleCount` \| a whole number of rules \| 250 \|/);
  });

  it("no cell of the reference page breaks its table", () => {
    const rows = configurationReference()
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    for (const row of rows) assert.equal(row.replaceAll("\\|", "").split("|").length, 6, row);
  });

  it("the JSON Schema describes every key and its default", () => {
    const { properties } = configurationSchema() as { properties: Record<string, Record<string, unknown>> };
    assert.deepEqual(Object.keys(properties).toSorted(), Object.keys(CONFIG_KEYS).toSorted());
    assert.deepEqual(properties["vmType"]?.["enum"], ["vmss", "standard", "vmssflex"]);
    assert.equal(properties["vmType"]["default"], "vmss");
    assert.equal("required" in configurationSchema(), false);
  });
});
