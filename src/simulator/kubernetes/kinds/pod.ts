import { anything, object } from "../schema.ts";
import { column, type Kind, PLAIN } from "./kind.ts";
import { TYPE_AND_META } from "./metadata.ts";
import { subdomain1123Problem } from "./names.ts";

/**
 * v1 Pods: there are none and none can be made. The kind is served because `kubectl describe node` lists the pods of a
 * node and gives up where it cannot.
 */
export const podKind: Kind = {
  ...PLAIN,
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  singular: "pod",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  verbs: ["get", "list", "watch"],
  schema: object("Pod", { ...TYPE_AND_META, spec: anything, status: anything }),
  columns: [column("Ready", "The aggregate readiness state of this pod."), column("Status", "The phase of the pod.")],
  cells: ({ metadata }) => [metadata.name, "", ""],
  fields: () => ({ "spec.nodeName": "", "status.phase": "", "spec.restartPolicy": "", "status.podIP": "" }),
  nameProblem: subdomain1123Problem,
};
