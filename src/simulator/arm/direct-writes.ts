import { ancestor, parseArmId, typeName } from "./arm-id.ts";
import { documentInEffect, StateInEffect } from "./effect/state-in-effect.ts";
import type { Engine } from "./engine.ts";
import type { JsonObject } from "./json.ts";
import { findType } from "./registry.ts";
import type { ResourceReader } from "./resource-reader.ts";
import { parseRoute } from "./route.ts";
import type { Subscriptions } from "./subscriptions.ts";
import type { Write } from "./write.ts";

/** Reads and writes past the sockets: a test's eyes, and the hands of everybody else in the subscription. */
export class DirectWrites implements ResourceReader {
  readonly #engine: Engine;
  readonly #subscriptions: Subscriptions;
  readonly #inEffect: StateInEffect;

  constructor(engine: Engine, subscriptions: Subscriptions) {
    this.#engine = engine;
    this.#subscriptions = subscriptions;
    this.#inEffect = new StateInEffect(engine.store);
  }

  get(id: string): JsonObject | undefined {
    const route = parseRoute(id);
    if (route.kind === "resourceGroup") {
      const group = this.#subscriptions.group(route.subscription, route.name);
      return group && this.#subscriptions.groupDocument(group);
    }
    const parsed = parseArmId(id);
    const found = parsed && findType(parsed);
    if (parsed === undefined || found === undefined) return undefined;
    const record = this.#engine.store.get(ancestor(parsed, found.depth).key);
    return record && this.#engine.renderer.child(record, parsed);
  }

  inEffect(id: string): JsonObject | undefined {
    return documentInEffect(this.#inEffect, id);
  }

  addressOf(ipConfigurationId: string): string | undefined {
    return this.#engine.store.addresses.addressOf(ipConfigurationId);
  }

  list(type: string): readonly JsonObject[] {
    const { store, renderer } = this.#engine;
    return store.ofType(type).map((record) => renderer.render(record).document);
  }

  put(id: string, body: JsonObject): JsonObject {
    const route = parseRoute(id);
    if (route.kind === "subscription") {
      this.#subscriptions.add(route.subscription);
      return this.#subscriptions.read(route) as JsonObject;
    }
    if (route.kind === "resourceGroup") {
      this.#subscriptions.putGroup(route.subscription, route.name, body);
      return this.get(id) ?? {};
    }
    const write = writeOf(id, "PUT", body);
    const { subscription, resourceGroup } = write.id;
    this.#subscriptions.add(subscription);
    if (this.#subscriptions.group(subscription, resourceGroup) === undefined) {
      this.#subscriptions.putGroup(subscription, resourceGroup, { location: body["location"] ?? "eastus" });
    }
    this.#engine.put(write);
    return this.get(id) ?? {};
  }

  remove(id: string): boolean {
    const route = parseRoute(id);
    if (route.kind === "resourceGroup") {
      return this.#subscriptions.removeGroup(route.subscription, route.name, true);
    }
    return this.#engine.delete(writeOf(id, "DELETE", {})).status !== 204;
  }
}

function writeOf(text: string, method: Write["method"], body: JsonObject): Write {
  const id = parseArmId(text);
  const found = id && findType(id);
  if (id === undefined) throw new Error(`${JSON.stringify(text)} is no ARM resource id`);
  if (found === undefined) throw new Error(`the simulator does not serve ${typeName(id)}`);
  const conditions = { ifMatch: undefined, ifNoneMatch: undefined };
  const caller = { origin: "http://localhost", apiVersion: found.type.apiVersions.at(-1) ?? "" };
  return { id, ...found, method, body, conditions, caller, direct: true };
}
