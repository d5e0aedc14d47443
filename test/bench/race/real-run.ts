import type { RaceAsk, RunAsk } from "./asked.ts";
import { PORT_SCHEME } from "./cluster.ts";
import { ControllerProcess } from "./controller-process.ts";
import { costOf } from "./cost.ts";
import { raceDirections } from "./directions.ts";
import { type ProcessFigures, watchProcess } from "./process-watch.ts";
import { machine, type RunResult, secondsOf } from "./result.ts";
import { openScene, type Scene } from "./scene.ts";
import { tooLate } from "./too-late.ts";
import { Watchers } from "./watchers.ts";

/** Who does the work of a race. */
interface Racer {
  /** Resolves when it is at work. */
  readonly ready: Promise<void>;
  /** From now on only the race counts. */
  start(): void;
  stop(): Promise<ProcessFigures>;
}

/**
 * A run on the machine's time: `azure-ccm run`, or a controller of somebody else's, in a process of its own.
 *
 * @param tell - gets lines for people: where a controller is to be pointed.
 */
export async function realRun(race: RaceAsk, ask: RunAsk, tell: (text: string) => void): Promise<RunResult> {
  const scene = await openScene(race, ask);
  const over = new AbortController();
  let child: ControllerProcess | undefined;
  try {
    if (!race.external) child = new ControllerProcess(scene, ask.workers);
    const racer = child === undefined ? stranger(race, scene, { tell, over: over.signal }) : ours(child);
    if (!(await within(ask.timeoutSeconds, racer.ready))) {
      throw new Error(`after ${ask.timeoutSeconds} s no controller watches Services and Nodes`);
    }
    const watchers = new Watchers(scene.connection, scene.azure.oracles);
    await watchers.watch(over.signal);
    const before = (await scene.azure.journal()).length;
    racer.start();
    await watchers.apply(ask.services, ask.seed, over.signal);
    await within(ask.timeoutSeconds, watchers.ready);
    const waited = [...watchers.waitedMs.values()];
    if (waited.length < ask.services) {
      throw new Error(tooLate(ask, waited.length, await watchers.warnings(over.signal)));
    }
    const cost = costOf((await scene.azure.journal()).slice(before));
    const figures = await racer.stop();
    scene.azure.oracles?.assertSilent();
    return { ...conditionsOf(race, ask, scene), seconds: secondsOf(waited), ...cost, ...figures, machine: machine() };
  } finally {
    over.abort(new Error("the run is over"));
    child?.kill();
    await scene.close();
  }
}

function conditionsOf(
  race: RaceAsk,
  ask: RunAsk,
  { azure }: Scene,
): Omit<RunResult, "seconds" | "machine" | keyof ReturnType<typeof costOf> | keyof ProcessFigures> {
  const { services, profile, poolType, workers, seed } = ask;
  return {
    services,
    profile,
    process: race.external ? "the bench itself: the controller is another process" : "the controller's own process",
    clock: "system",
    poolType,
    nodes: azure.facts.nodes.length,
    portScheme: PORT_SCHEME,
    ...(race.external ? {} : { workers }),
    seed,
    controller: race.external ? "a controller that was pointed here" : "this controller",
    oracles: azure.oracles === undefined ? "not armed" : "silent",
    raised: azure.raised,
  };
}

function ours(child: ControllerProcess): Racer {
  return { ready: child.running(), start: () => child.forgetStart(), stop: () => child.stop() };
}

interface Surroundings {
  readonly tell: (text: string) => void;
  /** Aborts with the run. */
  readonly over: AbortSignal;
}

/** At work is who watches Services and Nodes; a foreign API server does not tell, so there it has to be at work already. */
function stranger(race: RaceAsk, scene: Scene, { tell, over }: Surroundings): Racer {
  tell(raceDirections(race, scene));
  const figures = watchProcess();
  const { kubernetes } = scene;
  const ready = async (): Promise<void> => {
    while (kubernetes !== undefined && kubernetes.watchCount() < 2 && !over.aborted)
      await new Promise((r) => setTimeout(r, 50));
  };
  return { ready: ready(), start: () => tell("Services are applied now"), stop: () => Promise.resolve(figures()) };
}

/** Whether `work` ends before the time is up. */
async function within(seconds: number, work: Promise<void>): Promise<boolean> {
  const up = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => up.resolve(false), seconds * 1000);
  return await Promise.race([work.then(() => true), up.promise]).finally(() => clearTimeout(timer));
}
