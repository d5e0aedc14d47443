import fc from "fast-check";
import { expect, it } from "vitest";
import type { Lane } from "../../../../../src/azure/arm/throttle/lane.ts";
import { GateRig, left, PATHS, refused, ticket } from "./gate.fixture.ts";

/** ARM's own bucket of writes, as its documentation has it; it starts full when the first request comes. */
class Published {
  #left = 200;
  #atMs: number | undefined;

  take(nowMs: number): boolean {
    this.#left = Math.min(200, this.#left + ((nowMs - (this.#atMs ?? nowMs)) / 1000) * 10);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}

const LANES: readonly Lane[] = ["restore", "batch", "create", "refresh"];
const HANDICAP_S = { restore: 0, batch: 10, create: 20, refresh: 30 } as const;

type Step =
  | { readonly do: "enter"; readonly many: number; readonly lane: Lane; readonly resource: number }
  | { readonly do: "advance"; readonly ms: number }
  | { readonly do: "abort"; readonly which: number }
  | { readonly do: "answer"; readonly which: number; readonly left: number }
  | { readonly do: "throttle"; readonly which: number; readonly ms: number; readonly gateway: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("enter" as const),
    many: fc.integer({ min: 1, max: 90 }),
    lane: fc.constantFrom(...LANES),
    resource: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({ do: fc.constant("advance" as const), ms: fc.integer({ min: 1, max: 8000 }) }),
  fc.record({ do: fc.constant("abort" as const), which: fc.nat(400) }),
  fc.record({ do: fc.constant("answer" as const), which: fc.nat(400), left: fc.nat(200) }),
  fc.record({
    do: fc.constant("throttle" as const),
    which: fc.nat(400),
    ms: fc.integer({ min: 1, max: 9000 }),
    gateway: fc.boolean(),
  }),
);

interface Caller {
  readonly lane: Lane;
  readonly resource: number;
  readonly cameMs: number;
  readonly caller: AbortController;
  state: "waits" | "gone" | "aborted";
  goneMs: number;
  order: number;
  answered: (answer: ReturnType<typeof left>) => void;
}

/** Plays steps on a gate and returns everybody who came. */
async function play(steps: readonly Step[]) {
  const rig = new GateRig();
  const callers: Caller[] = [];
  let order = 0;
  const come = (lane: Lane, resource: number): void => {
    const caller: Caller = {
      lane,
      resource,
      cameMs: rig.clock.now(),
      caller: new AbortController(),
      state: "waits",
      goneMs: 0,
      order: 0,
      answered: () => {},
    };
    callers.push(caller);
    rig.gate.enter(ticket("PUT", PATHS.address(`ip-${resource}`), lane), caller.caller.signal).then(
      (pass) =>
        Object.assign(caller, {
          state: "gone",
          goneMs: rig.clock.now(),
          order: order++,
          answered: (answer: ReturnType<typeof left>) => pass.answered(answer),
        }),
      () => Object.assign(caller, { state: "aborted" }),
    );
  };
  const act: { readonly [K in Step["do"]]: (each: Extract<Step, { do: K }>) => unknown } = {
    enter: ({ many, lane, resource }) => {
      for (let each = 0; each < many; each++) come(lane, resource);
    },
    advance: ({ ms }) => rig.clock.advance(ms),
    abort: ({ which }) => callers[which]?.caller.abort(new Error("enough")),
    answer: ({ which, left: count }) => callers[which]?.answered(left("arm.write", count)),
    throttle: ({ which, ms, gateway }) => callers[which]?.answered(refused(ms, { gateway })),
  };
  for (const each of steps) {
    await act[each.do](each as never);
    await rig.clock.advance(0);
  }
  await rig.clock.advance(600_000);
  return { callers, rig };
}

it("sends never more than ARM's bucket allows, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { callers } = await play(steps);
      const published = new Published();
      const sent = callers.filter(({ state }) => state === "gone").toSorted((a, b) => a.order - b.order);
      expect(sent.filter(({ goneMs }) => !published.take(goneMs))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it("lets everybody go who does not abort, and holds nothing afterwards", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { callers, rig } = await play(steps);
      expect(callers.filter(({ state, caller }) => state !== "gone" && !caller.signal.aborted)).toEqual([]);
      expect(rig.clock.pending).toBe(0);
      expect(rig.gate.remembered).toBeLessThan(20);
    }),
    { numRuns: 60 },
  );
});

it("lets nobody overtake who wants the same and whose turn is later, but for the reserve", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { callers } = await play(steps);
      const gone = callers.filter(({ state }) => state === "gone").toSorted((a, b) => a.order - b.order);
      const turn = ({ cameMs, lane }: Caller): number => cameMs + HANDICAP_S[lane] * 1000;
      for (const [index, earlier] of gone.entries()) {
        const wronged = gone.slice(index + 1).filter((other) => {
          const stoodThere = other.resource === earlier.resource && other.cameMs < earlier.goneMs;
          const reserved = earlier.lane === "restore" && other.lane !== "restore" && earlier.goneMs < turn(other);
          return stoodThere && turn(other) < turn(earlier) && !reserved;
        });
        expect(wronged).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});
