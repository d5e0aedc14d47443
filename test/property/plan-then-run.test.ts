import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "vitest";
import type { Plan } from "../../src/azure/index.ts";
import { anyHistory } from "../fixtures/any-history.ts";
import { anyTurn, type Turn } from "../fixtures/any-turn.ts";
import type { RigOptions } from "../fixtures/azure-rig.ts";
import { History } from "../fixtures/balancer-history.ts";
import { meddle } from "../fixtures/meddler.ts";
import { assertObservingWritesNothing, failuresOf, runAll } from "../fixtures/planned-run.ts";
import { type Comparison, netChanges, plannedChanges, wireState } from "../fixtures/wire-state.ts";

const NODES = { vmss: { nodes: [{}, {}, {}] } };
const NIC = { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" };

/** Histories in all; `PLAN_HISTORIES=500` for the whole corpus, which also tells what was in it. */
const HISTORIES = Number(process.env["PLAN_HISTORIES"] ?? 40);

/** What the histories of one setup came to. */
class Tally {
  readonly #counts = new Map<string, number>();

  add({ resources, services }: Plan): void {
    this.#count("histories", 1);
    this.#count("with changes", Math.sign(resources.length));
    this.#count("with interruptions", Math.sign(resources.filter(({ risk }) => risk === "interrupts").length));
    this.#count("Services that cannot be planned", services.filter(({ error }) => error !== null).length);
    for (const { verb } of resources) this.#count(`resources to ${verb}`, 1);
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  get text(): string {
    return [...this.#counts].map(([name, count]) => `${count} ${name}`).join(", ");
  }

  #count(name: string, by: number): void {
    this.#counts.set(name, this.get(name) + by);
  }
}

interface Setup {
  readonly name: string;
  readonly options: RigOptions;
  readonly share: number;
  readonly workers: "one" | "all";
}

const SETUPS: readonly Setup[] = [
  { name: "one worker", options: { seed: NODES }, share: 0.5, workers: "one" },
  { name: "one worker, NIC-based pools", options: { seed: NODES, azureJson: NIC }, share: 0.25, workers: "one" },
  { name: "all at once", options: { seed: NODES }, share: 0.25, workers: "all" },
];

describe("any history, then a turn that nobody has acted upon", () => {
  for (const { name, options, share, workers } of SETUPS) {
    it(`what is planned is what is then done, and observing writes nothing (${name})`, async () => {
      const tally = new Tally();
      const property = fc.asyncProperty(anyHistory, anyTurn, async (steps, turn) => {
        const history = await History.open(options);
        try {
          for (const step of steps) await history.step(step);
          await history.settle();
          history.calm();
          tally.add(await play(history, turn, workers));
        } finally {
          await history.close();
        }
      });
      await fc.assert(property, { numRuns: Math.ceil(HISTORIES * share), seed: 20260102, endOnFailure: true });
      assert.ok(tally.get("with changes") > tally.get("histories") / 2, `a corpus that tells something: ${tally.text}`);
      if (process.env["PLAN_HISTORIES"] !== undefined) process.stdout.write(`${name}: ${tally.text}\n`);
    }, 3_600_000);
  }
});

async function play(history: History, { wishes, meddlings }: Turn, workers: Setup["workers"]): Promise<Plan> {
  const { rig } = history;
  const comparison: Comparison = workers === "all" ? { anyOrder: true } : {};
  for (const each of meddlings) meddle(rig, each);
  history.wish(wishes);
  await assertObservingWritesNothing(rig);
  const before = await wireState(rig);
  const writes = rig.writes();
  const plan = await rig.plan();
  assert.equal(rig.writes(), writes, "planning writes nothing");
  const failed = await runAll(rig, workers);
  const after = await wireState(rig);
  assert.deepEqual(plannedChanges(plan, rig, comparison), netChanges(before, after, comparison));
  assert.deepEqual(failuresOf(plan), failed);
  return plan;
}
