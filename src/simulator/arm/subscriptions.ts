import type { Answer } from "../http/exchange.ts";
import { gatewayError } from "./arm-error.ts";
import { type Call, methodNotAllowed, readBody } from "./call.ts";
import { patchedTags } from "./draft.ts";
import type { Engine } from "./engine.ts";
import { GroupDeletion } from "./group-deletion.ts";
import { isObject, type JsonObject, textAt } from "./json.ts";
import { LOCATIONS, locationName } from "./locations.ts";
import { operationHeaders } from "./operation-urls.ts";
import { RESOURCE_TYPES } from "./registry.ts";
import type { ResourceGroup } from "./resource-group.ts";
import type { Route } from "./route.ts";
import type { Store } from "./store.ts";
import { locationDocument, providerDocument, subscriptionDocument } from "./subscription-documents.ts";

/** What {@link Subscriptions} are made with. */
export interface SubscriptionsParts {
  readonly store: Store;
  readonly engine: Engine;
  readonly tenantId: string;
  /** Id of the subscription that exists from the start. */
  readonly first: string;
}

/** What stands above resources: subscriptions, their locations and providers, resource groups. */
export class Subscriptions {
  readonly tenantId: string;
  readonly #groups = new Map<string, ResourceGroup>();
  readonly #known: Set<string>;
  readonly #deletion: GroupDeletion;

  constructor({ store, engine, tenantId, first }: SubscriptionsParts) {
    this.tenantId = tenantId;
    this.#known = new Set([first.toLowerCase()]);
    this.#deletion = new GroupDeletion(store, engine);
  }

  /** Every known subscription, sorted. */
  ids(): readonly string[] {
    return [...this.#known].toSorted();
  }

  /** Every resource group, sorted by subscription and name. */
  groups(): readonly ResourceGroup[] {
    return [...this.#groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  }

  /** Forgets all subscriptions and groups for others. */
  reset(subscriptions: readonly string[], groups: readonly ResourceGroup[]): void {
    this.#known.clear();
    this.#groups.clear();
    for (const id of subscriptions) this.add(id);
    for (const group of groups) this.#groups.set(groupKey(group.subscription, group.name), group);
  }

  /** Makes a subscription known. */
  add(subscription: string): void {
    this.#known.add(subscription.toLowerCase());
  }

  /** @throws ArmError for an id that is no guid or no subscription. */
  check(subscription: string): void {
    if (this.#known.has(subscription.toLowerCase())) return;
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subscription)) {
      const message = `The provided subscription identifier '${subscription}' is malformed or invalid.`;
      throw gatewayError(400, "InvalidSubscriptionId", message);
    }
    throw gatewayError(404, "SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
  }

  /** @throws ArmError when the resource group does not exist, or is being deleted and the request writes. */
  checkGroup({ subscription, resourceGroup }: { subscription: string; resourceGroup: string }, writes: boolean): void {
    const group = this.group(subscription, resourceGroup);
    if (group === undefined) throw groupNotFound(resourceGroup);
    if (!writes || !group.deleting) return;
    const message = `The resource group '${group.name}' is in deprovisioning state and cannot perform this operation.`;
    throw gatewayError(409, "ResourceGroupBeingDeleted", message);
  }

  group(subscription: string, name: string): ResourceGroup | undefined {
    return this.#groups.get(groupKey(subscription, name));
  }

  /** Creates or updates a resource group. Returns whether it is new. */
  putGroup(subscription: string, name: string, body: JsonObject): boolean {
    const known = this.group(subscription, name);
    const location = groupLocation(body, known);
    const tags = isObject(body["tags"]) ? patchedTags(body) : undefined;
    const fresh: ResourceGroup = { subscription, name, location, tags, deleting: false };
    this.#groups.set(groupKey(subscription, name), known === undefined ? fresh : { ...known, tags });
    return known === undefined;
  }

  /** The document of a resource group. */
  groupDocument({ subscription, name, location, tags, deleting }: ResourceGroup): JsonObject {
    return {
      id: `/subscriptions/${subscription}/resourceGroups/${name}`,
      name,
      type: "Microsoft.Resources/resourceGroups",
      location,
      ...(tags !== undefined && { tags }),
      properties: { provisioningState: deleting ? "Deleting" : "Succeeded" },
    };
  }

  /** Takes a resource group and all that is in it away, at once. @param direct - somebody's doing, past the sockets. */
  removeGroup(subscription: string, name: string, direct: boolean): boolean {
    this.#deletion.empty(subscription, name, direct);
    return this.#groups.delete(groupKey(subscription, name));
  }

  /** Requests on one resource group. */
  resourceGroup(call: Call, { subscription, name }: Extract<Route, { kind: "resourceGroup" }>): Answer {
    const group = this.group(subscription, name);
    if (call.method === "HEAD") return { status: group === undefined ? 404 : 204 };
    if (call.method === "PUT") return this.#put(call, subscription, name);
    if (group === undefined) throw groupNotFound(name);
    switch (call.method) {
      case "GET":
        return { status: 200, body: this.groupDocument(group) };
      case "PATCH":
        group.tags = patchedTags(readBody(call));
        return { status: 200, body: this.groupDocument(group) };
      case "DELETE":
        return this.#delete(call, group);
      default:
        throw methodNotAllowed(call);
    }
  }

  /** What the other routes above resources show: one document, or the items of a list. */
  read(route: Route): JsonObject | JsonObject[] {
    switch (route.kind) {
      case "subscriptions":
        return this.ids().map((id) => subscriptionDocument(id, this.tenantId));
      case "subscription":
        return subscriptionDocument(route.subscription, this.tenantId);
      case "locations":
        return LOCATIONS.map((location) => locationDocument(route.subscription, location));
      case "provider":
        return providerDocument(route.subscription, route.namespace, RESOURCE_TYPES);
      case "resourceGroups":
        return this.groups()
          .filter(({ subscription }) => subscription.toLowerCase() === route.subscription.toLowerCase())
          .map((group) => this.groupDocument(group));
      default:
        throw gatewayError(404, "NotFound", "No such route.");
    }
  }

  #put(call: Call, subscription: string, name: string): Answer {
    if (this.group(subscription, name) !== undefined) this.checkGroup({ subscription, resourceGroup: name }, true);
    const created = this.putGroup(subscription, name, readBody(call));
    const group = this.group(subscription, name);
    return { status: created ? 201 : 200, ...(group !== undefined && { body: this.groupDocument(group) }) };
  }

  #delete(call: Call, group: ResourceGroup): Answer {
    const { subscription, name } = group;
    const operation = this.#deletion.start(group, () => {
      this.removeGroup(subscription, name, false);
    });
    return { status: 202, headers: operationHeaders(operation, call.caller, true) };
  }
}

function groupLocation(body: JsonObject, known: ResourceGroup | undefined): string {
  const location = locationName(textAt(body, "location") ?? known?.location ?? "");
  if (location === "") {
    throw gatewayError(400, "LocationRequired", "The location property is required for this definition.");
  }
  if (known === undefined || known.location === location) return location;
  const message = `Invalid resource group location '${location}'. The Resource group already exists in location '${known.location}'.`;
  throw gatewayError(409, "InvalidResourceGroupLocation", message);
}

function groupKey(subscription: string, name: string): string {
  return `${subscription}/${name}`.toLowerCase();
}

function groupNotFound(name: string): Error {
  return gatewayError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
}
