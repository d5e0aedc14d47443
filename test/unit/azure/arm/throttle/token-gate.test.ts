import { describe, expect, it } from "vitest";
import { ArmFailure } from "../../../../../src/azure/arm/failure.ts";
import { admission } from "../../../../../src/azure/arm/throttle/admission.ts";
import { rateCapsOf } from "../../../../../src/azure/arm/throttle/caps.ts";
import { GateRig, left, PATHS, refused, ticket } from "./gate.fixture.ts";

const { address, balancer, machine, machines } = PATHS;
const GET = ticket("GET", address(), "refresh");
const PUT = ticket("PUT", address());
const DELETE = ticket("DELETE", address(), "restore");
const forever = () => new AbortController().signal;

describe("a 429", () => {
  const gateway = { gateway: true };
  const cases: readonly [
    what: string,
    rig: Parameters<typeof refused>[1],
    other: ReturnType<typeof ticket>,
    waits: boolean,
  ][] = [
    ["of a provider holds back writes of that resource", {}, PUT, true],
    ["of a provider lets other resources go", {}, ticket("PUT", address("other")), false],
    ["of a provider to a write lets reads go", {}, GET, false],
    ["of the gateway holds back every provider", gateway, ticket("PUT", machine()), true],
    ["of the gateway lets reads go when writes were too many", gateway, GET, false],
    ["of the gateway lets deletes go when writes were too many: ARM counts them apart", gateway, DELETE, false],
    ["of a provider holds back deletes of that resource: providers count them as writes", {}, DELETE, true],
  ];
  for (const [what, throttling, other, waits] of cases) {
    it(what, async () => {
      const rig = new GateRig();
      const pass = await rig.gate.enter(PUT, forever());
      pass.answered(refused(10_000, throttling));
      expect(rig.gate.waitMs(other)).toBe(waits ? 10_000 : 0);
    });
  }

  it("to two resources within its time closes the bucket", async () => {
    const rig = new GateRig();
    (await rig.gate.enter(PUT, forever())).answered(refused(10_000));
    await rig.clock.advance(4000);
    (await rig.gate.enter(ticket("PUT", address("b")), forever())).answered(refused(20_000));
    expect(rig.gate.waitMs(ticket("PUT", balancer))).toBe(20_000);
    expect(rig.gate.waitMs(ticket("PUT", machine()))).toBe(0);
    expect(rig.events.filter(({ kind }) => kind === "throttled" || kind === "closed")).toEqual([
      { kind: "throttled", group: "network.write", about: "resource" },
      { kind: "throttled", group: "network.write", about: "buckets" },
      { kind: "closed", bucket: "network.write", ms: 20_000 },
    ]);
  });

  it("to a second resource after the first one's time parks the second", async () => {
    const rig = new GateRig();
    (await rig.gate.enter(PUT, forever())).answered(refused(10_000));
    await rig.clock.advance(10_000);
    (await rig.gate.enter(ticket("PUT", address("b")), forever())).answered(refused(10_000));
    expect(rig.gate.waitMs(ticket("PUT", address("b")))).toBe(10_000);
    expect(rig.gate.waitMs(PUT)).toBe(0);
  });

  it("INS 27: that names no time parks nobody, and of the gateway only empties the bucket", async () => {
    const rig = new GateRig();
    (await rig.gate.enter(PUT, forever())).answered(refused(undefined));
    expect(rig.gate.waitMs(PUT)).toBe(0);
    (await rig.gate.enter(PUT, forever())).answered(refused(undefined, gateway));
    expect(rig.gate.waitMs(DELETE)).toBe(0);
    expect(rig.gate.waitMs(ticket("PUT", address(), "restore"))).toBe(100);
  });

  it("F04: that names a policy we have no table of closes it for that kind of request alone", async () => {
    const rig = new GateRig({ patienceMs: 2_000_000 });
    const list = ticket("GET", machines, "refresh");
    (await rig.gate.enter(list, forever())).answered(refused(1_200_000, { policies: ["HighCostGet30Min"] }));
    expect(rig.gate.waitMs(list)).toBe(1_200_000);
    expect(rig.gate.waitMs(ticket("GET", machine(), "refresh"))).toBe(0);
    expect(rig.gate.waitMs(GET)).toBe(0);
  });

  it("F05: for one machine's writes leaves other machines alone", async () => {
    const rig = new GateRig();
    const write = ticket("PUT", machine());
    const policies = ["UpdateVMResource"];
    (await rig.gate.enter(write, forever())).answered(refused(15_000, { policies }));
    expect(rig.gate.waitMs(write)).toBe(15_000);
    expect(rig.gate.waitMs(ticket("PUT", machine("other")))).toBe(0);
  });
});

