export * from "./runtime/index.ts";
export * from "./service/index.ts";
export * from "./serving/index.ts";
