import type { Service } from "../../cloudprovider/index.ts";
import { ApiError, type ConnectionSettings } from "../../controller/index.ts";
import { type Cluster, type ListAll, readCluster, withLists } from "../cluster.ts";

/** An event on the Service. */
export interface ToldEvent {
  /** Newest time, RFC 3339; empty when the API server has none. */
  readonly at: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

/** What the cluster holds that an explanation needs. */
export interface ClusterFacts extends Cluster {
  readonly service: Service;
  /** On the Service, oldest first. */
  readonly events: readonly ToldEvent[];
}

/** Names one Service. */
export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Reads Services, Nodes and the Service's events.
 *
 * @throws Error when there is no such Service, or the API server does not answer.
 */
export async function readFacts(
  settings: ConnectionSettings,
  { namespace, name }: ServiceName,
  signal: AbortSignal,
): Promise<ClusterFacts> {
  const [{ services, nodes }, events] = await withLists(
    settings,
    (list) => Promise.all([readCluster(list), readEvents(list, namespace)]),
    signal,
  );
  const service = services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  if (service === undefined) throw new Error(`there is no Service ${namespace}/${name}`);
  return { service, services, nodes, events: eventsOn(service, events) };
}

function readEvents(list: ListAll, namespace: string): Promise<readonly Event[]> {
  return list(`/api/v1/namespaces/${encodeURIComponent(namespace)}/events`, toldEvent).catch(unlessForbidden);
}

/** The controller's own role may write events and not read them; the explanation then has none. */
function unlessForbidden(error: unknown): readonly Event[] {
  if (error instanceof ApiError && error.status === 403) return [];
  throw error;
}

interface Event {
  /** Kind, name and uid of what it is about. */
  readonly on: string;
  readonly told: ToldEvent;
}

interface RawEvent {
  readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

function toldEvent(raw: object): Event {
  const { involvedObject: of = {}, type = "", reason = "", message = "", count }: RawEvent = raw;
  const on = [of.kind, of.name, of.uid].join("/");
  return { on, told: { at: timeOf(raw), type, reason, message, count: count ?? 1 } };
}

function timeOf({ lastTimestamp, eventTime }: RawEvent): string {
  return lastTimestamp ?? eventTime ?? "";
}

function eventsOn({ metadata }: Service, events: readonly Event[]): readonly ToldEvent[] {
  const wanted = ["Service", metadata.name, metadata.uid].join("/");
  const found = events.filter(({ on }) => on === wanted).map(({ told }) => told);
  return found.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}
