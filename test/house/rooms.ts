/** The table of doors: which rooms there are, and what each may import. The test beside it holds `src` to it. */

/** Another room that may be imported, wholly or within limits. */
export interface Door {
  readonly room: string;
  /** Files of that room that may be imported; all when absent. */
  readonly only?: readonly string[];
  /** Nothing but types. */
  readonly typesOnly?: true;
}

/** A package that may be imported. A pattern may end in `*`. */
export interface Package {
  readonly name: string;
  readonly typesOnly?: true;
  /** Only when the code gets there: `await import()`. */
  readonly lazyOnly?: true;
  /** The one file of the room that may; any when absent. */
  readonly in?: string;
}

/** One room of the house. */
export interface Room {
  /** Rooms by name; `*` is every room. */
  readonly doors: readonly (string | Door)[];
  readonly packages: readonly (string | Package)[];
  /** Node's own modules that may be imported; any when absent. */
  readonly builtins?: readonly string[];
}

const errorsOnly: Door = { room: "cloudprovider", only: ["cloudprovider/errors.ts"] };
const azureTypes: Package = { name: "@azure/*", typesOnly: true };

const noun: Room = {
  doors: ["base", "cloudprovider", "azure/arm", "azure/config", "azure/machines"],
  packages: [azureTypes, "ipaddr.js", "p-queue", "zod"],
};

const controllerNoun: Room = { doors: ["base", "cloudprovider", "controller/runtime"], packages: [] };

/** Every room by its folder below `src`; the file is in the room with the longest matching name. */
export const ROOMS: Readonly<Record<string, Room>> = {
  "": { doors: ["cloudprovider", "azure", "azure/config", "azure/arm", "controller", "base"], packages: [] },
  base: {
    doors: [],
    packages: [
      "ipaddr.js",
      "p-queue",
      { name: "pino", in: "base/pino-logger.ts" },
      { name: "prom-client", in: "base/prometheus.ts" },
    ],
  },
  cloudprovider: { doors: ["base"], packages: [] },
  "cloudprovider/contract-tests": {
    doors: ["cloudprovider"],
    packages: [],
    builtins: ["node:assert", "node:assert/strict"],
  },
  azure: {
    doors: [
      "base",
      "cloudprovider",
      "azure/config",
      "azure/arm",
      "azure/machines",
      "azure/plan",
      "azure/loadbalancer",
      "azure/instances",
      "azure/routes",
      "azure/disks",
    ],
    packages: [azureTypes],
  },
  "azure/config": {
    doors: ["base", errorsOnly, { room: "azure/arm", typesOnly: true }],
    packages: ["zod", "yaml"],
  },
  "azure/arm": {
    doors: ["base", errorsOnly, { room: "azure/config", typesOnly: true }],
    packages: [
      "@azure/arm-*",
      "@azure/core-*",
      "@azure/abort-controller",
      { name: "@azure/identity", lazyOnly: true },
      "p-queue",
    ],
  },
  "azure/machines": { doors: ["base", errorsOnly, "azure/arm", "azure/config"], packages: [azureTypes, "p-queue"] },
  "azure/plan": { doors: ["base", "cloudprovider", "azure/arm"], packages: [] },
  "azure/loadbalancer": noun,
  "azure/instances": noun,
  "azure/routes": noun,
  "azure/disks": noun,
  controller: {
    doors: ["base", "cloudprovider", "controller/runtime", "controller/service", "controller/serving"],
    packages: [],
  },
  "controller/runtime": { doors: ["base", "cloudprovider"], packages: ["@kubernetes/client-node", "undici"] },
  "controller/service": controllerNoun,
  "controller/node": controllerNoun,
  "controller/nodelifecycle": controllerNoun,
  "controller/route": controllerNoun,
  "controller/nodeipam": controllerNoun,
  "controller/serving": controllerNoun,
  csi: { doors: ["base", "cloudprovider"], packages: ["@grpc/grpc-js", "@bufbuild/protobuf"] },
  simulator: {
    doors: ["base", "simulator/http", "simulator/arm", "simulator/kubernetes", "simulator/time"],
    packages: [],
  },
  "simulator/http": { doors: ["base"], packages: [{ name: "selfsigned", lazyOnly: true }] },
  "simulator/arm": { doors: ["base", "simulator/http"], packages: ["ipaddr.js", "yaml", "zod"] },
  "simulator/kubernetes": { doors: ["base", "simulator/http"], packages: ["ipaddr.js", "yaml", "zod"] },
  "simulator/time": { doors: ["base", "simulator/http"], packages: [] },
  cli: {
    doors: ["*"],
    packages: ["commander", "yaml", "zod"],
  },
};

/**
 * Files that decide: they take values and return values, and reach no clock, socket, file, random number or promise.
 * By folder below `src`, names without `.ts`; both may be patterns of `path.matchesGlob`. Each must match something.
 */
export const PURE: Readonly<Record<string, readonly string[]>> = {
  base: ["checked", "cidr", "public-address"],
  "cloudprovider/rules": ["*"],
  "azure/arm": [
    "api-versions",
    "culprit",
    "error-table",
    "errors",
    "failure",
    "resource-id",
    "resource-types",
    "retry-after",
    "unknown-properties",
  ],
  "azure/arm/queue": ["fold", "pace", "split"],
  "azure/arm/throttle": [
    "bucket",
    "caps",
    "compute-budgets",
    "draws",
    "lane",
    "ledger",
    "remaining",
    "ticket",
    "verdict",
  ],
  "azure/plan": ["assemble", "attribution", "difference", "drift", "plan", "risk", "tasks", "words"],
  "azure/config": [
    "client-limits",
    "cross-checks",
    "environments",
    "normalise",
    "redact",
    "reference",
    "schema",
    "tags",
  ],
  "azure/config/keys": ["*"],
  "azure/*": ["names", "ownership", "settings", "status", "membership", "power"],
  "azure/*/annotations": ["*"],
  "azure/*/plan": ["*"],
  "azure/loadbalancer/explain": ["asked", "candidates", "held"],
  "azure/loadbalancer": ["config", "ports", "probe-timing", "sources", "wanted-addresses"],
  "azure/machines": ["cluster-node", "ip-configurations", "leaving", "provider-id", "report"],
  "controller/*": ["decisions", "nodes", "outcome", "patches", "eligible-nodes", "projections", "watch-failure"],
};
