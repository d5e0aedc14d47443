import { systemClock } from "../../base/clock.ts";
import type { Node, Service } from "../../cloudprovider/index.ts";
import { Connection, type ConnectionSettings, projectNode, projectService, type Raw } from "../../controller/index.ts";
import { listAll } from "../../controller/runtime/list.ts";
import type { Cluster } from "./applied.ts";

/** All Services and nodes, each kind in one list. @throws ApiError when the API server does not answer. */
export async function readCluster(settings: ConnectionSettings, signal: AbortSignal): Promise<Cluster> {
  const connection = new Connection(settings, systemClock);
  const list = <T>(path: string, project: (raw: object) => T) => listAll({ connection, path, project }, "", signal);
  try {
    const [services, nodes] = await Promise.all([
      list("/api/v1/services", (raw) => projectService(raw as Raw<Service>)),
      list("/api/v1/nodes", (raw) => projectNode(raw as Raw<Node>)),
    ]);
    return { services: services.objects, nodes: nodes.objects };
  } finally {
    connection.kill();
  }
}
