import { withCluster } from "../fixtures/cluster-rig.ts";
import type { Bench } from "./bench.ts";
import { costOf, createServices, serviceNames, until } from "./wave.ts";

const NAMES = serviceNames(100);

/** A restart of the controllers when all is as it should be. */
export const noOp: Bench = {
  name: "no-op",
  about: "a restart and a pass over 100 Services that need nothing",
  async run() {
    let counts: Record<string, number> = {};
    await withCluster({}, async (rig) => {
      const ensured = (): number =>
        rig.kubernetes.list("Event").filter(({ reason }) => reason === "EnsuredLoadBalancer").length;
      await rig.start();
      createServices(rig, NAMES);
      await until(rig, () => ensured() === NAMES.length);
      await rig.stop();
      await rig.clock.advance(1000); // two processes name their events by the time
      const before = rig.arm.journal.count();
      await rig.start();
      await until(rig, () => ensured() === 2 * NAMES.length);
      counts = costOf(rig.arm.journal.entries().slice(before), "restart");
    });
    return { counts };
  },
};
