import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MergeQueue } from "../../src/azure/arm/merge-queue.ts";
import type { Document, Edit, ResourcePort, WriteCondition, WriteFailure } from "../../src/azure/arm/port.ts";
import { fold } from "../../src/azure/arm/queue/fold.ts";
import { rememberingView } from "../../src/azure/arm/queue/options.ts";
import type { Clock } from "../../src/base/clock.ts";
import { CloudError } from "../../src/cloudprovider/errors.ts";

/** Ids of the edits that made each owner's slice what it is; `theirs` is written by somebody else. */
type Body = Readonly<Record<string, readonly number[]>>;

const OWNERS = ["a", "b", "c", "d"] as const;
type Owner = (typeof OWNERS)[number];

/** What happens to one write: a failure, or a foreign write that comes first; `commits` when the body is kept all the same. */
interface Fate {
  readonly kind:
    | "ok"
    | "foreign"
    | "conflicted"
    | "lost"
    | "broken"
    | "busy"
    | "throttled"
    | "unprovisioned"
    | "content";
  readonly commits: boolean;
  readonly about: Owner;
  readonly named: boolean;
}

type Op =
  | { readonly do: "set"; readonly owner: Owner }
  | { readonly do: "drop"; readonly owner: Owner }
  | { readonly do: "abort"; readonly which: number }
  | { readonly do: "tick" }
  | { readonly do: "foreign" };

const anyFate: fc.Arbitrary<Fate> = fc.record({
  kind: fc.constantFrom(
    ...(["ok", "foreign", "conflicted", "lost", "broken", "busy", "throttled", "unprovisioned", "content"] as const),
  ),
  commits: fc.boolean(),
  about: fc.constantFrom(...OWNERS),
  named: fc.boolean(),
});

const anyOp: fc.Arbitrary<Op> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("set", "drop"), owner: fc.constantFrom(...OWNERS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abort"), which: fc.nat(30) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("tick", "foreign") }) },
) as fc.Arbitrary<Op>;

class Failed extends Error {
  readonly failure: WriteFailure;
  constructor(failure: WriteFailure) {
    super(failure.outcome);
    this.failure = failure;
  }
}

/** An ARM resource with two faces: what it shows, and what is really in effect (a broken operation parts the two). */
class ModelArm implements ResourcePort<Body> {
  shown: Document<Body> | undefined;
  inEffect: Body = {};
  foreignWrites = 0;
  inFlight = 0;
  mostInFlight = 0;
  /** Writes that overwrote what their author had not seen. */
  blind = 0;
  writes = 0;
  readonly #fates: Fate[];
  #version = 0;

  constructor(fates: readonly Fate[], initial: Body | undefined) {
    this.#fates = [...fates];
    if (initial !== undefined) this.#commit(initial, true);
  }

  foreign(): void {
    this.foreignWrites++;
    const value = this.shown?.value ?? {};
    this.#commit({ ...value, theirs: [...(value["theirs"] ?? []), this.foreignWrites] }, true);
  }

  async read(): Promise<Document<Body> | undefined> {
    const answer = this.shown;
    await turn();
    return answer;
  }

  async put(next: Body, condition: WriteCondition): Promise<Document<Body>> {
    await this.#write(condition, (works) => this.#commit(next, works));
    return this.shown as Document<Body>;
  }

  async remove(condition: WriteCondition): Promise<void> {
    await this.#write(condition, (works) => {
      this.shown = undefined;
      if (works) this.inEffect = {};
    });
  }

  classify(reason: unknown): WriteFailure {
    if (reason instanceof Failed) return reason.failure;
    throw reason;
  }

  #commit(value: Body, works: boolean): void {
    this.shown = { value, etag: `v${++this.#version}` };
    if (works) this.inEffect = value;
  }

  async #write(condition: WriteCondition, commit: (works: boolean) => void): Promise<void> {
    this.writes++;
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      const fate = this.#fates.shift() ?? OK;
      if (fate.kind === "foreign") this.foreign();
      await turn();
      if (!this.#holds(condition)) throw failed({ ...fate, kind: "conflicted" });
      if (passes(fate)) commit(true);
      else if (fate.kind === "broken" || (fate.kind === "lost" && fate.commits)) commit(fate.kind === "lost");
      await turn();
      if (!passes(fate)) throw failed(fate);
    } finally {
      this.inFlight--;
    }
  }

  #holds(condition: WriteCondition): boolean {
    if (condition === "unconditional") this.blind++;
    else if ("ifNoneMatch" in condition) return this.shown === undefined;
    return condition === "unconditional" || this.shown?.etag === condition.ifMatch;
  }
}

