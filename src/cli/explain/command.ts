import { connectToAzure, connectToCluster, tellRemark, type Whereabouts } from "../connect.ts";
import { EXIT_OK } from "../exit.ts";
import { untilInterrupted } from "../interrupt.ts";
import { readFacts, type ServiceName } from "./cluster.ts";
import { type Explanation, explain } from "./explanation.ts";
import { printed } from "./print.ts";
import { askController } from "./remembered.ts";

/** Options of `azure-ccm explain`, as the command line gives them. */
export interface ExplainOptions extends Whereabouts {
  readonly controller: string;
  readonly json?: boolean;
}

/** Exit code when the Service is not as asked, or something is in the way. */
const EXIT_DIFFERS = 2;

/**
 * Runs `azure-ccm explain service NAMESPACE/NAME`: reads cluster and Azure, asks the controller, prints. Writes nothing
 * anywhere.
 *
 * @returns 0 when all is as asked, 2 when something differs or is in the way.
 * @throws Error when the cluster or Azure cannot be read, or there is no such Service.
 */
export async function runExplain(target: string, options: ExplainOptions): Promise<number> {
  const signal = untilInterrupted();
  const explanation = await explanationOf(serviceName(target), options, signal);
  process.stdout.write(`${options.json === true ? JSON.stringify(explanation, undefined, 2) : printed(explanation)}\n`);
  return explanation.verdict === "as asked" ? EXIT_OK : EXIT_DIFFERS;
}

function serviceName(target: string): ServiceName {
  const [namespace = "", name = "", ...rest] = target.split("/");
  if (namespace === "" || name === "" || rest.length > 0) {
    throw new Error(`got ${JSON.stringify(target)}, want NAMESPACE/NAME of a Service`);
  }
  return { namespace, name };
}

async function explanationOf(asked: ServiceName, options: ExplainOptions, signal: AbortSignal): Promise<Explanation> {
  const key = `${asked.namespace}/${asked.name}`;
  const settings = await connectToCluster(options);
  const [cluster, recollection] = await Promise.all([
    readFacts(settings, asked, signal),
    askController(options.controller, key, signal),
  ]);
  const cloud = await connectToAzure(options, { onRemark: tellRemark, mode: "observe" }, signal);
  try {
    const { service, services, nodes } = cluster;
    const facts = await cloud.factsOf(service, nodes, signal);
    const plan = await cloud.plan({ services, nodes, only: [key] }, signal);
    return explain({ cluster, facts, plan, recollection });
  } finally {
    await cloud.close();
  }
}
