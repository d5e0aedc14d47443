import type { Node, Service } from "../../cloudprovider/index.ts";
import { projectNode, projectService, type Raw } from "../../controller/index.ts";
import type { Manifest } from "../demo/manifests.ts";

/** What manifests say that matters to a plan. */
export interface Planned {
  readonly services: readonly Service[];
  readonly nodes: readonly Node[];
  /** Kinds that say nothing, each once, sorted. */
  readonly ignored: readonly string[];
}

/** Takes the Services and Nodes out of manifests. Whoever names no namespace means `default`. */
export function plannedObjects(manifests: readonly Manifest[]): Planned {
  const of = (kind: string): readonly Manifest[] =>
    manifests.filter((each) => each.kind === kind && each.apiVersion === "v1");
  const services = of("Service").map(({ object, namespace = "default" }) => {
    const service = projectService(object as Raw<Service>);
    return { ...service, metadata: { ...service.metadata, namespace } };
  });
  const nodes = of("Node").map(({ object }) => projectNode(object as Raw<Node>));
  const others = manifests.map(({ kind }) => kind).filter((kind) => kind !== "Service" && kind !== "Node");
  return { services, nodes, ignored: [...new Set(others)].toSorted() };
}
