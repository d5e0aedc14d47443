import { type AzureCloud, createAzureCloud, type ResourceEvent } from "../../azure/index.ts";
import { systemClock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import { noMetrics } from "../../base/metrics.ts";
import { type Manager, serviceController, startManager } from "../../controller/index.ts";
import { type Applied, applyManifests } from "./apply.ts";
import { type Lab, type LabOptions, openLab } from "./lab.ts";
import type { Manifest } from "./manifests.ts";
import { resultOf } from "./outcome.ts";
import type { DemoResult } from "./result.ts";
import { verdictsOn } from "./verdicts.ts";
import { Witness } from "./witness.ts";

/** What a demo runs on. */
export interface DemoOptions extends LabOptions {
  readonly logger: Logger;
  readonly version: string;
  /** Told what is written to which ARM resource. */
  readonly onWrite: (event: ResourceEvent) => void;
}

/** Name of the demo's cluster: balancers and pools are called so. */
const CLUSTER_NAME = "kubernetes";

/** The main job on embedded defaults: a lab, the Azure cloud provider and the service controller in one process. */
export class Demo {
  readonly lab: Lab;
  readonly #cloud: AzureCloud;
  readonly #manager: Manager;

  private constructor(lab: Lab, cloud: AzureCloud, manager: Manager) {
    this.lab = lab;
    this.#cloud = cloud;
    this.#manager = manager;
  }

  /** Starts everything; resolves when the controller works. */
  static async start(options: DemoOptions, signal: AbortSignal): Promise<Demo> {
    const lab = await openLab(options);
    try {
      const cloud = await connect(lab, options, signal);
      const manager = await startManager({
        connection: lab.connection,
        cloud,
        clusterName: CLUSTER_NAME,
        controllers: [serviceController()],
        clock: systemClock,
        logger: options.logger,
        metrics: noMetrics,
        signal,
      });
      await manager.ready;
      return new Demo(lab, cloud, manager);
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  /** Applies manifests through the API server. @throws Error naming file, line and field of every refusal. */
  apply(manifests: readonly Manifest[]): Promise<Applied> {
    return applyManifests(this.lab.kubernetes.httpUrl, manifests);
  }

  /** Waits until every applied Service has its address, or never will, or the time is up. */
  async wait(applied: Applied, timeoutSeconds: number, signal: AbortSignal): Promise<DemoResult> {
    const witness = new Witness(this.lab.kubernetes, applied, verdictsOn(applied, this.lab.config));
    await witness.settled(AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]));
    return resultOf(witness.standings(), this.#cost(), timeoutSeconds);
  }

  /** Ends all of it; writes that were sent are finished. */
  async stop(): Promise<void> {
    await this.#manager.stop();
    await this.#cloud.close();
    await this.lab.close();
  }

  #cost(): DemoResult["arm"] {
    const { journal } = this.lab.arm;
    const writes = (type: string): number =>
      journal.writes(new RegExp(`/Microsoft.Network/${type}/`, "i")).filter(({ method }) => method !== "POST").length;
    return {
      requests: journal.count(),
      writes: {
        loadBalancers: writes("loadBalancers"),
        networkSecurityGroups: writes("networkSecurityGroups"),
        publicIPAddresses: writes("publicIPAddresses"),
      },
    };
  }
}

function connect(lab: Lab, { version, onWrite }: DemoOptions, signal: AbortSignal): Promise<AzureCloud> {
  const { httpsEndpoint, endpoint, ca } = lab.arm;
  const credential = { getToken: () => Promise.resolve({ token: "demo", expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const trust = ca === undefined ? {} : { ca };
  const at = { endpoint: httpsEndpoint ?? endpoint, ...trust };
  return createAzureCloud(
    { config: lab.config, clusterName: CLUSTER_NAME, clock: systemClock, credential, version, onWrite, ...at },
    signal,
  );
}
