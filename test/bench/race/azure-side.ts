import {
  type ClusterFacts,
  type JournalEntry,
  type Oracles,
  parseState,
  profile,
  seedCluster,
  startArmSimulator,
} from "../../../src/simulator/index.ts";
import type { RunAsk } from "./asked.ts";
import { seedOf } from "./cluster.ts";
import type { Counted } from "./cost.ts";
import { plantedCluster } from "./planted-cluster.ts";
import { limitingWith, raisedFor } from "./raised.ts";

/** A simulated Azure as a race in real time needs it. */
export interface AzureSide {
  /** Plain http. */
  readonly endpoint: string;
  /** For clients that speak https only, with the CA to trust; absent where it is not known. */
  readonly https?: { readonly endpoint: string; readonly ca: string; readonly identityHeader: string };
  readonly facts: ClusterFacts;
  /** Every request so far. */
  readonly journal: () => Promise<readonly Counted[]>;
  /** Where they can be armed. */
  readonly oracles: Oracles | undefined;
  readonly raised: readonly string[];
  close(): Promise<void>;
}

/** A fresh one in this process, its oracles armed. */
export async function ownAzure(ask: RunAsk): Promise<AzureSide> {
  const { latency, limits, faults } = profile(ask.profile);
  const raised = raisedFor(ask);
  const limiting = limitingWith(limits, raised);
  const arm = await startArmSimulator({
    seed: ask.seed,
    latency,
    tls: true,
    ...(limiting && { limits: limiting }),
    ...(faults && { faults }),
  });
  const facts = seedCluster(arm, seedOf(ask.nodes));
  arm.oracles.arm({ limits: raised.oracles });
  const { httpsEndpoint: endpoint = "", ca = "", identity } = arm;
  return {
    endpoint: arm.endpoint,
    https: { endpoint, ca, identityHeader: identity.identityHeader },
    facts,
    journal: () => Promise.resolve(arm.journal.entries()),
    oracles: arm.oracles,
    raised: raised.notes,
    close: () => arm.close(),
  };
}

/**
 * One that runs already: `azure-ccm simulate`.
 *
 * @throws Error when nobody is there, or it has worked before: then its buckets are not full and its counts not ours.
 */
export async function remoteAzure(endpoint: string): Promise<AzureSide> {
  const base = endpoint.replace(/\/$/, "");
  const read = async (path: string): Promise<string> => {
    const answer = await fetch(`${base}/simulator/${path}`).catch((error: unknown) => {
      const { cause } = error as { readonly cause?: { readonly message?: string } };
      throw new Error(`--endpoint: no azure-ccm simulate at ${base}: ${cause?.message ?? String(error)}`);
    });
    if (!answer.ok) throw new Error(`--endpoint: ${base} is no azure-ccm simulate: GET ${path} gave ${answer.status}`);
    return answer.text();
  };
  const state = parseState(await read("state"));
  if (!state.ok) throw new Error(`--endpoint: ${base} is another version of the simulator`);
  const journal = async (): Promise<readonly Counted[]> => entriesIn(await read("journal"));
  const facts = plantedCluster(state.value);
  if ((await journal()).length > 0) throw new Error("--endpoint: the simulator has worked before; start a fresh one");
  return { endpoint: base, facts, journal, oracles: undefined, raised: [], close: () => Promise.resolve() };
}

/** @throws Error when the simulator has dropped the oldest: the counts would be too small. */
function entriesIn(lines: string): readonly JournalEntry[] {
  const entries = lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JournalEntry);
  const most = entries.reduce((last, { number }) => Math.max(last, number), 0);
  if (entries.length >= 10_000 && entries.every(({ number }) => number > 100)) {
    throw new Error(`the simulator's journal has dropped the oldest of ${most} requests; its counts are of no use`);
  }
  return entries;
}
