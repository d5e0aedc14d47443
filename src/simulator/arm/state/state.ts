import { z } from "zod";
import type { Checked } from "../../../base/checked.ts";
import type { Json, JsonObject } from "../json.ts";
import { checkDocument } from "../read-document.ts";

/** The form of a dump. A dump of another version is refused. */
export const STATE_VERSION = 1;

const json: z.ZodType<Json> = z.json();
const object: z.ZodType<JsonObject> = z.record(z.string(), json);
const retryAfter = z.strictObject({ first: z.number().exactOptional(), poll: z.number().exactOptional() });

const group = z.strictObject({
  subscription: z.string(),
  name: z.string(),
  location: z.string(),
  tags: object.exactOptional(),
});

const resource = z.strictObject({
  id: z.string(),
  type: z.string(),
  generation: z.int(),
  createdMs: z.number(),
  /** The body that ARM shows. */
  shown: object,
  /** The body in effect; absent before the first success. */
  effect: object.exactOptional(),
  computed: object,
  hidden: object,
  state: z.enum(["Succeeded", "Creating", "Updating", "Deleting", "Failed"]),
  failure: object.exactOptional(),
  /** An operation ran when the dump was taken: it counts as cancelled. */
  interrupted: z.literal(true).exactOptional(),
  operationCount: z.int(),
  lastOperation: z.string(),
  etagNumber: z.int(),
});

const end = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("Succeeded") }),
  z.strictObject({ status: z.enum(["Failed", "Canceled"]), error: object }),
]);

const operation = z.strictObject({
  id: z.string(),
  namespace: z.enum(["Microsoft.Network", "Microsoft.Compute", "Microsoft.Resources"]),
  location: z.string(),
  subscription: z.string(),
  about: z.string().exactOptional(),
  name: z.string(),
  verb: z.enum(["PUT", "DELETE", "POST"]),
  list: z.literal("DiskOperations").exactOptional(),
  retryAfter,
  startedMs: z.number(),
  endedMs: z.number(),
  end,
  output: object.exactOptional(),
});

const schema = z.strictObject({
  version: z.literal(STATE_VERSION, `version ${STATE_VERSION}: a dump of this version of the simulator`),
  /** Milliseconds since the epoch by the simulator's clock. */
  savedAtMs: z.number(),
  seed: z.string(),
  tenantId: z.string(),
  /** The subscription that exists from the start. */
  subscriptionId: z.string(),
  subscriptions: z.array(z.string()),
  resourceGroups: z.array(group),
  /** How many resources had an id before, by id in lower case. */
  generations: z.record(z.string(), z.int()),
  /** Public addresses in use, by id in lower case. */
  publicAddresses: z.record(z.string(), z.string()),
  /** Who has which address in which subnet: not all of them stand in a body. */
  privateAddresses: z.array(z.strictObject({ subnetKey: z.string(), address: z.string(), owner: z.string() })),
  resources: z.array(resource),
  operations: z.array(operation),
});

/**
 * Everything a simulator needs to go on where it stood, as JSON: resources with what is shown and what is in effect,
 * etags, counters, addresses, operations that ended. Faults, actors, limits and the journal are no part of it.
 */
export type SimulatorState = z.output<typeof schema>;
/** One resource of a dump. */
export type DumpedResource = SimulatorState["resources"][number];
/** One operation of a dump. */
export type DumpedOperation = SimulatorState["operations"][number];

const versioned = z.looseObject({ version: schema.shape.version }, "a dump of a simulator");

/** Checks what is said to be a dump. */
export function checkState(input: unknown): Checked<SimulatorState> {
  const version = checkDocument(versioned, input); // of another version nothing else can be told
  return version.ok ? checkDocument(schema, input) : version;
}

/** Reads the text of a dump. */
export function parseState(text: string): Checked<SimulatorState> {
  try {
    return checkState(JSON.parse(text));
  } catch (error) {
    return { ok: false, problems: [{ field: "document", got: (error as Error).message, want: "JSON" }] };
  }
}
