import type { Controller } from "../runtime/manager.ts";
import { ServiceController } from "./controller.ts";
import type { ServiceJournal } from "./journal.ts";
import { LOOK_AGAIN_MS, silentWriter, warningsOnly } from "./observing.ts";

/** What people may set. */
export interface ServiceControllerSettings {
  /** Services worked on at once, at least 1; 256 when absent. */
  readonly workers?: number;
  /**
   * `observe` writes neither finalizers nor statuses and looks at every Service again each minute; it belongs to a cloud
   * that observes as well. `manage` when absent.
   */
  readonly mode?: "manage" | "observe";
  /** Told how each pass ended, for people who ask. */
  readonly journal?: ServiceJournal;
}

/** The service controller, ready to be given to a manager. It does not start for a cloud without balancers. */
export function serviceController({ mode, ...settings }: ServiceControllerSettings = {}): Controller {
  return {
    name: "service-lb-controller",
    start: (world, signal) => {
      const balancer = world.cloud.loadBalancer;
      if (balancer === undefined) return undefined;
      const events = world.events("service-controller");
      const observing = { events: warningsOnly(events), writer: silentWriter, lookAgainMs: LOOK_AGAIN_MS };
      const hands = mode === "observe" ? observing : { events };
      return new ServiceController({ ...world, ...settings, balancer, ...hands }).run(signal);
    },
  };
}
