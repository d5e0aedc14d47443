import { type ArmId, ancestor } from "./arm-id.ts";
import type { Call } from "./call.ts";
import type { Engine } from "./engine.ts";
import type { Principal } from "./identity/directory.ts";
import type { Identity } from "./identity/identity.ts";
import { isObject, type Json, wordAt } from "./json.ts";
import type { ServiceLimits } from "./limits/limits.ts";
import type { ProviderRequest } from "./limits/provider-request.ts";
import { tooManyGroups } from "./limits/quotas.ts";
import { locationName } from "./locations.ts";
import { findType } from "./registry.ts";
import type { Route } from "./route.ts";
import type { Subscriptions } from "./subscriptions.ts";

type ProviderFacts = Pick<ProviderRequest, "region" | "exists" | "polled">;

/** What a {@link Gate} asks. */
export interface GateParts {
  readonly identity: Identity;
  readonly limits: ServiceLimits;
  readonly engine: Engine;
  readonly subscriptions: Subscriptions;
}

/** Who may pass, and how often: tokens, ARM's budgets, roles, then the resource provider's budgets. */
export class Gate {
  readonly #identity: Identity;
  readonly #limits: ServiceLimits;
  readonly #engine: Engine;
  readonly #subscriptions: Subscriptions;
  readonly #callers = new WeakMap<Call, Principal>();

  constructor({ identity, limits, engine, subscriptions }: GateParts) {
    this.#identity = identity;
    this.#limits = limits;
    this.#engine = engine;
    this.#subscriptions = subscriptions;
  }

  /** @throws ArmError 401 */
  authenticate(call: Call): void {
    this.#callers.set(call, this.#identity.authenticate(call));
  }

  /** Counts the request and asks for the caller's role. @throws ArmError 429 or 403 */
  admit(call: Call, route: Route): void {
    const principal = this.#callers.get(call);
    if (principal === undefined || !("subscription" in route)) return;
    this.#limits.atFrontDoor(call, { subscription: route.subscription, actor: principal.objectId });
    this.#identity.authorize(call, principal);
    if (route.kind === "resourceGroup" && call.method === "PUT") this.#refuseGroup(route.subscription, route.name);
  }

  /** Counts the request at its resource provider. @throws ArmError 429 */
  atProvider(call: Call, route: Route): void {
    if (!this.#limits.active || !("subscription" in route)) return;
    const actor = this.#callers.get(call)?.objectId ?? "";
    const facts = route.kind === "resource" ? this.#resourceFacts(call, route.id) : this.#otherFacts(route);
    const request = { method: call.method, route, ...facts };
    this.#limits.atProvider(call, request, { subscription: route.subscription, actor });
  }

  /** A new resource is where its body says. */
  #resourceFacts({ method, request: { body } }: Call, id: ArmId): ProviderFacts {
    const depth = findType(id)?.depth ?? id.types.length;
    const record = this.#engine.store.get(ancestor(id, depth).key);
    const asked = record === undefined && method === "PUT" ? locationName(locationIn(body)) : "";
    const region = record?.location ?? (asked === "" ? this.#regionOf(id.subscription, id.resourceGroup) : asked);
    return { region, exists: record !== undefined, polled: undefined };
  }

  /** A poll counts where its operation runs, a list where its resource group is. */
  #otherFacts(route: Extract<Route, { readonly subscription: string }>): ProviderFacts {
    if (route.kind === "operation" || route.kind === "operationResult") {
      const operation = this.#engine.operations.find(route.id);
      return { region: operation?.location ?? "", exists: true, polled: operation?.about };
    }
    const group = route.kind === "collection" ? route.resourceGroup : undefined;
    return { region: this.#regionOf(route.subscription, group), exists: true, polled: undefined };
  }

  #regionOf(subscription: string, group: string | undefined): string {
    return (group !== undefined && this.#subscriptions.group(subscription, group)?.location) || "";
  }

  #refuseGroup(subscription: string, name: string): void {
    const most = this.#limits.mostResourceGroups;
    if (most === undefined || this.#subscriptions.group(subscription, name) !== undefined) return;
    const groups = this.#subscriptions.read({ kind: "resourceGroups", subscription });
    if (Array.isArray(groups) && groups.length >= most) throw tooManyGroups(name, most);
  }
}

function locationIn(body: string): string {
  try {
    const parsed = JSON.parse(body) as Json;
    return isObject(parsed) ? wordAt(parsed, "location") : "";
  } catch {
    return "";
  }
}
