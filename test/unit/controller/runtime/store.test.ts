import assert from "node:assert/strict";
import { beforeEach, describe, it } from "vitest";
import { silentLogger } from "../../../../src/base/logger.ts";
import { VirtualClock } from "../../../../src/base/virtual-clock.ts";
import type { Service } from "../../../../src/cloudprovider/index.ts";
import { resync, Store, type StoreHandler } from "../../../../src/controller/runtime/index.ts";
import { loadBalancer } from "../../../fixtures/service-controller-bench.ts";

describe("the store", () => {
  let store: Store<Service>;
  let seen: string[];
  beforeEach(() => {
    store = new Store(silentLogger);
    seen = [];
  });

  const version = ({ metadata }: Service): string => `${metadata.name}@${metadata.resourceVersion ?? "0"}`;
  const at = (name: string, resourceVersion: string): Service => loadBalancer(name, { metadata: { resourceVersion } });
  const handler: StoreHandler<Service> = {
    added: (object, initial) => seen.push(`added ${version(object)}${initial ? " initial" : ""}`),
    updated: (old, current) => seen.push(`updated ${version(old)} ${version(current)}`),
    deleted: (last, missed) => seen.push(`deleted ${version(last)}${missed ? " missed" : ""}`),
  };

  it("tells of additions, updates with old and new, and deletions", () => {
    store.subscribe(handler);
    store.put(at("a", "1"));
    store.put(at("a", "2"));
    store.remove("default/a", at("a", "3"));
    store.remove("default/a");
    assert.deepEqual(seen, ["added a@1", "updated a@1 a@2", "deleted a@3"]);
  });

  it("lists the same array until something changes, and then another one", () => {
    store.replace([at("a", "1"), at("b", "1")]);
    const first = store.list();
    assert.equal(store.list(), first);
    store.put(at("b", "2"));
    assert.deepEqual(store.list().map(version), ["a@1", "b@2"]);
    store.remove("default/a");
    assert.deepEqual(store.list().map(version), ["b@2"]);
    assert.deepEqual(first.map(version), ["a@1", "b@1"]);
  });

  it("CTL M04 tells of what a relist misses first, as missed, and of unchanged objects as updates", () => {
    store.replace([at("a", "1"), at("b", "1")]);
    store.subscribe(handler);
    seen.length = 0;
    store.replace([at("c", "1"), at("b", "1")]);
    assert.deepEqual(seen, ["deleted a@1 missed", "added c@1", "updated b@1 b@1"]);
  });

  it("is synced by its first list, empty or not", async () => {
    assert.equal(store.synced, false);
    store.replace([]);
    assert.equal(store.synced, true);
    await store.whenSynced;
  });

  it("tells a late subscriber of what is there", () => {
    store.replace([at("a", "1")]);
    store.subscribe(handler);
    assert.deepEqual(seen, ["added a@1 initial"]);
  });

  it("tells nobody who has left", () => {
    store.subscribe(handler)();
    store.put(at("a", "1"));
    assert.deepEqual(seen, []);
  });

  it("tells the others when one handler fails", () => {
    store.subscribe({
      added: () => {
        throw new Error("a bug");
      },
    });
    store.subscribe(handler);
    store.put(at("a", "1"));
    assert.deepEqual(seen, ["added a@1"]);
  });

  it("holds the object before anybody hears of it", () => {
    store.subscribe({ added: (object) => seen.push(String(store.get("default/a") === object)) });
    store.put(at("a", "1"));
    assert.deepEqual(seen, ["true"]);
  });

  it("finds objects by index through all changes", () => {
    store.put(loadBalancer("a", { spec: { loadBalancerIP: "1" } }));
    store.addIndex("ip", ({ spec }) => (spec.loadBalancerIP === undefined ? [] : [spec.loadBalancerIP]));
    store.put(loadBalancer("b", { spec: { loadBalancerIP: "1" } }));
    const names = (ip: string): readonly string[] => store.byIndex("ip", ip).map(({ metadata }) => metadata.name);
    assert.deepEqual(names("1"), ["a", "b"]);
    store.put(loadBalancer("a", { spec: { loadBalancerIP: "2" } }));
    assert.deepEqual([names("1"), names("2")], [["b"], ["a"]]);
    store.remove("default/b");
    assert.deepEqual(names("1"), []);
    assert.deepEqual(store.byIndex("unknown", "1"), []);
  });

  it("CTL M06 replays each object from memory, every 30 s until the end", async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    store.replace([at("a", "1"), at("b", "1")]);
    resync(store, handler, { periodMs: 30_000, clock, signal: stop.signal });
    await clock.advance(29_999);
    assert.deepEqual(seen, []);
    await clock.advance(1);
    assert.deepEqual(seen, ["updated a@1 a@1", "updated b@1 b@1"]);
    await clock.advance(30_000);
    assert.equal(seen.length, 4);
    stop.abort();
    await clock.advance(90_000);
    assert.equal(seen.length, 4);
    assert.equal(clock.pending, 0);
  });
});
