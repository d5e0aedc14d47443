import type { ResourceEvent } from "../../azure/index.ts";
import type { Applied } from "./apply.ts";
import type { Lab } from "./lab.ts";
import type { Manifest } from "./manifests.ts";
import { progressLine } from "./progress.ts";
import { costLine, type Entrances, lookAround, resourcesTable, servicesTable } from "./report.ts";
import type { DemoResult } from "./result.ts";

/** Tells people what the demo does, line by line. */
export class Narrator {
  readonly #out: NodeJS.WritableStream;
  /** Only what went otherwise than asked: the result is printed elsewhere. */
  readonly #terse: boolean;
  readonly #startedAtMs = Date.now();

  constructor(out: NodeJS.WritableStream, terse: boolean) {
    this.#out = out;
    this.#terse = terse;
  }

  opening({ facts }: Lab, manifests: readonly Manifest[]): void {
    const services = manifests.filter(({ kind }) => kind === "Service");
    this.#tell("A simulated Azure, a small Kubernetes API server, and the real controller between them.\n");
    this.#tell(
      `  cluster   ${facts.nodes.length} nodes in ${facts.location}: ${facts.nodes.map(({ name }) => name).join(", ")}`,
    );
    for (const { namespace = "default", name, at } of services)
      this.#tell(`  applying  ${namespace}/${name}  from ${at}`);
    this.#tell("");
  }

  skipped({ skipped }: Applied): void {
    for (const { kind, name, at } of skipped) {
      this.#say(`  skipped   ${kind} ${name} from ${at}: the demo's API server does not serve this kind`);
    }
  }

  progress(event: ResourceEvent): void {
    const line = progressLine(event);
    const seconds = ((Date.now() - this.#startedAtMs) / 1000).toFixed(1);
    if (line !== undefined) this.#tell(`${seconds.padStart(6)} s  ${line}`);
  }

  /** @param files - undefined when the demo ends now and there is nothing to look around in. */
  closing(
    { arm, facts }: Lab,
    result: DemoResult,
    files: Pick<Entrances, "kubeconfigPath" | "cloudConfigPath"> | undefined,
  ): void {
    this.#tell(`\nServices\n${servicesTable(result)}`);
    this.#tell(`\nWhat stands behind them in ARM\n${resourcesTable((type) => arm.resources.list(type))}`);
    this.#tell(costLine(result));
    if (files === undefined) {
      this.#tell("\nTo look around while it is up: npx azure-ccm demo --stay");
      return;
    }
    const resourceGroupId = `/subscriptions/${facts.subscriptionId}/resourceGroups/${facts.resourceGroup}`;
    const entrances = { ...files, armEndpoint: arm.endpoint, resourceGroupId };
    this.#say(`\nLook around, from another terminal; Ctrl-C here ends it\n${lookAround(entrances)}\n`);
  }

  #tell(text: string): void {
    if (!this.#terse) this.#say(text);
  }

  #say(text: string): void {
    this.#out.write(`${text}\n`);
  }
}
