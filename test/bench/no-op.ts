import type { Bench } from "./bench.ts";
import { labelled, type Settled, type SettledOptions, withSettled } from "./settled.ts";

const HOUR_MS = 3_600_000;

const MANY: SettledOptions = { services: 600, nodes: 3, poolType: "nodeIP", pace: "zero" };
const WIDE: Omit<SettledOptions, "poolType"> = { services: 240, nodes: 650, pace: "zero" };

/** Passes over Services that need nothing: after a restart, and in a process whose knowledge is an hour old. */
export const noOp: Bench = {
  name: "no-op",
  about:
    "passes that need nothing: a restart and an hour later, 600 Services; a restart with 240 Services and 650 nodes",
  goals: {
    "600 Services, restart: requests": 12,
    "240 x 650, nodeIP: bytes": 4_000_000,
    "240 x 650, nodeIPConfiguration: bytes": 4_000_000,
  },
  async run() {
    const counts: Record<string, number> = {};
    await withSettled(MANY, async (settled) => {
      Object.assign(counts, await afterRestart("600 Services, restart", settled, MANY.services));
      Object.assign(counts, await anHourLater("600 Services, an hour later", settled, MANY.services));
    });
    for (const poolType of ["nodeIP", "nodeIPConfiguration"] as const) {
      await withSettled({ ...WIDE, poolType }, async (settled) => {
        Object.assign(counts, await afterRestart(`240 x 650, ${poolType}`, settled, WIDE.services));
      });
    }
    return { counts };
  },
};

async function afterRestart(label: string, { rig, ...settled }: Settled, services: number): Promise<object> {
  await rig.stop();
  const before = await settled.passes();
  const cost = await settled.costOf(
    () => rig.start(),
    async () => (await settled.passes()) >= before + services,
  );
  return labelled(label, cost);
}

/** Every Service gets an annotation that means nothing: each has a pass, and all caches have run out. */
async function anHourLater(label: string, { rig, ...settled }: Settled, services: number): Promise<object> {
  await rig.clock.sleep(HOUR_MS);
  const before = await settled.passes();
  const touch = { metadata: { annotations: { touched: "yes" } } };
  const cost = await settled.costOf(
    () => {
      for (const { metadata } of rig.kubernetes.list("Service", "default")) {
        if (metadata.name.startsWith("web-"))
          rig.kubernetes.patch({ kind: "Service", namespace: "default", name: metadata.name }, touch);
      }
    },
    async () => (await settled.passes()) >= before + services,
  );
  return labelled(label, cost);
}
