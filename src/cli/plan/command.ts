import { inWords, type Plan } from "../../azure/index.ts";
import { type Cluster, readCluster, withLists } from "../cluster.ts";
import { connectToAzure, connectToCluster, tellRemark, type Whereabouts } from "../connect.ts";
import { readManifests } from "../demo/manifests.ts";
import { untilInterrupted } from "../interrupt.ts";
import { type AppliedCluster, applied } from "./applied.ts";
import { type Choice, chosen, nothingChosen } from "./choice.ts";
import { exitCodeOf, planDocument } from "./document.ts";
import { type Planned, plannedObjects } from "./manifests.ts";
import { inColour, plain, wantsColour } from "./paint.ts";
import { planReport } from "./report.ts";

/** Options of `azure-ccm plan`, as the command line gives them. */
export interface PlanCommandOptions extends Whereabouts, Choice {
  readonly json?: boolean;
}

/**
 * Runs `azure-ccm plan`: reads manifests, cluster and Azure, and prints what the controller would change. Writes nothing
 * anywhere.
 *
 * @returns 0 when nothing would change, 2 when something would, 1 when a Service could not be planned.
 * @throws Error when manifests, cluster, configuration or Azure cannot be read.
 */
export async function runPlan(options: PlanCommandOptions): Promise<number> {
  const signal = untilInterrupted();
  const manifests = plannedObjects(await readManifests(options.filename ?? []));
  for (const kind of manifests.ignored) process.stderr.write(`azure-ccm: a plan does not depend on ${kind}: ignored\n`);
  const cluster = applied(await clusterOf(options, manifests, signal), manifests);
  const plan = await planFor(cluster, { options, only: chosen(options, cluster.services, manifests.services) }, signal);
  const nothing = plan.services.length === 0 ? nothingChosen(options) : undefined;
  if (nothing !== undefined) process.stderr.write(`azure-ccm: ${nothing}\n`);
  const document = planDocument(plan, options.clusterName);
  const paint = wantsColour(process.stdout, process.env) ? inColour : plain;
  process.stdout.write(
    `${options.json === true ? JSON.stringify(document, undefined, 2) : planReport(document, paint)}\n`,
  );
  return exitCodeOf(plan);
}

/** Manifests that bring the nodes along need no cluster, unless one is named. */
function clusterOf({ kubeconfig }: PlanCommandOptions, { nodes }: Planned, signal: AbortSignal): Promise<Cluster> {
  if (kubeconfig === undefined && nodes.length > 0) return Promise.resolve({ services: [], nodes: [] });
  return connectToCluster(kubeconfig === undefined ? {} : { kubeconfig }).then((settings) =>
    withLists(settings, readCluster, signal),
  );
}

async function planFor(
  { services, nodes, words }: AppliedCluster,
  { options, only }: { readonly options: PlanCommandOptions; readonly only: readonly string[] | undefined },
  signal: AbortSignal,
): Promise<Plan> {
  const cloud = await connectToAzure(options, { onRemark: tellRemark, mode: "observe" }, signal);
  try {
    return inWords(await cloud.plan({ services, nodes, ...(only && { only }) }, signal), words);
  } finally {
    await cloud.close();
  }
}
