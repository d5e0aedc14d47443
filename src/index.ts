export * from "./azure/index.ts";
export * from "./cloudprovider/index.ts";
