import assert from "node:assert/strict";
import { describe, it } from "vitest";
import {
  atEndpoint,
  environmentNamed,
  metadataUrl,
  PUBLIC_ENVIRONMENT,
  withEnvironmentFile,
  withMetadata,
} from "../../../../src/azure/config/environments.ts";

describe("names of clouds", () => {
  const cases: readonly { name: string | undefined; endpoint: string | undefined }[] = [
    { name: undefined, endpoint: "https://management.azure.com" },
    { name: "", endpoint: "https://management.azure.com" },
    { name: " azurecloud ", endpoint: "https://management.azure.com" },
    { name: "AzurePublicCloud", endpoint: "https://management.azure.com" },
    { name: "AzureUSGovernment", endpoint: "https://management.usgovcloudapi.net" },
    { name: "AZUREUSGOVERNMENTCLOUD", endpoint: "https://management.usgovcloudapi.net" },
    { name: "AzureChinaCloud", endpoint: "https://management.chinacloudapi.cn" },
    { name: "AzureStackCloud", endpoint: "https://management.azure.com" },
    { name: "AzureGermanCloud", endpoint: undefined },
  ];
  for (const { name, endpoint } of cases) {
    it(`${JSON.stringify(name)} is ${endpoint ?? "nobody's"}`, () => {
      assert.equal(environmentNamed(name)?.resourceManagerEndpoint, endpoint);
    });
  }
});

describe("metadata of an endpoint", () => {
  const base = atEndpoint(PUBLIC_ENVIRONMENT, "http://arm.local/");

  it("is asked below the endpoint without its slash", () => {
    assert.equal(metadataUrl("http://arm.local/"), "http://arm.local/metadata/endpoints?api-version=2019-05-01");
  });

  it("INS 19 keeps the configured endpoint when the entry names none, and takes the first audience", () => {
    const result = withMetadata(base, [{ name: "x", authentication: { audiences: ["https://a", "https://b"] } }], "");
    assert.ok(result.ok);
    assert.equal(result.value.resourceManagerEndpoint, "http://arm.local");
    assert.equal(result.value.resourceManagerAudience, "https://a");
    assert.equal(result.value.authorityHost, PUBLIC_ENVIRONMENT.authorityHost);
  });

  it("takes all that the entry of the cloud's name says", () => {
    const entry = {
      name: "Local",
      resourceManager: "https://arm.example/",
      authentication: { audiences: ["aud"], loginEndpoint: "https://login.example/" },
      suffixes: { storage: "st.example", acrLoginServer: "cr.example" },
    };
    assert.deepEqual(withMetadata(base, [{ name: "Other" }, entry], "local"), {
      ok: true,
      value: {
        name: "Local",
        resourceManagerEndpoint: "https://arm.example",
        resourceManagerAudience: "aud",
        authorityHost: "https://login.example/",
        storageEndpointSuffix: "st.example",
        containerRegistrySuffix: "cr.example",
      },
    });
  });

  const unchanged: readonly { name: string; description: unknown }[] = [
    { name: "no entry of that name", description: [{ name: "Other", resourceManager: "https://no" }] },
    { name: "no entries", description: [] },
    { name: "entries that are none", description: [null, 1] },
    { name: "an empty list of audiences", description: [{ name: "local", authentication: { audiences: [] } }] },
  ];
  for (const { name, description } of unchanged) {
    it(`change nothing with ${name}`, () => {
      const result = withMetadata(base, description, "local");
      assert.ok(result.ok);
      assert.equal(result.value.resourceManagerEndpoint, "http://arm.local");
      assert.equal(result.value.resourceManagerAudience, base.resourceManagerAudience);
    });
  }

  it("are refused when they are no list", () => {
    assert.equal(withMetadata(base, { error: "x" }, "").ok, false);
  });
});

describe("environment file of Azure Stack", () => {
  it("replaces endpoint and audience only together", () => {
    const only = withEnvironmentFile(PUBLIC_ENVIRONMENT, { resourceManagerEndpoint: "https://s" });
    assert.equal(only.resourceManagerEndpoint, PUBLIC_ENVIRONMENT.resourceManagerEndpoint);
    const both = withEnvironmentFile(PUBLIC_ENVIRONMENT, { resourceManagerEndpoint: "https://s/", tokenAudience: "a" });
    assert.equal(both.resourceManagerEndpoint, "https://s");
    assert.equal(both.resourceManagerAudience, "a");
  });

  it("replaces the login address alone", () => {
    const environment = withEnvironmentFile(PUBLIC_ENVIRONMENT, { activeDirectoryEndpoint: "https://login" });
    assert.deepEqual(environment, { ...PUBLIC_ENVIRONMENT, authorityHost: "https://login" });
  });
});
