import { systemClock } from "../../base/clock.ts";
import type { Node, Service } from "../../cloudprovider/index.ts";
import { ApiError, Connection, type ConnectionSettings } from "../../controller/index.ts";
import { listAll } from "../../controller/runtime/list.ts";
import { readCluster } from "../plan/cluster.ts";

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
export interface ClusterFacts {
  readonly service: Service;
  /** All of them: a plan for one depends on what the others need. */
  readonly services: readonly Service[];
  readonly nodes: readonly Node[];
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
 * @throws Error when there is no such Service; ApiError when the API server does not answer.
 */
export async function readFacts(
  settings: ConnectionSettings,
  { namespace, name }: ServiceName,
  signal: AbortSignal,
): Promise<ClusterFacts> {
  const [{ services, nodes }, events] = await Promise.all([
    readCluster(settings, signal),
    readEvents(settings, namespace, signal),
  ]);
  const service = services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  if (service === undefined) throw new Error(`there is no Service ${namespace}/${name}`);
  return { service, services, nodes, events: eventsOn(service, events) };
}

async function readEvents(
  settings: ConnectionSettings,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly Event[]> {
  const connection = new Connection(settings, systemClock);
  const path = `/api/v1/namespaces/${namespace}/events`;
  try {
    return (await listAll({ connection, path, project: toldEvent }, "", signal)).objects;
  } catch (error) {
    return unlessForbidden(error);
  } finally {
    connection.kill();
  }
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
