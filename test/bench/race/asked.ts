import { type Checked, checked, type Problem } from "../../../src/base/checked.ts";
import { DEFAULT_WORKERS } from "../../../src/controller/index.ts";
import type { ProfileName } from "../../../src/simulator/index.ts";
import type { Size } from "./raised.ts";

/** One run that is asked for. */
export interface RunAsk extends Size {
  readonly profile: ProfileName;
  readonly poolType: "nodeIP" | "nodeIPConfiguration";
  readonly workers: number;
  /** Guids, addresses, uids, faults and jitter follow from it. */
  readonly seed: string;
  /** Seconds of the run's clock until it is given up. */
  readonly timeoutSeconds: number;
}

/** Flags of `npm run bench -- services` as parseArgs gives them. */
export interface RaceFlags {
  readonly services?: string | undefined;
  readonly profile?: string | undefined;
  readonly "pool-type"?: string | undefined;
  readonly nodes?: string | undefined;
  readonly workers?: string | undefined;
  readonly seed?: string | undefined;
  readonly timeout?: string | undefined;
  readonly clock?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly external?: boolean | undefined;
  readonly kubeconfig?: string | undefined;
}

/** Everything that is asked for. */
export interface RaceAsk {
  readonly runs: readonly RunAsk[];
  readonly clock: "virtual" | "system";
  /** An `azure-ccm simulate` that runs already; a fresh simulator for each run when absent. */
  readonly endpoint: string | undefined;
  /** Somebody else's controller does the work. */
  readonly external: boolean;
  /** The API server that Services are applied to; one of our own when absent. */
  readonly kubeconfig: string | undefined;
}

const PROFILES: readonly string[] = ["P1", "P2", "P3", "P4", "P5"] satisfies readonly ProfileName[];
const POOL_TYPES = ["nodeIP", "nodeIPConfiguration"];

/** Default, lowest and highest. */
const NUMBERS = { nodes: [3, 1, 5000], workers: [DEFAULT_WORKERS, 1, 10_000], timeout: [3600, 1, 1_000_000] } as const;

/** Reads the flags, and tells of everything that is wrong with them. */
export function checkRace(flags: RaceFlags): Checked<RaceAsk> {
  const problems: Problem[] = [];
  const oneOf = (flag: keyof RaceFlags, values: readonly string[], fallback: string): string => {
    const got = (flags[flag] as string | undefined) ?? fallback;
    if (!values.includes(got)) problems.push({ field: `--${flag}`, got, want: values.join(", ") });
    return got;
  };
  const number = (flag: keyof typeof NUMBERS): number => {
    const [fallback, least, most] = NUMBERS[flag];
    return whole(`--${flag}`, flags[flag] ?? String(fallback), { least, most }, problems);
  };
  const real = flags.endpoint !== undefined || flags.external === true;
  const common = {
    profile: oneOf("profile", PROFILES, "P1") as ProfileName,
    poolType: oneOf("pool-type", POOL_TYPES, "nodeIP") as RunAsk["poolType"],
    nodes: number("nodes"),
    workers: number("workers"),
    seed: flags.seed ?? "azure",
    timeoutSeconds: number("timeout"),
  };
  const counts = (flags.services ?? "1,20,100").split(",");
  const runs = counts.map((count) => ({
    services: whole("--services", count.trim(), { least: 1, most: 5000 }, problems),
    ...common,
  }));
  const ask: RaceAsk = {
    runs,
    clock: oneOf("clock", ["virtual", "system"], real ? "system" : "virtual") as RaceAsk["clock"],
    endpoint: flags.endpoint,
    external: flags.external ?? false,
    kubeconfig: flags.kubeconfig,
  };
  return checked(ask, [...problems, ...contradictions(ask)]);
}

function contradictions({ runs, clock, endpoint, external, kubeconfig }: RaceAsk): readonly Problem[] {
  const real = endpoint !== undefined || external;
  const cases: readonly (readonly [boolean, Problem])[] = [
    [
      endpoint !== undefined && !isHttp(endpoint),
      { field: "--endpoint", got: endpoint, want: "the http address of an azure-ccm simulate: http://127.0.0.1:PORT" },
    ],
    [
      real && runs.length > 1,
      {
        field: "--services",
        got: String(runs.length),
        want: "one count with --endpoint or --external: each run needs a fresh simulator and a controller that has just started",
      },
    ],
    [real && clock === "virtual", { field: "--clock", got: clock, want: "system with --endpoint or --external" }],
    [
      kubeconfig !== undefined && !external,
      {
        field: "--kubeconfig",
        got: kubeconfig,
        want: "--external beside it: our own controller brings its API server",
      },
    ],
  ];
  return cases.flatMap(([wrong, problem]) => (wrong ? [problem] : []));
}

function isHttp(text: string): boolean {
  return URL.parse(text)?.protocol === "http:";
}

function whole(
  field: string,
  got: string,
  { least, most }: { readonly least: number; readonly most: number },
  problems: Problem[],
): number {
  const value = Number(got);
  const fits = /^\d+$/.test(got) && value >= least && value <= most;
  if (!fits) problems.push({ field, got, want: `a whole number from ${least} to ${most}` });
  return value;
}
