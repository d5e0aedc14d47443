export { ApiError } from "./api-error.ts";
export type { ObjectAccess, ObjectReference } from "./direct-access.ts";
export type { Json, JsonObject } from "./json.ts";
export type { KubernetesObject, ObjectMeta } from "./object.ts";
export type { Removed } from "./remover.ts";
export { type KubernetesSimulator, type KubernetesSimulatorOptions, startKubernetesSimulator } from "./simulator.ts";
