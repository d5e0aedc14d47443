import { withCluster } from "../fixtures/cluster-rig.ts";
import { type Bench, median } from "./bench.ts";
import { costOf, createServices, SECOND, serviceNames, until } from "./wave.ts";

/** Services that appear at once: what they cost ARM, and how long each waits while operations take a second. */
export const services: Bench = {
  name: "services",
  about: "1, 20 and 100 Services created at once, operations of a second, in virtual time",
  async run() {
    const waves = [];
    for (const count of [1, 20, 100]) waves.push(await wave(count));
    return { counts: Object.assign({}, ...waves) as Record<string, number> };
  },
};

async function wave(count: number): Promise<Record<string, number>> {
  const label = `${count} at once`;
  let counts: Record<string, number> = {};
  await withCluster({ arm: { latency: SECOND } }, async (rig) => {
    await rig.start();
    const names = serviceNames(count);
    const before = rig.arm.journal.count();
    const startedAtMs = rig.clock.now();
    const waited = new Map<string, number>();
    createServices(rig, names);
    await until(rig, () => {
      for (const name of names) {
        if (!waited.has(name) && rig.addressesOf(name).length > 0) waited.set(name, rig.clock.now() - startedAtMs);
      }
      return waited.size === names.length;
    });
    const times = [...waited.values()];
    counts = {
      ...costOf(rig.arm.journal.entries().slice(before), label),
      [`${label}: ms to the first address`]: Math.min(...times),
      [`${label}: ms to the middle one`]: median(times),
      [`${label}: ms to the last`]: Math.max(...times),
    };
  });
  return counts;
}
