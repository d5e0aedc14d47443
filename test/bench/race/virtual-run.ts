import { profile } from "../../../src/simulator/index.ts";
import { ClusterRig, type ClusterRigOptions } from "../../fixtures/cluster-rig.ts";
import type { RunAsk } from "./asked.ts";
import { PORT_SCHEME, seedOf } from "./cluster.ts";
import { costOf } from "./cost.ts";
import { watchProcess } from "./process-watch.ts";
import { limitingWith, raisedFor } from "./raised.ts";
import { machine, type RunResult, secondsOf } from "./result.ts";
import { tooLate } from "./too-late.ts";
import { Witness } from "./witness.ts";

/** The whole path in one process on a virtual clock: everything speaks HTTP, and time jumps when nobody has work. */
export async function virtualRun(ask: RunAsk): Promise<RunResult> {
  const { services, seed, timeoutSeconds } = ask;
  const raised = raisedFor(ask);
  const rig = await ClusterRig.open(rigOptions(ask));
  try {
    const { arm, kubernetes, clock } = rig;
    const witness = new Witness(
      { kubernetes, oracles: arm.oracles, now: () => clock.now() },
      { limits: raised.oracles },
    );
    await rig.start();
    const before = arm.journal.count();
    const figures = watchProcess();
    witness.apply(services, seed);
    await Promise.race([witness.ready, clock.sleep(timeoutSeconds * 1000)]);
    const waited = [...witness.waitedMs.values()];
    if (waited.length < services) throw new Error(tooLate(ask, waited.length, witness.warnings()));
    const taken = figures();
    const cost = costOf(arm.journal.entries().slice(before));
    witness.close();
    return {
      services,
      profile: ask.profile,
      seconds: secondsOf(waited),
      ...cost,
      ...taken,
      process: "the one process of simulators, oracles and controller",
      clock: "virtual",
      poolType: ask.poolType,
      nodes: ask.nodes,
      portScheme: PORT_SCHEME,
      workers: ask.workers,
      seed,
      controller: "this controller",
      oracles: "silent",
      raised: raised.notes,
      machine: machine(),
    };
  } finally {
    await rig.close();
  }
}

/** A rig as a run wants it: fresh, with full buckets. */
export function rigOptions(ask: Omit<RunAsk, "timeoutSeconds">): ClusterRigOptions {
  const { latency, limits, faults } = profile(ask.profile);
  const limiting = limitingWith(limits, raisedFor(ask));
  return {
    seed: seedOf(ask.nodes),
    azureJson: { loadBalancerBackendPoolConfigurationType: ask.poolType },
    arm: { seed: ask.seed, latency, ...(limiting && { limits: limiting }), ...(faults && { faults }) },
    engine: { random: drawsOf(ask.seed) },
    workers: ask.workers,
  };
}

/** Draws from 0 to 1 that follow from a text: mulberry32. */
function drawsOf(seed: string): () => number {
  let state = Buffer.from(seed).reduce((hash, byte) => Math.imul(hash ^ byte, 16_777_619), 0x811c9dc5);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
