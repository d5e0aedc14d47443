import type { Clock } from "../../../base/clock.ts";
import type { ArmError } from "../arm-error.ts";
import type { Call } from "../call.ts";
import type { BudgetName } from "./budgets.ts";
import { type ArmClass, armClass } from "./classes.ts";
import type { Quotas } from "./documented-quotas.ts";
import { armDraws, type DrawFrom, providerDraws } from "./draws.ts";
import { Meter, type RefusedDraw } from "./meter.ts";
import { type Limiting, type LimitSettings, limitSettings } from "./options.ts";
import type { ProviderRequest } from "./provider-request.ts";
import { type QuotaDraft, refusedQuota } from "./quotas.ts";
import { throttledError } from "./throttled.ts";

/** Who is counted. */
export interface Counted {
  readonly subscription: string;
  /** Object id of the caller. */
  readonly actor: string;
}

/** What ARM tells of its budgets while nothing is limited. */
const FULL: Readonly<Record<ArmClass, readonly [own: string, global: string]>> = {
  reads: ["249", "3749"],
  writes: ["199", "2999"],
  deletes: ["199", "2999"],
};

/** Longest `Retry-After` of ARM: of its buckets, and of its hourly counts. */
const LONGEST_SECONDS = { arm: 30, other: 3600 };

/** How many requests and resources there may be. */
export class ServiceLimits {
  readonly #clock: Clock;
  readonly #meter: Meter;
  readonly #visits = new WeakMap<Call, DrawFrom[]>();
  #limiting: Limiting;
  #settings: LimitSettings;

  constructor(clock: Clock, limiting: Limiting) {
    this.#clock = clock;
    this.#limiting = limiting;
    this.#settings = limitSettings(limiting);
    this.#meter = new Meter(clock, this.#settings);
  }

  /** Limits otherwise from now on. What was used of a budget stays used. */
  set(limiting: Limiting): void {
    this.#limiting = limiting;
    this.#settings = limitSettings(limiting);
    this.#meter.settings = this.#settings;
  }

  /** What is limited now, as it was said. */
  get limiting(): Limiting {
    return this.#limiting;
  }

  /** Whether any budget counts at all. */
  get active(): boolean {
    return Object.values(this.#settings.styles).some((style) => style !== "none");
  }

  /** Uses up a budget, of everybody who has drawn from it before. */
  drain(budget: BudgetName): void {
    this.#meter.drain(budget);
  }

  /** How many resources there may be now; undefined without an end of them. */
  get quotas(): Quotas | undefined {
    return this.#settings.quotas;
  }

  /** How many requests each budget has refused, by name. */
  refused(): ReadonlyMap<BudgetName, number> {
    return this.#meter.refused();
  }

  /** Counts a request at ARM's front door. @throws ArmError 429 */
  atFrontDoor(call: Call, counted: Counted): void {
    const { method } = call;
    const draws = armDraws(this.#settings.styles.arm, {
      method,
      subscription: counted.subscription,
      principal: counted.actor,
    });
    this.#take(call, draws, counted);
  }

  /** Counts a request at a resource provider. @throws ArmError 429 */
  atProvider(call: Call, request: ProviderRequest, counted: Counted): void {
    this.#take(call, providerDraws(this.#settings.styles, request), counted);
  }

  /** Counts a request to a machine's metadata service; `false` when it is one too many. */
  atMetadataService(): boolean {
    const unlimited = this.#settings.styles.arm === "none";
    return unlimited || this.#meter.take([{ budget: "metadata.requests", of: "machine" }]) === undefined;
  }

  /** Why a write is refused that would make too many of something. */
  overQuota(draft: QuotaDraft): ArmError | undefined {
    return this.#settings.quotas && refusedQuota(draft, this.#settings.quotas);
  }

  /** Most resource groups of a subscription; `undefined` for any number. */
  get mostResourceGroups(): number | undefined {
    return this.#settings.quotas?.resourceGroups;
  }

  /** The headers that tell a caller what is left. */
  headers(call: Call): Readonly<Record<string, string>> {
    const draws = this.#visits.get(call) ?? [];
    const arm = draws.filter(({ budget }) => budget.startsWith("arm"));
    const compute = draws.filter(({ budget }) => !/^(arm|network|storage|metadata)/.test(budget));
    return {
      ...(arm.length === 0 ? fullHeaders(call.method) : Object.fromEntries(arm.map((draw) => this.#armHeader(draw)))),
      ...(compute.length > 0 && {
        "x-ms-ratelimit-remaining-resource": compute
          .map((draw) => `Microsoft.Compute/${draw.budget};${this.#meter.left(draw)}`)
          .join(","),
      }),
    };
  }

  #armHeader(draw: DrawFrom): readonly [string, string] {
    const kind = draw.budget.slice(draw.budget.indexOf(".") + 1);
    return [`x-ms-ratelimit-remaining-subscription-${kind}`, String(this.#meter.left(draw))];
  }

  #take(call: Call, draws: readonly DrawFrom[], counted: Counted): void {
    const refused = this.#meter.take(draws);
    if (refused !== undefined) throw this.#refusal(call, refused, counted);
    const visited = this.#visits.get(call);
    if (visited === undefined) this.#visits.set(call, [...draws]);
    else visited.push(...draws);
  }

  #refusal({ method }: Call, { draw, waitMs, measured }: RefusedDraw, counted: Counted): ArmError {
    const longest = draw.budget.startsWith("arm.") ? LONGEST_SECONDS.arm : LONGEST_SECONDS.other;
    const seconds = waitMs === undefined ? longest : Math.ceil(waitMs / 1000);
    return throttledError({
      draw,
      allowance: this.#settings.budgets[draw.budget],
      method,
      ...counted,
      retryAfterSeconds: Math.min(longest, Math.max(1, seconds)),
      nowMs: this.#clock.now(),
      measured,
    });
  }
}

function fullHeaders(method: string): Record<string, string> {
  const kind = armClass(method);
  const [own, global] = FULL[kind];
  return {
    [`x-ms-ratelimit-remaining-subscription-${kind}`]: own,
    [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: global,
  };
}
