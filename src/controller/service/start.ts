import type { Controller } from "../runtime/manager.ts";
import { ServiceController } from "./controller.ts";

/** What people may set. */
export interface ServiceControllerSettings {
  /** Services worked on at once, at least 1; 256 when absent. */
  readonly workers?: number;
}

/** The service controller, ready to be given to a manager. It does not start for a cloud without balancers. */
export function serviceController(settings: ServiceControllerSettings = {}): Controller {
  return {
    name: "service-lb-controller",
    start: (world, signal) => {
      const balancer = world.cloud.loadBalancer;
      if (balancer === undefined) return undefined;
      const events = world.events("service-controller");
      return new ServiceController({ ...world, ...settings, balancer, events }).run(signal);
    },
  };
}
