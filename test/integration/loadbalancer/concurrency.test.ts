import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { CloudError } from "../../../src/cloudprovider/errors.ts";
import type { Service } from "../../../src/cloudprovider/index.ts";
import { noteWrites, stateOf } from "../../fixtures/arm-state.ts";
import { type AzureRig, type RigOptions, withRig } from "../../fixtures/azure-rig.ts";
import { membersOf } from "../../fixtures/balancer-facts.ts";
import { withCluster } from "../../fixtures/cluster-rig.ts";
import { EXAMPLE_BASE as B, service, uidOf } from "../../fixtures/service.ts";

/** Operations take a moment of virtual time, so that things can happen meanwhile. */
const SLOW: RigOptions = {
  arm: { latency: { answerMs: () => 0, operationMs: () => 200, retryAfterSeconds: () => undefined } },
};
const NIC = { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" };
// They depend on the way: a security rule that was added before another one left keeps its number.
const DERIVED = ["modelDefinitionApplied", "latestModelApplied", "priority"];

const web = service();
const closed = service({
  loadBalancerSourceRanges: ["198.51.100.0/24"],
  annotations: { "azure-deny-all-except-load-balancer-source-ranges": "true" },
});
const internal = service({ annotations: { "azure-load-balancer-internal": "true" } });

/** Aborts the caller when its nth write has arrived, or has had its effect. */
function abortAt(rig: AzureRig, nth: number, at: "received" | "committed"): AbortController {
  const caller = new AbortController();
  let seen = 0;
  const end = rig.arm.intercept(({ stage, request }) => {
    if (stage !== at || request.method === "GET" || ++seen !== nth) return undefined;
    end();
    caller.abort(new Error("the caller has changed its mind"));
    return undefined;
  });
  return caller;
}

async function aborted(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    assert.ok(error instanceof CloudError && error.code === "Aborted", String(error));
  });
}

/** What is done next to a Service whose pass was cut short, and where that ends. */
const NEXT: readonly {
  readonly name: string;
  readonly act: (rig: AzureRig) => Promise<unknown>;
  readonly end: Service | undefined;
}[] = [
  { name: "deleted", act: (rig) => rig.delete(closed), end: undefined },
  { name: "ensured without ranges", act: (rig) => rig.ensure(web), end: web },
  { name: "made internal", act: (rig) => rig.ensure(internal), end: internal },
];

async function endOf(options: RigOptions, what: Service | undefined): Promise<unknown> {
  let state: unknown;
  await withRig(options, async (rig) => {
    if (what !== undefined) await rig.ensure(what);
    await rig.idle();
    state = stateOf(rig, DERIVED);
  });
  return state;
}

describe("a pass that its caller gives up", async () => {
  for (const { name: pools, options } of [
    { name: "IP-based pool", options: SLOW },
    { name: "NIC-based pool", options: { ...SLOW, azureJson: NIC } },
  ]) {
    const ends = new Map<Service | undefined, unknown>();
    for (const { end } of NEXT) ends.set(end, await endOf(options, end));
    for (const nth of pools === "IP-based pool" ? [1, 2, 3, 4] : [6]) {
      for (const { name, act, end } of NEXT) {
        const at = nth % 2 === 0 ? "received" : "committed";
        it(`at write ${nth} (${at}), then ${name}: nothing leaks (${pools})`, () =>
          withRig(options, async (rig) => {
            const caller = abortAt(rig, nth, at);
            await aborted(rig.ensure(closed, rig.nodes, caller.signal));
            assert.ok(caller.signal.aborted);
            await act(rig);
            await rig.idle();
            assert.deepEqual(stateOf(rig, DERIVED), ends.get(end));
          }));
      }
    }
  }

  it("hears of it at once, whatever is under way", () =>
    withRig({ ...SLOW, azureJson: NIC }, async (rig) => {
      const { writes } = noteWrites(rig);
      await rig.ensure(web);
      const total = writes.length;
      await rig.delete(web);
      await rig.idle();
      for (let nth = 1; nth <= total; nth++) {
        const caller = abortAt(rig, nth, "committed");
        let abortedAt = 0;
        caller.signal.addEventListener("abort", () => {
          abortedAt = rig.clock.now();
        });
        await assert.rejects(rig.ensure(web, rig.nodes, caller.signal), { code: "Aborted" });
        assert.equal(rig.clock.now(), abortedAt, `write ${nth}: no operation was waited for`);
        await rig.delete(web);
        await rig.idle();
      }
    }));

  it("is deleted while its writes are still on their way", () =>
    withRig(SLOW, async (rig) => {
      const before = stateOf(rig);
      for (const nth of [1, 2, 3]) {
        const caller = abortAt(rig, nth, "received");
        const ensuring = aborted(rig.ensure(web, rig.nodes, caller.signal));
        await rig.eventually(() => caller.signal.aborted);
        await Promise.all([ensuring, rig.delete(web)]);
        await rig.idle();
        assert.deepEqual(stateOf(rig), before);
      }
    }));
});