const OK: Fate = { kind: "ok", commits: true, about: "a", named: false };

function passes({ kind }: Fate): boolean {
  return kind === "ok" || kind === "foreign";
}

function failed({ kind, about, named }: Fate): Failed {
  const name = `/res/${about}`;
  const error = new CloudError("Unavailable", named ? `${kind} ${name}` : kind);
  const refused = { outcome: "refused" as const, error };
  switch (kind) {
    case "unprovisioned":
      return new Failed({ ...refused, cause: kind, resourceId: name });
    case "content":
      return new Failed({ ...refused, cause: kind, culprit: named ? name : undefined });
    case "busy":
    case "throttled":
      return new Failed({ ...refused, cause: kind, retryAfterMs: named ? 1000 : undefined });
    case "ok":
    case "foreign":
      throw new Error(`${kind} is no failure`);
    default:
      return new Failed({ outcome: kind, error });
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Every wait is over at once, and counted. */
function instantClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      now += ms;
      await turn();
      signal?.throwIfAborted();
    },
    schedule: () => () => {},
    during: (work) => work,
    parked: (wait) => wait,
  };
}

interface Submission {
  readonly id: number;
  readonly owner: Owner;
  readonly drops: boolean;
  readonly abort: AbortController;
  outcome: "waiting" | "resolved" | "rejected";
  readonly settled: Promise<void>;
}

interface World {
  readonly arm: ModelArm;
  readonly queue: MergeQueue<Body>;
  readonly submissions: Submission[];
  /** Promises that resolved although what they stand for was not in effect. */
  readonly lies: string[];
}

type Style = "replace" | "count";

function submit(world: World, owner: Owner, drops: boolean, style: Style): void {
  const { arm, queue, submissions, lies } = world;
  const id = submissions.length + 1;
  const edit: Edit<Body> = {
    owner,
    order: owner,
    mentions: [`/res/${owner}`],
    apply: (current) => {
      const slice = current?.[owner] ?? [];
      if (drops) return current?.[owner] === undefined ? current : without(current, owner);
      if (style === "count") return { ...current, [owner]: [...slice, id] };
      return slice.length === 1 && slice[0] === id ? current : { ...current, [owner]: [id] };
    },
  };
  const abort = new AbortController();
  const settled = queue.submit(edit, abort.signal).then(
    () => {
      submission.outcome = "resolved";
      const since = submissions.filter((other) => other.owner === owner && other.id >= id);
      const slice = arm.inEffect[owner];
      const fine =
        slice === undefined ? since.some((other) => other.drops) : since.some((other) => slice.includes(other.id));
      if (!fine) lies.push(`${id} of ${owner}: in effect is ${JSON.stringify(slice)}`);
    },
    () => {
      submission.outcome = "rejected";
    },
  );
  const submission: Submission = { id, owner, drops, abort, outcome: "waiting", settled };
  submissions.push(submission);
}

function without(body: Body, owner: Owner): Body {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== owner));
}

function build(fates: readonly Fate[], initial: Body | undefined): World {
  const arm = new ModelArm(fates, initial);
  const queue = new MergeQueue<Body>({
    port: arm,
    clock: instantClock(),
    view: rememberingView(),
    random: () => 0.5,
    settle: (value) => (Object.keys(value).length === 0 ? "remove" : "keep"),
    repair: () => turn(),
  });
  return { arm, queue, submissions: [], lies: [] };
}

async function run(world: World, ops: readonly Op[], style: Style): Promise<void> {
  for (const op of ops) {
    if (op.do === "set") submit(world, op.owner, false, style);
    else if (op.do === "drop") submit(world, op.owner, style === "replace", style);
    else if (op.do === "foreign") world.arm.foreign();
    else if (op.do === "tick") await turn();
    else if (op.do === "abort") world.submissions[op.which]?.abort.abort(new Error("left"));
  }
}

const anyInitial = fc.option(fc.constant<Body>({ theirs: [0] }), { nil: undefined });
const anyFates = fc.array(anyFate, { maxLength: 25 });
const anyOps = fc.array(anyOp, { minLength: 1, maxLength: 30 });
const RUNS = 300;

