export type { Check } from "./health.ts";
export { type Serving, type ServingOptions, startServing } from "./server.ts";
