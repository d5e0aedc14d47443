import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { profile } from "../../src/simulator/index.ts";
import { type ClusterRig, withCluster } from "../fixtures/cluster-rig.ts";

const NAMES = Array.from({ length: 20 }, (_, index) => `web-${index}`);

/** Creates all Services at once; the milliseconds until each had its address, by name. */
async function race(rig: ClusterRig): Promise<ReadonlyMap<string, number>> {
  const took = new Map<string, number>();
  const started = rig.clock.now();
  rig.kubernetes.intercept(({ stage, request }) => {
    const [, name] = /\/services\/([^/]+)\/status$/.exec(request.url.pathname) ?? [];
    const ready = stage === "committed" && name !== undefined && rig.addressesOf(name).length > 0;
    if (ready && !took.has(name)) took.set(name, rig.clock.now() - started);
    return undefined;
  });
  await rig.start();
  for (const name of NAMES) {
    rig.kubernetes.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, uid: `00000000-0000-4000-8000-${name.padStart(12, "0").replaceAll(/[^0-9]/g, "0")}` },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    });
  }
  await rig.eventually(
    () => took.size === NAMES.length,
    () => [...took],
  );
  return took;
}

const TOO_MANY = {
  error: {
    code: "RetryableError",
    message: "A retryable error occurred.",
    details: [{ code: "RetryableErrorDueToTooManyCalls", message: "too many calls within last 5 minutes" }],
  },
};

describe("a 429 with Retry-After: 60 on one public IP", () => {
  it("leaves all other Services at their usual time", async () => {
    const arm = { latency: profile("P1").latency };
    let usual: ReadonlyMap<string, number> = new Map();
    await withCluster({ arm }, async (rig) => {
      usual = await race(rig);
    });
    await withCluster({ arm }, async (rig) => {
      rig.arm.faults.script({
        method: "PUT",
        path: "/publicIPAddresses/",
        at: "received",
        with: { status: 429, headers: { "retry-after": "60" }, body: TOO_MANY },
      });
      const took = await race(rig);
      const late = [...took].filter(([, ms]) => ms >= 60_000);
      assert.equal(late.length, 1, JSON.stringify([...took]));
      const victim = late[0]?.[0] ?? "";
      const slowest = Math.max(...usual.values());
      for (const [name, ms] of took) {
        if (name !== victim) assert.ok(ms <= slowest, `${name} took ${ms} ms, the slowest usually ${slowest}`);
      }
      assert.ok((took.get(victim) ?? 0) <= 60_000 + 2 * slowest);
      assert.equal(rig.arm.journal.entries().filter(({ status }) => status === 429).length, 1);
    });
  });
});