describe("many at once", () => {
  it("LB 13 (differs: there is no lease to wait for) somebody else's lease keeps nobody waiting", () =>
    withCluster({}, async (rig) => {
      rig.kubernetes.create({
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: "aks-managed-resource-locker", namespace: "kube-system" },
        spec: {
          holderIdentity: "another",
          leaseDurationSeconds: 900,
          renewTime: "2026-01-01T00:00:00.000000Z",
        },
      });
      await rig.start();
      const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
      rig.kubernetes.create({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec });
      await rig.eventually(() => rig.addressesOf("web").length > 0);
    }));

  it("fifty Services that come and go at random leave nothing, and those that stay have what they ask for", () =>
    withRig(SLOW, async (rig) => {
      const all = Array.from({ length: 50 }, (_, n) =>
        service({ name: `s-${n}`, uid: uidOf(n + 2), ports: [`${8000 + n}/${31000 + n}`] }),
      );
      const draw = draws(20_260_101);
      await Promise.all(
        all.map(async (each) => {
          for (let round = 0; round < 1; round++) {
            await rig.clock.sleep(draw() * 1000);
            const caller = new AbortController();
            const cut = rig.clock.schedule(draw() * 2000, () => caller.abort(new Error("cut short")));
            await aborted(rig.ensure(each, rig.nodes, caller.signal));
            cut();
            await rig.clock.sleep(draw() * 1000);
            await rig.delete(each);
          }
        }),
      );
      await rig.idle();
      assert.deepEqual(rig.names("loadBalancers"), []);
      assert.deepEqual(rig.names("publicIPAddresses"), []);
      assert.deepEqual(rig.children("networkSecurityGroups", "kubernetes-nsg", "securityRules"), []);
      const staying = all.slice(0, 10);
      const addresses = await Promise.all(staying.map((each) => rig.ensure(each)));
      assert.equal(new Set(addresses.flat()).size, staying.length);
      assert.equal(rig.children("loadBalancers", "kubernetes", "loadBalancingRules").length, staying.length);
      assert.equal(membersOf(rig).length, 3);
    }));

  it("a Service that is made anew under its name takes nothing over and leaves nothing of the old one", () =>
    withRig(SLOW, async (rig) => {
      const anew = service({ uid: uidOf(9), ports: ["443/30443"] });
      await rig.ensure(web);
      await rig.delete(web);
      await rig.ensure(anew);
      await rig.idle();
      assert.deepEqual(stateOf(rig, DERIVED), await endOf(SLOW, anew));
    }));

  it("a Service that is made anew while its predecessor's deletion was cut short and is finished later", () =>
    withRig(SLOW, async (rig) => {
      const anew = service({ uid: uidOf(9), ports: ["443/30443"] });
      await rig.ensure(web);
      const caller = abortAt(rig, 2, "received");
      await aborted(rig.delete(web, caller.signal));
      await rig.delete(web);
      await rig.ensure(anew);
      await rig.idle();
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "frontendIPConfigurations"), [
        "a000000097d524f0a9c6e2b8d1f3a5e7",
      ]);
      assert.ok(!JSON.stringify(stateOf(rig)).includes(B));
    }));
});

describe("the end of a provider", () => {
  for (const options of [SLOW, { ...SLOW, azureJson: NIC }]) {
    it(`in the middle of everything leaves no promise and no timer (${options === SLOW ? "IP" : "NIC"}-based pools)`, async () => {
      const unhandled: unknown[] = [];
      const note = (reason: unknown): void => void unhandled.push(reason);
      process.on("unhandledRejection", note);
      try {
        for (const nth of [1, 2, 3, 4, 5, 6]) {
          await withRig(options, async (rig) => {
            const caller = abortAt(rig, nth, "committed");
            const working = Promise.allSettled([
              rig.ensure(web),
              rig.ensure(service({ name: "api", uid: uidOf(2), annotations: internal.metadata.annotations ?? {} })),
            ]);
            let done = false;
            void working.then(() => {
              done = true;
            });
            await rig.eventually(() => caller.signal.aborted || done);
            assert.ok(caller.signal.aborted || nth > 4); // both Services may ride together, in fewer writes
            await rig.close();
            const ended = await working;
            for (const each of ended)
              if (each.status === "rejected") assert.ok(each.reason instanceof CloudError, String(each.reason));
            assert.equal(rig.clock.pending, 0);
          });
        }
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(unhandled, []);
      } finally {
        process.off("unhandledRejection", note);
      }
    });
  }

  it("ends the passes of callers that go on waiting, and sends nothing more", () =>
    withRig(SLOW, async (rig) => {
      for (const nth of [1, 2, 3]) {
        const caller = abortAt(rig, nth, "committed");
        const working = assert.rejects(rig.ensure(web), { code: "Aborted" });
        await rig.eventually(() => caller.signal.aborted);
        await rig.stop();
        await working;
        const before = rig.arm.journal.count();
        await rig.idle();
        assert.equal(rig.arm.journal.count(), before);
        await rig.restart();
        await rig.delete(web);
      }
    }));

  it("ends what waits for a status and what is to be tried again", () =>
    withRig({}, async (rig) => {
      await rig.ensure(web);
      const key = "shop/web";
      const shown = rig.services.get(key)?.status;
      rig.services.set(key, { ...internal, status: shown ?? { loadBalancer: { ingress: [] } } });
      const moved = rig.services.get(key) ?? internal;
      await rig.balancer.ensureLoadBalancer("kubernetes", moved, rig.nodes, new AbortController().signal);
      await rig.restart(); // nobody publishes: the former process would wait for ever
      await rig.idle();
    }));
});

/** Numbers from 0 to 1 that are the same every time. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
