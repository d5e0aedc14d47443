export * from "./failure-text.ts";
export * from "./nodes.ts";
export * from "./services.ts";
