import type { Answer } from "../http/exchange.ts";
import { ActionRoutes } from "./action-routes.ts";
import { type ArmId, armId, nameOf, typeName } from "./arm-id.ts";
import { type Call, methodNotAllowed } from "./call.ts";
import type { Engine } from "./engine.ts";
import { isObject, type JsonObject, listAt, propertiesOf, wordAt } from "./json.ts";
import { keepsFilter } from "./list-filter.ts";
import type { Former } from "./list-history.ts";
import { locationName } from "./locations.ts";
import { type ListItem, type PageSizes, pageOf, pageSizeOf } from "./paging.ts";
import type { ResourceRecord } from "./record.ts";
import { findType, typeNamed } from "./registry.ts";
import { missingChild, missingResource, type OperationAnswer, shownText } from "./resource-routes.ts";
import type { ResourceView } from "./resource-view.ts";
import type { CollectionRoute } from "./route.ts";
import { checkLocation, checkVersion, hasChildType, unknownType } from "./type-errors.ts";

/** Requests on lists: of resources, of children, of views; and words after a resource that read something. */
export class ListRoutes {
  readonly #engine: Engine;
  readonly #pageSizes: PageSizes;
  readonly #actions: ActionRoutes;

  constructor(engine: Engine, sizes: PageSizes) {
    this.#engine = engine;
    this.#pageSizes = sizes;
    this.#actions = new ActionRoutes(engine);
  }

  /** Answers a request on a list whose resource group exists. @throws ArmError */
  serve(call: Call, route: CollectionRoute): OperationAnswer {
    if (call.method === "POST") return this.#actions.serve(call, route);
    if (call.method !== "GET") throw methodNotAllowed(call);
    const type = typeNamed(typeName(route));
    if (type === undefined) return this.#below(call, route);
    checkVersion(type, call.caller.apiVersion);
    this.#requireTop(route);
    return this.#page(this.#records(type.name, route, call), call, route);
  }

  /** Answers a request on a view's list. @throws ArmError */
  view(call: Call, route: CollectionRoute, view: ResourceView): Answer {
    const filter = call.query.get("$filter") ?? "";
    const items = this.#viewItems(call, route, view).filter((item) => view.keeps?.(item, filter) ?? true);
    if (view.scope !== undefined) return pageOf(items.map(asItem), call, items.length + 1);
    return this.#page(items.map(asItem), call, route);
  }

  /** Answers a request on one item of a view. @throws ArmError */
  viewItem(call: Call, id: ArmId, view: ResourceView): Answer {
    const route: CollectionRoute = { ...id, kind: "collection", names: id.names.slice(0, -1) };
    const name = nameOf(id).toLowerCase();
    const item = this.#viewItems(call, route, view).find(
      (candidate) => wordAt(candidate, "name").toLowerCase() === name,
    );
    if (item === undefined) throw missingChild(id);
    return { status: 200, body: item };
  }

  #viewItems(call: Call, route: CollectionRoute, view: ResourceView): readonly JsonObject[] {
    if (call.method !== "GET") throw methodNotAllowed(call);
    if ((route.resourceGroup === undefined) !== (view.scope !== undefined)) throw unknownType(route, call);
    checkVersion(view, call.caller.apiVersion);
    if (view.scope === "location") return this.#inLocation(call, route, view);
    this.#requireTop(route);
    return view.list(route.names, parentOf(route).key, this.#engine.store);
  }

  #inLocation(
    call: Call,
    { subscription, namespace, names }: CollectionRoute,
    view: ResourceView,
  ): readonly JsonObject[] {
    const location = locationName(names.join(""));
    checkLocation(view, location, call.caller.apiVersion);
    const parent = `/subscriptions/${subscription}/providers/${namespace}/locations/${location}`;
    return view.list([location], parent, this.#engine.store);
  }

  /** Lists of children, and read actions. */
  #below(call: Call, route: CollectionRoute): Answer {
    const { types, names } = route;
    const holder = findType({ ...route, types: types.slice(0, -1) });
    const word = types.at(-1) ?? "";
    if (holder === undefined || holder.depth !== names.length) throw unknownType(route, call);
    const actions = new Map(
      Object.entries(holder.type.readActions ?? {}).map(([name, run]) => [name.toLowerCase(), run]),
    );
    const action = actions.get(word.toLowerCase());
    if (action === undefined && !hasChildType(holder, [word])) throw unknownType(route, call);
    checkVersion(holder.type, call.caller.apiVersion);
    const record = this.#parent(route);
    if (action !== undefined) return { status: 200, body: action(record, this.#engine.store) };
    const children = listAt(propertiesOf(this.#engine.renderer.render(record).document), word).filter(isObject);
    return this.#page(children.map(asItem), call, route);
  }

  #page(items: readonly ListItem[], call: Call, { namespace }: CollectionRoute): Answer {
    return pageOf(items, call, pageSizeOf(this.#pageSizes, namespace));
  }

  #requireTop(route: CollectionRoute): void {
    if (route.names.length > 0)
      this.#parent({ ...route, types: route.types.slice(0, 2), names: route.names.slice(0, 1) });
  }

  /** The resource that a list of children or an action is below. */
  #parent(route: CollectionRoute): ResourceRecord {
    const id = parentOf(route);
    const record = this.#engine.store.get(id.key);
    if (record === undefined) throw missingResource(id, this.#engine);
    return record;
  }

  #records(type: string, route: CollectionRoute, call: Call): readonly ListItem[] {
    const scope = scopeOf(route);
    const filter = call.query.get("$filter");
    return this.#former(type, call)
      .filter(({ record }) => record.id.key.startsWith(scope) && keepsFilter(filter, record))
      .map(({ record, text }) => ({ key: record.id.key, text }));
  }

  /** Resources as lists show them: as they are, or as they were a moment ago. */
  #former(type: string, call: Call): readonly Former[] {
    const { store } = this.#engine;
    const lagMs = store.behaviour.listLagMs;
    if (lagMs > 0) return this.#engine.history.before(type, lagMs);
    return store.ofType(type).map((record) => ({ record, text: shownText(record, call, this.#engine) }));
  }
}

function parentOf({ subscription, resourceGroup = "", namespace, types, names }: CollectionRoute): ArmId {
  return armId({ subscription, resourceGroup, namespace, types: types.slice(0, -1), names });
}

/** Lower-case beginning of the ids that a list covers. */
function scopeOf(route: CollectionRoute): string {
  const { subscription, resourceGroup, names } = route;
  if (resourceGroup === undefined) return `/subscriptions/${subscription}/`.toLowerCase();
  if (names.length > 0) return `${parentOf(route).key}/`;
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/`.toLowerCase();
}

function asItem(document: JsonObject): ListItem {
  return { key: wordAt(document, "id").toLowerCase(), text: JSON.stringify(document) };
}
