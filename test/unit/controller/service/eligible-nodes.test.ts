import assert from "node:assert/strict";
import { beforeEach, describe, it } from "vitest";
import { silentLogger } from "../../../../src/base/logger.ts";
import type { Node } from "../../../../src/cloudprovider/index.ts";
import { Store } from "../../../../src/controller/runtime/index.ts";
import { EligibleNodes } from "../../../../src/controller/service/eligible-nodes.ts";
import { node } from "../../../fixtures/service-controller-bench.ts";

describe("the eligible nodes", () => {
  let store: Store<Node>;
  let eligible: EligibleNodes;
  beforeEach(() => {
    store = new Store(silentLogger);
    store.replace([node("b"), node("a"), node("c", { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } })]);
    eligible = new EligibleNodes(store);
    store.subscribe({ added: () => eligible.invalidate(), updated: () => eligible.invalidate() });
  });

  it("are those that may be members, by name", () => {
    assert.deepEqual(
      eligible.now().nodes.map(({ metadata }) => metadata.name),
      ["a", "b"],
    );
  });

  it("are filtered once until a node changes", () => assert.equal(eligible.now(), eligible.now()));

  it("are as fresh as the store, while the members stay one object as long as they are the same", () => {
    const before = eligible.now();
    const changed = node("a", { metadata: { labels: { zone: "2" } } });
    store.put(changed);
    assert.equal(eligible.now().nodes[0], changed);
    assert.equal(eligible.now().members, before.members);
    store.put(node("d"));
    assert.notEqual(eligible.now().members, before.members);
  });
});
