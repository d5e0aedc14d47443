import type { KubeConfig } from "@kubernetes/client-node";
import type { ConnectionSettings } from "./connection.ts";

/** Where credentials come from. */
export interface CredentialSource {
  /** Path of a kubeconfig file; wins over everything else. */
  readonly kubeconfig?: string;
  /** A kubeconfig's text, for clusters that were made by this process. */
  readonly kubeconfigText?: string;
  /** Context to use instead of the file's current one. */
  readonly context?: string;
}

/** Headers of a token that is read from a file or a command are asked for again after this long. */
const HEADERS_FRESH_MS = 60_000;

/**
 * Settings from a kubeconfig, or from the pod's service account when none is given and the process runs in a cluster.
 * Without either, the user's own kubeconfig (`KUBECONFIG`, `~/.kube/config`).
 *
 * @param now - the time in milliseconds, for how long credentials are kept.
 * @throws Error when there is no usable cluster in what was given.
 */
export async function connectionSettings(source: CredentialSource, now: () => number): Promise<ConnectionSettings> {
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js"); // half of what the whole package costs
  const config = new KubeConfig();
  load(config, source);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new Error(`no cluster in ${source.kubeconfig ?? "the kubeconfig"}: set a current context`);
  if (cluster.proxyUrl !== undefined)
    throw new Error(`proxy-url ${cluster.proxyUrl} of the kubeconfig is not supported`);
  const options = () => credentials(config);
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = await options();
  return {
    server: cluster.server,
    headers: fresh(async () => (await options()).headers ?? {}, now),
    tls: defined({ ca, cert, key, pfx, passphrase, servername, rejectUnauthorized }),
  };
}

function load(config: KubeConfig, { kubeconfig, kubeconfigText, context }: CredentialSource): void {
  if (kubeconfigText !== undefined) config.loadFromString(kubeconfigText);
  else if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
  else if (process.env["KUBERNETES_SERVICE_HOST"] !== undefined) config.loadFromCluster();
  else config.loadFromDefault();
  if (context !== undefined) config.setCurrentContext(context);
}

interface Credentials {
  headers?: Record<string, string>;
  auth?: string | null;
  ca?: unknown;
  cert?: unknown;
  key?: unknown;
  pfx?: unknown;
  passphrase?: unknown;
  servername?: unknown;
  rejectUnauthorized?: unknown;
}

async function credentials(config: KubeConfig): Promise<Credentials> {
  const options: Credentials = {};
  await withPlainHttpAllowed(config).applyToHTTPSOptions(options as Parameters<KubeConfig["applyToHTTPSOptions"]>[0]);
  if (typeof options.auth !== "string") return options;
  const basic = `Basic ${Buffer.from(options.auth).toString("base64")}`;
  return { ...options, headers: { ...options.headers, Authorization: basic } };
}

/** client-node refuses `http://` servers unless TLS checks are off, although there is no TLS to check. */
function withPlainHttpAllowed(config: KubeConfig): KubeConfig {
  const cluster = config.getCurrentCluster();
  if (cluster?.server.startsWith("http://") !== true || cluster.skipTLSVerify) return config;
  const clusters = config.getClusters().map((each) => (each === cluster ? { ...each, skipTLSVerify: true } : each));
  config.loadFromOptions({
    clusters,
    users: config.getUsers(),
    contexts: config.getContexts(),
    currentContext: config.getCurrentContext(),
  });
  return config;
}

function fresh<T>(read: () => Promise<T>, now: () => number): () => Promise<T> {
  let known: { readonly value: Promise<T>; readonly untilMs: number } | undefined;
  return () => {
    if (known === undefined || now() >= known.untilMs) {
      const value = read();
      known = { value, untilMs: now() + HEADERS_FRESH_MS };
      value.catch(() => {
        known = undefined;
      });
    }
    return known.value;
  };
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