describe("merge queue laws", () => {
  it("law: every promise settles, success is only what is in effect, one write at a time, nothing foreign is lost", async () => {
    await fc.assert(
      fc.asyncProperty(anyFates, anyOps, anyInitial, async (fates, ops, initial) => {
        const world = build(fates, initial);
        await run(world, ops, "replace");
        await Promise.all(world.submissions.map((each) => each.settled));
        expect(world.lies).toEqual([]);
        expect(world.arm.mostInFlight).toBeLessThanOrEqual(1);
        expect(world.arm.blind).toBe(0);
        const theirs = (world.arm.shown?.value["theirs"] ?? []).filter((id) => id > 0);
        expect(theirs).toEqual(Array.from({ length: world.arm.foreignWrites }, (_, index) => index + 1));
      }),
      { numRuns: RUNS },
    );
  });

  it("law: no edit is lost and none is applied twice, when no answer is lost", async () => {
    const told = anyFate.filter(({ kind }) => kind !== "lost" && kind !== "broken");
    const noDrops = anyOps.map((ops) => ops.filter((op) => op.do !== "drop"));
    await fc.assert(
      fc.asyncProperty(fc.array(told, { maxLength: 25 }), noDrops, anyInitial, async (fates, ops, initial) => {
        const world = build(fates, initial);
        await run(world, ops, "count");
        await Promise.all(world.submissions.map((each) => each.settled));
        await turn();
        await world.queue.stop();
        for (const owner of OWNERS) {
          const slice = world.arm.inEffect[owner] ?? [];
          expect(slice).toEqual([...new Set(slice)].toSorted((left, right) => left - right));
          const mine = world.submissions.filter((each) => each.owner === owner);
          const newest = mine.findLast((each) => each.outcome === "resolved");
          if (newest !== undefined) expect(slice.at(-1)).toBeGreaterThanOrEqual(newest.id);
          const refused = mine.filter((each) => each.outcome === "rejected" && !each.abort.signal.aborted);
          for (const each of refused) expect(slice).not.toContain(each.id);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("law: without faults, what everybody asked for last is there in the end", async () => {
    await fc.assert(
      fc.asyncProperty(anyOps, anyInitial, async (ops, initial) => {
        const world = build([], initial);
        await run(
          world,
          ops.filter((op) => op.do !== "abort"),
          "replace",
        );
        await Promise.all(world.submissions.map((each) => each.settled));
        expect(world.submissions.filter((each) => each.outcome !== "resolved")).toEqual([]);
        for (const owner of OWNERS) {
          const last = world.submissions.findLast((each) => each.owner === owner);
          expect(world.arm.inEffect[owner]).toEqual(last === undefined || last.drops ? undefined : [last.id]);
        }
        await turn();
        expect(world.queue.idle).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it("law: after stop nothing is sent, and every promise settles", async () => {
    await fc.assert(
      fc.asyncProperty(anyFates, anyOps, anyInitial, async (fates, ops, initial) => {
        const world = build(fates, initial);
        await run(world, ops, "replace");
        const stopping = world.queue.stop();
        const sent = world.arm.writes;
        await Promise.all([stopping, ...world.submissions.map((each) => each.settled)]);
        for (let index = 0; index < 5; index++) await turn();
        expect(world.arm.writes).toBe(sent);
        expect(world.lies).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it("law: a batch costs at most two writes, however many ride", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (riders) => {
        const world = build([], { theirs: [0] });
        const signal = new AbortController().signal;
        const edits = Array.from({ length: riders }, (_, index) => `owner-${index}`);
        const submitAll = (from: readonly string[]) =>
          from.map((owner) =>
            world.queue.submit({ owner, order: owner, apply: (current) => ({ ...current, [owner]: [1] }) }, signal),
          );
        const first = submitAll(edits.slice(0, 1));
        await turn();
        await Promise.all([...first, ...submitAll(edits.slice(1))]);
        expect(world.arm.writes).toBeLessThanOrEqual(2);
        expect(Object.keys(world.arm.inEffect)).toHaveLength(riders + 1);
      }),
      { numRuns: 30 },
    );
  });

  it("law: equal batches give equal bodies, whatever order their edits came in", () => {
    const anyEdits = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 4 }), fc.string({ maxLength: 2 })), {
      selector: ([owner]) => owner,
      maxLength: 12,
    });
    const arrivals = anyEdits.chain((edits) =>
      fc.tuple(
        fc.shuffledSubarray(edits, { minLength: edits.length }),
        fc.shuffledSubarray(edits, { minLength: edits.length }),
      ),
    );
    const body = (edits: readonly (readonly [string, string])[]): readonly string[] => {
      const riders = edits.map(([owner, order]) => ({
        edit: { owner, order, apply: (current: readonly string[] | undefined) => [...(current ?? []), owner] },
      }));
      return fold<readonly string[], (typeof riders)[number]>(["theirs"], riders).value ?? [];
    };
    fc.assert(
      fc.property(arrivals, ([left, right]) => {
        expect(body(left)).toEqual(body(right));
      }),
    );
  });
});
