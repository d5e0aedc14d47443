import type { Bench } from "../bench.ts";
import { createdIn, newcomers, SERVICES, TROUBLES, usually, VICTIM, type Waits } from "./scenario.ts";

/** One public IP in trouble beside many that are not. */
export const isolation: Bench = {
  name: "isolation",
  about:
    "20 Services created at once, profile P1, one public IP of them in trouble: how long the last of the others waits",
  async run() {
    const waves: Record<string, Waits> = { "when nothing is wrong": await usually() };
    for (const { name, trouble } of TROUBLES) waves[`when ${name}`] = await createdIn(trouble);
    const others = Object.values(waves).map((waits) => [...waits].filter(([name]) => name !== VICTIM).length);
    waves["of newcomers"] = await newcomers({ failed: false });
    waves["of newcomers when a public IP in use has failed"] = await newcomers({ failed: true });
    const lasts = Object.entries(waves).map(([name, waits]) => [`ms ${name}`, lastOf(waits)]);
    const missing = others.reduce((sum, count) => sum + SERVICES - 1 - count, 0);
    return { counts: { ...Object.fromEntries(lasts), "others without an address after minutes": missing } };
  },
};

/** How long the last one waits, other than the one in trouble. */
function lastOf(waits: Waits): number {
  return Math.max(...[...waits].flatMap(([name, ms]) => (name === VICTIM ? [] : [ms])));
}
