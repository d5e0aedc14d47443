import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { type LoadOptions, loadCloudConfig } from "../../../../src/azure/config/index.ts";
import { CloudError } from "../../../../src/cloudprovider/errors.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "azure-json-"));
});
afterEach(() => rm(folder, { recursive: true }));

const signal = new AbortController().signal;
const noNetwork = (): Promise<never> => Promise.reject(new Error("no network"));

async function written(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const load = (options: Partial<LoadOptions>): ReturnType<typeof loadCloudConfig> =>
  loadCloudConfig({ env: {}, fetchJson: noNetwork, ...options }, signal);

function refusal(code: string, message: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof CloudError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

describe("loading azure.json", () => {
  it("reads the file, and asks nobody when no endpoint is configured", async () => {
    const { config } = await load({ path: await written("azure.json", '{"location":"eastus"}') });
    assert.equal(config.location, "eastus");
  });

  it("names a file that is not there", async () => {
    await assert.rejects(load({ path: join(folder, "none.json") }), refusal("InvalidArgument", /none\.json.*ENOENT/));
  });

  it("names file, line and column of broken text", async () => {
    const path = await written("azure.json", '{\n "location": [');
    await assert.rejects(load({ path }), refusal("InvalidArgument", /azure\.json:2:15/));
  });

  it("asks a configured endpoint once about itself", async () => {
    const asked: string[] = [];
    const fetchJson = async (url: string): Promise<unknown> => {
      asked.push(url);
      return [{ name: "x", authentication: { audiences: ["aud"] } }];
    };
    const path = await written("azure.json", '{"resourceManagerEndpoint":"http://127.0.0.1:1"}');
    const { config } = await load({ path, fetchJson });
    assert.deepEqual(asked, ["http://127.0.0.1:1/metadata/endpoints?api-version=2019-05-01"]);
    assert.equal(config.environment.resourceManagerAudience, "aud");
    assert.equal(config.environment.resourceManagerEndpoint, "http://127.0.0.1:1");
  });

  it("says which endpoint could not be asked", async () => {
    const path = await written("azure.json", '{"resourceManagerEndpoint":"http://127.0.0.1:1"}');
    await assert.rejects(load({ path }), refusal("Unavailable", /http:\/\/127\.0\.0\.1:1\/metadata.*no network/));
  });

  it("INS 20 the environment file of Azure Stack must be readable", async () => {
    const path = await written("azure.json", '{"cloud":"AzureStackCloud"}');
    const env = { AZURE_ENVIRONMENT_FILEPATH: join(folder, "notfound") };
    await assert.rejects(load({ path, env }), refusal("InvalidArgument", /notfound/));
    await load({ path });
  });

  it("INS 20 the environment file counts for Azure Stack only", async () => {
    const stack = await written("stack.json", '{"resourceManagerEndpoint":"https://s","tokenAudience":"a"}');
    const env = { AZURE_ENVIRONMENT_FILEPATH: stack };
    const on = await load({ path: await written("a.json", '{"cloud":"azurestackcloud"}'), env });
    assert.equal(on.config.environment.resourceManagerEndpoint, "https://s");
    assert.equal(on.config.isAzureStack, true);
    const off = await load({ path: await written("b.json", "{}"), env });
    assert.equal(off.config.environment.resourceManagerEndpoint, "https://management.azure.com");
  });
});
