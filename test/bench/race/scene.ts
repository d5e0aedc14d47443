import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../src/base/clock.ts";
import { Connection, connectionSettings } from "../../../src/controller/index.ts";
import { type KubernetesSimulator, startKubernetesSimulator } from "../../../src/simulator/index.ts";
import { azureJsonOf } from "../../fixtures/azure-json.ts";
import type { RaceAsk, RunAsk } from "./asked.ts";
import { type AzureSide, ownAzure, remoteAzure } from "./azure-side.ts";
import { nodeManifest } from "./cluster.ts";

/** Everything that a controller in another process has to be told, in files, and the way to watch it. */
export interface Scene {
  readonly azure: AzureSide;
  /** Undefined where the API server is somebody else's. */
  readonly kubernetes: KubernetesSimulator | undefined;
  readonly connection: Connection;
  readonly folder: string;
  readonly files: { readonly kubeconfig: string; readonly cloudConfig: string; readonly ca: string | undefined };
  /** Arguments and environment of `azure-ccm run`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Opens both sides of a race in real time. */
export async function openScene(race: RaceAsk, ask: RunAsk): Promise<Scene> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const azure = await (race.endpoint === undefined ? ownAzure(ask) : remoteAzure(race.endpoint));
    closers.push(() => azure.close());
    const folder = await mkdtemp(join(tmpdir(), "azure-ccm-bench-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const { kubernetes, text: kubeconfigText } = await openCluster(race.kubeconfig, azure);
    if (kubernetes !== undefined) closers.push(() => kubernetes.close());
    const connection = new Connection(
      await connectionSettings({ kubeconfigText }, () => systemClock.now()),
      systemClock,
    );
    closers.push(() => Promise.resolve(connection.kill()));
    const files = await writeFiles(folder, { azure, kubeconfigText, ask, secure: race.external });
    const trust = files.ca === undefined ? [] : ["--ca-file", files.ca];
    const args = ["--kubeconfig", files.kubeconfig, "--cloud-config", files.cloudConfig, ...trust];
    const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.endpoint };
    return { azure, kubernetes, connection, folder, files, args, env, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Somebody's cluster, or a small API server of our own with the nodes of the simulated Azure. */
async function openCluster(
  kubeconfig: string | undefined,
  { facts }: AzureSide,
): Promise<{ readonly kubernetes: KubernetesSimulator | undefined; readonly text: string }> {
  if (kubeconfig !== undefined) return { kubernetes: undefined, text: await textOf(kubeconfig) };
  const kubernetes = await startKubernetesSimulator({ tls: true });
  for (const node of facts.nodes) kubernetes.create(nodeManifest(node));
  return { kubernetes, text: kubernetes.kubeconfig() };
}

interface Written {
  readonly azure: AzureSide;
  readonly kubeconfigText: string;
  readonly ask: RunAsk;
  /** Whether the configuration names the https endpoint, which every SDK takes. */
  readonly secure: boolean;
}

async function writeFiles(folder: string, written: Written): Promise<Scene["files"]> {
  const { azure, kubeconfigText, ask, secure } = written;
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const azureJson = azureJsonOf(azure.facts, {
    // The controller in Go asks the endpoint for its metadata, and finds nothing there under a name
    cloud: undefined,
    resourceManagerEndpoint: (secure ? azure.https?.endpoint : undefined) ?? azure.endpoint,
    useManagedIdentityExtension: true,
    loadBalancerBackendPoolConfigurationType: ask.poolType,
  });
  return {
    kubeconfig: await write("kubeconfig", kubeconfigText),
    cloudConfig: await write("azure.json", `${JSON.stringify(azureJson, undefined, 2)}\n`),
    ca: azure.https === undefined || !secure ? undefined : await write("ca.pem", azure.https.ca),
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Error(`--kubeconfig: ${(error as Error).message}`, { cause: error });
  }
}