describe("a closed gate", () => {
  it("opens at the time given, for whatever lane, and lets those who waited go one by one", async () => {
    const rig = new GateRig();
    (await rig.gate.enter(ticket("PUT", balancer), forever())).answered(refused(10_000, { gateway: true }));
    for (const name of ["a", "b", "c"]) void rig.enter(name, ticket("PUT", address(name), "create"));
    await rig.clock.advance(9_999);
    expect(rig.gone).toEqual([]);
    await rig.clock.advance(10_000);
    expect(rig.gone).toEqual(["a@10000", "b@10200", "c@10400"]);
  });

  it("that is closed for longer while somebody waits keeps him waiting", async () => {
    const rig = new GateRig();
    const first = await rig.gate.enter(PUT, forever());
    first.answered(refused(10_000));
    void rig.enter("a", PUT);
    await rig.clock.advance(5_000);
    first.answered(refused(20_000));
    await rig.clock.advance(19_999);
    expect(rig.gone).toEqual([]);
    await rig.clock.advance(1);
    expect(rig.gone).toEqual(["a@25000"]);
  });

  it("is never opened early by a shorter pause", async () => {
    const rig = new GateRig();
    const pass = await rig.gate.enter(PUT, forever());
    pass.answered(refused(10_000));
    pass.answered(refused(1_000));
    expect(rig.gate.waitMs(PUT)).toBe(10_000);
    pass.answered(refused(10_000, { gateway: true }));
    pass.answered(refused(1_000, { gateway: true }));
    expect(rig.gate.waitMs(ticket("PUT", balancer))).toBe(10_000);
    const closings = rig.events.filter(({ kind }) => kind === "closed");
    expect(closings).toEqual(
      ["arm.write", "arm-global.write"].map((bucket) => ({ kind: "closed", bucket, ms: 10_000 })),
    );
  });

  it("tells at once when the wait would be long, and also who waits already", async () => {
    const rig = new GateRig();
    const pass = await rig.gate.enter(PUT, forever());
    pass.answered(refused(10_000));
    const waiting = rig.gate.enter(PUT, forever()).catch((caught: unknown) => caught);
    pass.answered(refused(1_200_000));
    const want = { fact: { kind: "unsent", why: "gate", retryAfterMs: 1_200_000 } };
    expect(await waiting).toMatchObject(want);
    const error = await rig.gate.enter(PUT, forever()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ArmFailure);
    expect(error).toMatchObject(want);
  });

  it("lets go of who aborts, and forgets him", async () => {
    const rig = new GateRig();
    (await rig.gate.enter(PUT, forever())).answered(refused(10_000));
    const caller = new AbortController();
    const entering = rig.gate.enter(PUT, caller.signal);
    caller.abort(new Error("enough"));
    await expect(entering).rejects.toThrow("enough");
    await expect(rig.gate.enter(PUT, caller.signal)).rejects.toThrow("enough");
    expect(rig.events.at(-1)).toEqual({ kind: "waiting", group: "network.write", lane: "batch", waiting: 0 });
    expect(rig.clock.pending).toBe(0);
  });
});

