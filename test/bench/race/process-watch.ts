import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a process has taken of its machine. */
export interface ProcessFigures {
  readonly rssMiB: number;
  readonly stallMs: number;
}

/** Variable that tells a watched program where its figures go. */
export const FIGURES = "AZURE_CCM_BENCH_FIGURES";

const RESOLUTION_MS = 1;

/** Watches this process from now on. Returns what ends it and tells the figures; the memory is the most since its start. */
export function watchProcess(): () => ProcessFigures {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  return () => {
    delays.disable();
    const stallMs = Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
    return { rssMiB: Math.round(process.resourceUsage().maxRSS / 1024), stallMs: Math.round(stallMs) };
  };
}
