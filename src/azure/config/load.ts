import { readFile } from "node:fs/promises";
import type { Checked } from "../../base/checked.ts";
import { accept, CloudError } from "../../cloudprovider/errors.ts";
import { type ConfigSource, decodeConfig } from "./decode.ts";
import { type CloudEnvironment, metadataUrl, withEnvironmentFile, withMetadata } from "./environments.ts";
import { type ConfigInput, type ParsedConfig, parseCloudConfig } from "./parse.ts";

/** What {@link loadCloudConfig} reads from. */
export interface LoadOptions {
  /** Path of azure.json; none means that there is no file. */
  readonly path?: string;
  /** The content of the Secret, if there is one. */
  readonly secret?: ConfigSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A GET that returns the parsed JSON body, for the metadata of `resourceManagerEndpoint`; rejects on anything else. */
  readonly fetchJson: (url: string, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Reads and checks the configuration and settles the cloud it speaks of.
 *
 * One request at most: the metadata of `resourceManagerEndpoint`, if that key is set.
 *
 * @throws CloudError `InvalidArgument` with every problem, or naming the file that cannot be read; `Unavailable` when
 *   the endpoint's metadata cannot be read.
 */
export async function loadCloudConfig(options: LoadOptions, signal: AbortSignal): Promise<ParsedConfig> {
  const file = options.path === undefined ? undefined : await readSource(options.path, signal);
  const input: ConfigInput = {
    ...(file === undefined ? {} : { file }),
    ...(options.secret === undefined ? {} : { secret: options.secret }),
    env: options.env,
  };
  const parsed = accept(parseCloudConfig(input));
  const environment = await resolvedEnvironment(parsed, options, signal);
  return { ...parsed, config: { ...parsed.config, environment } };
}

async function resolvedEnvironment(
  { config }: ParsedConfig,
  options: LoadOptions,
  signal: AbortSignal,
): Promise<CloudEnvironment> {
  const described =
    config.resourceManagerEndpoint === undefined
      ? config.environment
      : accept(await describedBy(config.resourceManagerEndpoint, config, options, signal));
  const path = options.env["AZURE_ENVIRONMENT_FILEPATH"] ?? "";
  if (path === "" || (config.cloud ?? "").trim().toUpperCase() !== "AZURESTACKCLOUD") return described;
  return withEnvironmentFile(described, accept(decodeConfig(await readSource(path, signal))));
}

async function describedBy(
  endpoint: string,
  { environment, cloud }: ParsedConfig["config"],
  { fetchJson }: LoadOptions,
  signal: AbortSignal,
): Promise<Checked<CloudEnvironment>> {
  const url = metadataUrl(endpoint);
  try {
    return withMetadata(environment, await fetchJson(url, signal), cloud);
  } catch (error) {
    if (signal.aborted) throw CloudError.from(error, `reading ${url}`);
    const advice = "Check resourceManagerEndpoint in the cloud config and that this machine reaches it.";
    const reason = error instanceof Error ? error.message : String(error);
    throw new CloudError("Unavailable", `reading ${url}: ${reason}`, { cause: error, advice });
  }
}

async function readSource(path: string, signal: AbortSignal): Promise<ConfigSource> {
  try {
    return { name: path, text: await readFile(path, { encoding: "utf8", signal }) };
  } catch (error) {
    if (signal.aborted) throw CloudError.from(error, `reading ${path}`);
    const reason = error instanceof Error ? error.message : String(error);
    throw new CloudError("InvalidArgument", `reading the cloud config ${path}: ${reason}`, { cause: error });
  }
}