describe("buckets", () => {
  it("ARM 125: of writes, deletes and reads are apart", async () => {
    const rig = new GateRig();
    expect(await rig.drain(ticket("PUT", address(), "restore"))).toBe(196);
    expect(rig.gate.waitMs(ticket("PUT", address(), "restore"))).toBe(100);
    expect(rig.gate.waitMs(DELETE)).toBe(0);
    expect(rig.gate.waitMs(GET)).toBe(0);
  });

  it("of ARM are drawn with caution until it has told how full they are", async () => {
    const rig = new GateRig();
    const passes = await Promise.all(Array.from({ length: 30 }, () => rig.gate.enter(PUT, forever())));
    for (let each = 0; each < 200; each++) void rig.enter("put", ticket("PUT", address("b"), "restore"));
    await rig.clock.advance(0);
    expect(rig.gone).toHaveLength(10);
    passes[0]?.answered({ remaining: [], throttling: undefined }); // says nothing: one more
    await rig.clock.advance(0);
    expect(rig.gone).toHaveLength(11);
    passes[29]?.answered(left("arm.write", 80)); // others have used it, and eleven were sent since
    await rig.clock.advance(0);
    expect(rig.gone).toHaveLength(80);
  });

  it("leave a reserve to deletes, to writes that restore traffic and to polls", async () => {
    const rig = new GateRig();
    expect(await rig.drain(ticket("PUT", address(), "create"))).toBe(187);
    expect(await rig.drain(ticket("PUT", address(), "restore"))).toBe(9);
    expect(await rig.drain(GET)).toBe(233);
    expect(await rig.drain(ticket("GET", address(), "create"))).toBe(12);
  });

  it("of one machine hold twelve writes, and do not stop another machine", async () => {
    const rig = new GateRig();
    expect(await rig.drain(ticket("PUT", machine()))).toBe(12);
    expect(rig.gate.waitMs(ticket("PUT", machine()))).toBe(15_000);
    expect(rig.gate.waitMs(ticket("PUT", machine("other")))).toBe(0);
  });

  it("of polls are those of the machine that was written", async () => {
    const rig = new GateRig();
    const poll = (name: string) => ticket("GET", PATHS.poll, "batch", machine(name));
    expect(await rig.drain(poll("a"))).toBe(45);
    expect(rig.gate.waitMs(poll("a"))).toBe(4000);
    expect(rig.gate.waitMs(poll("b"))).toBe(0);
  });

  it("that a person has set hold their caps", async () => {
    const caps = rateCapsOf({
      cloudProviderRateLimit: true,
      cloudProviderRateLimitQPSWrite: 0.5,
      cloudProviderRateLimitBucketWrite: 2,
    });
    const rig = new GateRig({ caps });
    expect(await rig.drain(PUT)).toBe(2);
    expect(rig.gate.waitMs(PUT)).toBe(2000);
    expect(rig.gate.waitMs(ticket("PUT", balancer))).toBe(0);
  });

  it("F74: fall to what ARM says is left, less what was sent since", async () => {
    const rig = new GateRig();
    const first = await rig.gate.enter(PUT, forever());
    await rig.gate.enter(PUT, forever());
    first.answered(left("arm.write", 30));
    expect(await rig.drain(ticket("PUT", address(), "restore"))).toBe(29);
  });

  it("of ARM for another kind of request are not taken for limits that nobody has published", async () => {
    const rig = new GateRig();
    const said = ["arm.read", "arm-global.read"].map((policy) => ({ policy, left: 0 }));
    (await rig.gate.enter(PUT, forever())).answered({ remaining: said, throttling: undefined });
    expect(rig.gate.waitMs(PUT)).toBe(0);
  });

  it("do not rise when an older answer comes late", async () => {
    const rig = new GateRig();
    const [older, newer] = [await rig.gate.enter(PUT, forever()), await rig.gate.enter(PUT, forever())];
    newer.answered(left("arm.write", 20));
    older.answered(left("arm.write", 190));
    expect(await rig.drain(ticket("PUT", address(), "restore"))).toBe(20);
  });

  it("of the compute provider's older windows are learnt from its answers", async () => {
    const rig = new GateRig();
    const list = ticket("GET", machines, "create");
    (await rig.gate.enter(list, forever())).answered(left("highcostget3min", 3));
    expect(await rig.drain(list)).toBe(3);
    expect(rig.gate.waitMs(list)).toBe(45_000); // four in three minutes
    expect(rig.gate.waitMs(ticket("GET", machine(), "create"))).toBe(0);
  });

  it("of half an hour, said to be empty when we first hear of them, are tried again within a minute", async () => {
    const rig = new GateRig();
    const list = ticket("GET", machines, "refresh");
    (await rig.gate.enter(list, forever())).answered(left("highcostget30min", 0));
    expect(rig.gate.waitMs(list)).toBe(60_000);
    void rig.enter("list", list);
    await rig.clock.advance(60_000);
    expect(rig.gone).toEqual(["list@60000"]);
  });

  it("that turn out to be larger are drawn from faster at once", async () => {
    const rig = new GateRig();
    const list = ticket("GET", machines, "create");
    (await rig.gate.enter(list, forever())).answered(left("highcostget3min", 0));
    await rig.clock.advance(60_000);
    const pass = await rig.gate.enter(list, forever());
    pass.answered(left("highcostget3min", 239));
    expect(rig.gate.waitMs(list)).toBe(750); // 240 in three minutes
    await rig.clock.advance(30_000);
    expect(await rig.drain(list)).toBe(40);
  });

  it("that are nearly used up are not forgotten with those that are full", async () => {
    const rig = new GateRig();
    await rig.drain(ticket("PUT", machine("busy"), "restore"));
    for (let each = 0; each < 300; each++) {
      const pass = await rig.gate.enter(ticket("GET", machine(`vm-${each}`), "create"), forever());
      pass.answered(left("arm.read", 10_000));
      await rig.clock.advance(10);
    }
    expect(rig.gate.waitMs(ticket("PUT", machine("busy"), "restore"))).toBe(12_000);
  });

  it("and everything else are forgotten when they are no longer in use", async () => {
    const rig = new GateRig();
    for (let round = 0; round < 40; round++) {
      for (let each = 0; each < 100; each++) {
        const pass = await rig.gate.enter(ticket("PUT", machine(`vm-${round}-${each}`), "restore"), forever());
        if (each === 0) pass.answered(refused(5000, { policies: ["UpdateVMResource"] }));
        if (each === 1) pass.answered(refused(5000));
        if (each > 1) pass.answered(left("arm.write", 10_000));
      }
      await rig.clock.advance(60_000);
    }
    expect(rig.gate.remembered).toBeLessThan(700);
  });
});

