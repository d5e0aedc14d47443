import type { RunAsk } from "./asked.ts";

/** What went wrong with a run that has not ended: the newest warnings tell. */
export function tooLate({ services, timeoutSeconds }: RunAsk, ready: number, warnings: readonly string[]): string {
  const last = [...new Set(warnings)].slice(-5).map((warning) => `\n  ${warning}`);
  return `after ${timeoutSeconds} s ${ready} of ${services} Services have an address${last.join("")}`;
}
