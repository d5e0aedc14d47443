export * from "./nodes.ts";
export * from "./services.ts";
