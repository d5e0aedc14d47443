import { type Clock, systemClock } from "../../base/clock.ts";
import type { Interceptor } from "../http/exchange.ts";
import { Journal } from "../http/journal.ts";
import { type Listener, listen } from "../http/listener.ts";
import { Cluster } from "./cluster.ts";
import { DirectAccess, type ObjectAccess } from "./direct-access.ts";
import { renderKubeconfig } from "./kubeconfig.ts";
import { seedCluster } from "./seed.ts";
import { makeHandler } from "./serving/handler.ts";
import { type WatchEnd, Watches } from "./serving/watching.ts";
import { WireText } from "./serving/wire-text.ts";

/** How a simulated API server behaves. Everything has a default. */
export interface KubernetesSimulatorOptions {
  /** Default: the machine's time. */
  readonly clock?: Clock;
  /** Also listen on https with a certificate of an own CA. Default: false. */
  readonly tls?: boolean;
  /** A bearer token that every request must carry. Default: any token or none is accepted. */
  readonly token?: string;
  /** `gitVersion` that `/version` reports. Default: `v1.33.0`. */
  readonly version?: string;
  /** Ranges of cluster IPs, one or one per family; the first gives the default family. Default: `10.0.0.0/16`. */
  readonly serviceCidrs?: readonly string[];
  /** Default: 30000 to 32767, both included. */
  readonly nodePorts?: { readonly from: number; readonly to: number };
  /**
   * Changes of each kind that can be watched from afterwards, at least; up to twice as many are kept. Older versions
   * answer 410. Default: 10,000.
   */
  readonly watchHistory?: number;
  /**
   * Milliseconds between bookmarks in watches that asked for them; 0 sends none, which is what a clock that jumps by
   * itself wants: a bookmark is always due, so its time would never stand still. Default: one minute.
   */
  readonly bookmarkEveryMs?: number;
  /** Milliseconds that a watch lasts which named no timeout. Default: 30 minutes. */
  readonly watchTimeoutMs?: number;
  /** How many requests the journal keeps at least; up to twice as many are there at times. Default: 10,000. */
  readonly journal?: { readonly keep: number };
  /** Whether the `kubernetes` Service is there, with the first cluster IP, as in a real cluster. Default: true. */
  readonly kubernetesService?: boolean;
}

/** A running API server on loopback, with direct access to its objects. */
export interface KubernetesSimulator extends ObjectAccess {
  /** `http://127.0.0.1:PORT` */
  readonly httpUrl: string;
  /** `https://localhost:PORT`; undefined without TLS. */
  readonly httpsUrl: string | undefined;
  /** PEM of the CA of the https certificate; undefined without TLS. */
  readonly ca: string | undefined;
  /** The newest finished requests, watches when they end. */
  readonly journal: Journal;
  /** A kubeconfig file for this server: its https address if it has one. */
  kubeconfig(): string;
  /** Adds a fault or a look at every request; returns the function that removes it. */
  intercept(interceptor: Interceptor): () => void;
  /** Watches that are connected now. */
  watchCount(): number;
  /** Forgets the history of changes: versions before now answer 410, running watches go on. */
  compact(): void;
  /** {@link compact}, and every running watch ends with a 410 event. */
  expireWatches(): void;
  /** Ends every running watch: cleanly, as a timeout does, or with its connection cut. */
  endWatches(how: Exclude<WatchEnd, "expire">): void;
  /** Cuts every connection and frees the ports. Idempotent. */
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;

const DEFAULTS = {
  clock: systemClock,
  tls: false,
  version: "v1.33.0",
  serviceCidrs: ["10.0.0.0/16"],
  nodePorts: { from: 30_000, to: 32_767 },
  watchHistory: 10_000,
  bookmarkEveryMs: MINUTE_MS,
  watchTimeoutMs: 30 * MINUTE_MS,
  journal: { keep: 10_000 },
  kubernetesService: true,
} satisfies KubernetesSimulatorOptions;

/** Starts an API server on loopback, on ports that the system gives. It holds the four namespaces of a new cluster. */
export async function startKubernetesSimulator(options: KubernetesSimulatorOptions = {}): Promise<KubernetesSimulator> {
  const { token } = options;
  const { clock, tls, version, kubernetesService, ...settings } = { ...DEFAULTS, ...options };
  const network = { serviceCidrs: settings.serviceCidrs, nodePorts: settings.nodePorts };
  const cluster = new Cluster({ clock, historyLimit: settings.watchHistory, network });
  seedCluster(cluster, { kubernetesService });
  const reading = { cluster, texts: new WireText() };
  const timing = { bookmarkEveryMs: settings.bookmarkEveryMs, timeoutMs: settings.watchTimeoutMs };
  const watches = new Watches(reading, timing);
  const journal = new Journal(settings.journal.keep);
  const listener = await listen({ clock, journal, tls, handle: makeHandler({ reading, watches, version, token }) });
  return Object.assign(new DirectAccess(cluster), controls({ cluster, watches, listener, token }), { journal });
}

interface Parts {
  readonly cluster: Cluster;
  readonly watches: Watches;
  readonly listener: Listener;
  readonly token: string | undefined;
}

function controls({
  cluster,
  watches,
  listener,
  token,
}: Parts): Omit<KubernetesSimulator, keyof ObjectAccess | "journal"> {
  const { httpUrl, httpsUrl, ca } = listener;
  const compact = (): void => {
    for (const { store } of cluster.registry.resources) store.compact();
  };
  return {
    httpUrl,
    httpsUrl,
    ca,
    kubeconfig: () => renderKubeconfig({ server: httpsUrl ?? httpUrl, ca, token }),
    intercept: (interceptor) => listener.intercept(interceptor),
    watchCount: () => watches.count,
    compact,
    expireWatches: () => {
      compact();
      watches.end("expire");
    },
    endWatches: (how) => watches.end(how),
    close: () => listener.close(),
  };
}