describe("the line", () => {
  it("lets lanes go in order, and each lane in the order in which they came", async () => {
    const rig = new GateRig();
    await rig.drain(ticket("PUT", address(), "restore"));
    const lanes = ["create", "batch", "restore", "create", "batch", "restore"] as const;
    for (const [index, lane] of lanes.entries()) void rig.enter(`${lane}-${index}`, ticket("PUT", address(lane), lane));
    await rig.clock.advance(10_000);
    expect(rig.gone.map((each) => each.split("@")[0])).toEqual([
      "restore-2",
      "restore-5",
      "batch-1",
      "batch-4",
      "create-0",
      "create-3",
    ]);
  });

  it("does not starve the last lane, though others draw every token as it comes", async () => {
    const rig = new GateRig();
    await rig.drain(ticket("GET", address(), "batch"));
    void rig.enter("refresh", GET);
    // Three polls for two and a half tokens, for ever.
    for (let tick = 0; tick < 320; tick++) {
      for (let each = 0; each < 3; each++) void rig.enter("poll", ticket("GET", balancer, "batch"));
      await rig.clock.advance(100);
    }
    expect(rig.gone.filter((each) => each.startsWith("refresh"))).toEqual(["refresh@30000"]);
  });

  it("never lets one bucket delay another", async () => {
    const rig = new GateRig();
    await rig.drain(ticket("PUT", machine(), "batch"));
    for (let each = 0; each < 20; each++) void rig.enter("machine", ticket("PUT", machine(), "restore"));
    void rig.enter("address", ticket("PUT", address(), "create"));
    await rig.clock.advance(0);
    expect(rig.gone).toEqual(["address@0"]);
  });

  it("is not woken later because somebody joins who must wait for longer", async () => {
    const rig = new GateRig();
    (await rig.gate.enter(ticket("PUT", machine()), forever())).answered(refused(10_000));
    await rig.drain(ticket("PUT", address(), "restore"));
    void rig.enter("address", ticket("PUT", address("a"), "restore"));
    void rig.enter("machine", ticket("PUT", machine(), "restore"));
    await rig.clock.advance(10_000);
    expect(rig.gone).toEqual(["address@100", "machine@10000"]);
  });

  it("goes before a newcomer also when its alarm is late", async () => {
    const rig = new GateRig();
    await rig.drain(ticket("PUT", address(), "restore"));
    void rig.enter("first", ticket("PUT", address("a"), "restore"));
    const before = rig.clock.now();
    rig.clock.now = () => before + 100; // the process was busy
    void rig.enter("second", ticket("PUT", address("b"), "restore"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(rig.gone).toEqual(["first@100"]);
  });

  it("waits for a limit that became known meanwhile", async () => {
    const rig = new GateRig();
    const list = ticket("GET", machines, "batch");
    const sent = await rig.gate.enter(list, forever());
    await rig.drain(ticket("GET", address(), "batch"));
    void rig.enter("list", list);
    sent.answered(left("highcostget3min", 0));
    await rig.clock.advance(200_000);
    expect(rig.gone).toEqual(["list@60000"]);
  });

  it("tells how many wait, and how long they did", async () => {
    const rig = new GateRig();
    await rig.drain(ticket("PUT", address(), "restore"));
    rig.events.length = 0;
    void rig.enter("a", ticket("PUT", address("a"), "restore"));
    void rig.enter("b", ticket("PUT", address("b"), "restore"));
    await rig.clock.advance(200);
    const where = { group: "network.write", lane: "restore" };
    expect(rig.events).toEqual([
      { kind: "waiting", ...where, waiting: 1 },
      { kind: "waiting", ...where, waiting: 2 },
      { kind: "entered", ...where, waitedMs: 100 },
      { kind: "waiting", ...where, waiting: 1 },
      { kind: "entered", ...where, waitedMs: 200 },
      { kind: "waiting", ...where, waiting: 0 },
    ]);
  });
});

describe("a reservation", () => {
  it("of a merge queue ends with the reason of who gives it up, and waits for nothing any more", async () => {
    const rig = new GateRig();
    (await rig.gate.enter(PUT, forever())).answered(refused(10_000));
    const caller = new AbortController();
    const admitted = admission(rig.gate, address()).admit({ verb: "put", riders: 1, restores: false }, caller.signal);
    const reason = new Error("enough");
    caller.abort(reason);
    await expect(admitted).rejects.toBe(reason);
    expect(rig.clock.pending).toBe(0);
  });

  it("is used by the write it was made for, which draws nothing more and keeps its lane", async () => {
    const rig = new GateRig();
    const release = await rig.gate.reserve(ticket("PUT", address(), "restore"), forever());
    expect((await rig.gate.enter(ticket("PUT", address(), "create"), forever())).lane).toBe("restore");
    release();
    expect(await rig.drain(ticket("PUT", address(), "restore"))).toBe(195);
  });

  it("counts from when its write is sent: what went before is in the number that its answer tells", async () => {
    const rig = new GateRig();
    await rig.gate.reserve(ticket("PUT", address(), "restore"), forever());
    for (let each = 0; each < 10; each++) await rig.gate.enter(ticket("PUT", balancer, "restore"), forever());
    const pass = await rig.gate.enter(ticket("PUT", address(), "restore"), forever());
    pass.answered(left("arm.write", 50));
    expect(await rig.drain(ticket("PUT", balancer, "restore"))).toBe(50);
  });

  it("that is not used goes back, once", async () => {
    const rig = new GateRig();
    const release = await rig.gate.reserve(PUT, forever());
    release();
    release();
    expect(await rig.drain(ticket("PUT", address(), "restore"))).toBe(196);
  });

  it("that goes back wakes who waits for it", async () => {
    const rig = new GateRig();
    const release = await rig.gate.reserve(ticket("PUT", address(), "restore"), forever());
    await rig.drain(ticket("PUT", address("b"), "restore"));
    void rig.enter("b", ticket("PUT", address("b"), "restore"));
    release();
    await rig.clock.advance(0);
    expect(rig.gone).toEqual(["b@0"]);
  });

  it("is not for reads, nor for other resources", async () => {
    const rig = new GateRig();
    await rig.gate.reserve(PUT, forever());
    await rig.gate.enter(GET, forever());
    await rig.gate.enter(ticket("PUT", address("other")), forever());
    expect(await rig.drain(ticket("PUT", address("third"), "restore"))).toBe(194);
  });

  it("that goes back while its bucket is closed does not come out in a rush when it opens", async () => {
    const rig = new GateRig();
    const sent = await rig.gate.enter(ticket("PUT", balancer), forever());
    for (const name of ["a", "b", "c"]) await rig.gate.reserve(ticket("PUT", address(name)), forever());
    sent.answered(refused(5000, { gateway: true }));
    for (const name of ["a", "b", "c"]) void rig.enter(name, ticket("PUT", address(name)));
    await rig.clock.advance(6000);
    expect(rig.gone).toEqual(["a@5000", "b@5200", "c@5400"]);
  });

  it("does not go when ARM asked for a pause meanwhile", async () => {
    const rig = new GateRig();
    const sent = await rig.gate.enter(PUT, forever());
    await rig.gate.reserve(PUT, forever());
    sent.answered(refused(5000));
    void rig.enter("put", PUT);
    await rig.clock.advance(4999);
    expect(rig.gone).toEqual([]);
    await rig.clock.advance(1);
    expect(rig.gone).toEqual(["put@5000"]);
  });
});
