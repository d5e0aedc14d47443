export type { Check } from "./health.ts";
export { type Page, type Serving, type ServingOptions, startServing } from "./server.ts";
