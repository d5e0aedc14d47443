import { systemClock } from "../base/clock.ts";
import type { Node, Service } from "../cloudprovider/index.ts";
import {
  Connection,
  type ConnectionSettings,
  listAll,
  projectNode,
  projectService,
  type Raw,
} from "../controller/index.ts";

/** Services and nodes of a cluster. */
export interface Cluster {
  readonly services: readonly Service[];
  readonly nodes: readonly Node[];
}

/** Lists everything at a path of the API server, page by page. */
export type ListAll = <T>(path: string, project: (raw: object) => T) => Promise<readonly T[]>;

/**
 * Runs `work` with a connection of its own, which is closed whatever happens.
 *
 * @throws Error that names the flag, whatever `work` fails with.
 */
export async function withLists<T>(
  settings: ConnectionSettings,
  work: (list: ListAll) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const connection = new Connection(settings, systemClock);
  try {
    return await work(async (path, project) => (await listAll({ connection, path, project }, "", signal)).objects);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the API server of --kubeconfig cannot be read: ${reason}`, { cause: error });
  } finally {
    connection.kill();
  }
}

/** All Services and nodes, each kind in one list. @throws ApiError when the API server does not answer. */
export async function readCluster(list: ListAll): Promise<Cluster> {
  const [services, nodes] = await Promise.all([
    list("/api/v1/services", (raw) => projectService(raw as Raw<Service>)),
    list("/api/v1/nodes", (raw) => projectNode(raw as Raw<Node>)),
  ]);
  return { services, nodes };
}
