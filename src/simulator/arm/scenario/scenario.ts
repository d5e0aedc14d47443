import { z } from "zod";
import { type Checked, checked } from "../../../base/checked.ts";
import type { Behaviour } from "../behaviour.ts";
import { checkBehaviour } from "../control/behaviour-spec.ts";
import { checkFaults } from "../control/fault-book.ts";
import type { TokenChecks } from "../identity/authentication.ts";
import type { IdentityOptions } from "../identity/identity.ts";
import type { Latency } from "../latency.ts";
import type { Limiting } from "../limits/options.ts";
import type { PageSizes } from "../paging.ts";
import type { ProfileName } from "../profiles.ts";
import { checkDocument, readYaml } from "../read-document.ts";
import { type ClusterSeed, checkClusterSeed } from "../seed/cluster-seed.ts";
import { allowedActionsSchema, identitySchema, tokensSchema } from "./identity-schema.ts";
import { latencySchema } from "./latency-schema.ts";
import { limitsSchema } from "./limits-schema.ts";
import { pageSizeSchema } from "./page-size-schema.ts";

const GUID = "a guid";
const COUNT = "a whole number from 1 to 1000";
const INSTANT = "an instant such as 2026-01-01T00:00:00Z";

const schema = z.strictObject({
  /** What exists from the start: as `--cluster` takes it. */
  cluster: z.unknown().optional(),
  seed: z.string("text").optional(),
  clock: z.enum(["system", "manual", "auto"], "system, manual or auto").optional(),
  /** With `clock: auto`: time stands until so many have joined. */
  participants: z.int(COUNT).min(1, COUNT).max(1_000, COUNT).optional(),
  /** When a clock of its own begins. */
  startAt: z.iso.datetime({ offset: true, error: INSTANT }).optional(),
  subscriptionId: z.guid(GUID).optional(),
  tenantId: z.guid(GUID).optional(),
  profile: z.enum(["P1", "P2", "P3", "P4", "P5"], "P1, P2, P3, P4 or P5").optional(),
  latency: latencySchema.optional(),
  limits: limitsSchema.optional(),
  tokens: tokensSchema.optional(),
  identity: identitySchema.optional(),
  allowedActions: allowedActionsSchema.optional(),
  pageSize: pageSizeSchema.optional(),
  behaviour: z.unknown().optional(),
  faults: z.array(z.unknown(), "a list of faults").optional(),
});

/** How a simulator is to be, as a file says it; what the file leaves out is absent. */
export interface Scenario {
  readonly cluster?: ClusterSeed;
  readonly seed?: string;
  readonly clock?: "system" | "manual" | "auto";
  /** With `clock: auto`: how many processes share the time; 1 when absent. */
  readonly participants?: number;
  /** When a clock of its own begins, ISO 8601; now when absent. */
  readonly startAt?: string;
  readonly subscriptionId?: string;
  readonly tenantId?: string;
  readonly profile?: ProfileName;
  readonly latency?: Latency;
  readonly limits?: Limiting;
  readonly tokens?: TokenChecks;
  readonly identity?: IdentityOptions;
  readonly allowedActions?: readonly string[];
  readonly pageSize?: number | Partial<PageSizes>;
  readonly behaviour?: Partial<Behaviour>;
  /** As they were written: what `script` takes. */
  readonly faults?: readonly unknown[];
}

/** Reads a scenario from YAML. Every problem names its field and quotes what was written. */
export function parseScenario(yamlText: string): Checked<Scenario> {
  const document = readYaml(yamlText);
  return document.ok ? checkScenario(document.value ?? {}) : document;
}

/** Checks a scenario that was written as an object. */
export function checkScenario(input: unknown): Checked<Scenario> {
  const frame = checkDocument(schema, input);
  const { cluster, behaviour, faults, clock, participants } = (isPlain(input) ? input : {}) as z.input<typeof schema>;
  const seed = given(cluster, (value) => checkClusterSeed(value ?? {}, "cluster"));
  const switches = given(behaviour, (value) => checkBehaviour(value, "behaviour"));
  const script = Array.isArray(faults) ? checkFaults(faults) : ABSENT;
  const problems = [frame, seed, switches, script].flatMap((part) => (part.ok ? [] : part.problems));
  if (participants !== undefined && clock !== "auto") {
    problems.push({ field: "participants", got: String(participants), want: "clock: auto beside it" });
  }
  const scenario = {
    ...(frame.ok && frame.value),
    ...member("cluster", seed),
    ...member("behaviour", switches),
  };
  return checked(scenario as Scenario, problems);
}

const ABSENT: Checked<undefined> = { ok: true, value: undefined };

function given<T>(value: unknown, check: (value: unknown) => Checked<T>): Checked<T | undefined> {
  return value === undefined ? ABSENT : check(value);
}

function member(name: string, result: Checked<unknown>): object {
  return result.ok && result.value !== undefined ? { [name]: result.value } : {};
}

function isPlain(input: unknown): boolean {
  return typeof input === "object" && input !== null;
}
