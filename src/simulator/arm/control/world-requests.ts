import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import type { Journal } from "../../http/journal.ts";
import { checkDocument } from "../read-document.ts";
import { pageSizeSchema } from "../scenario/page-size-schema.ts";
import { checkScenario } from "../scenario/scenario.ts";
import { scenarioOptions } from "../scenario/scenario-options.ts";
import { type ClusterFacts, seedCluster } from "../seed/seed-cluster.ts";
import type { WorldOptions } from "../simulator-options.ts";
import type { World } from "../world.ts";
import { kindOf } from "./clock-requests.ts";
import { answerBody, told } from "./control-request.ts";

/** What the control surface reaches: the sockets, and the world that is behind them now. */
export interface ControlHost {
  readonly world: World;
  readonly journal: Journal;
  readonly sockets: {
    readonly httpUrl: string;
    readonly httpsUrl: string | undefined;
    readonly ca: string | undefined;
  };
  reset(options: WorldOptions): void;
}

/** `GET /simulator`: where it is, the CA to trust, and whose subscription it has. */
export function answerFacts({ world, sockets }: ControlHost, cluster?: ClusterFacts): Answer {
  const { httpUrl, httpsUrl, ca } = sockets;
  const { subscriptionId, tenantId, identity } = world;
  const { application, identityHeader } = identity.facts();
  return told({
    endpoint: httpUrl,
    ...(httpsUrl !== undefined && { httpsEndpoint: httpsUrl }),
    ...(ca !== undefined && { ca }),
    subscriptionId,
    tenantId,
    clientId: application.clientId,
    clientSecret: application.secret,
    identityHeader,
    clock: kindOf(world.clock, world.barrier),
    ...(cluster !== undefined && { cluster }),
  });
}

/** `POST /simulator/reset`: begins anew as the scenario in the body says, without flags. */
export function resetWorld(request: SimulatedRequest, host: ControlHost): Answer {
  return answerBody(request, {
    check: checkScenario,
    code: "InvalidScenario",
    answer: (scenario) => {
      host.reset(scenarioOptions(scenario));
      const { cluster } = scenario;
      return answerFacts(host, cluster === undefined ? undefined : plant(cluster, host.world));
    },
  });
}

function plant(cluster: Parameters<typeof seedCluster>[1], world: World): ClusterFacts {
  const { subscriptionId, tenantId, direct } = world;
  const soil = { subscriptionId, tenantId, resources: direct, put: direct.put.bind(direct) };
  return seedCluster(soil, cluster);
}

/** `GET /simulator/page-sizes`: how long pages of lists are. */
export function answerPageSizes({ paginate }: World): Answer {
  return told(paginate({}));
}

/** `POST /simulator/page-sizes`: one number for all, or one for each that changes. */
export function setPageSizes(request: SimulatedRequest, { paginate }: World): Answer {
  return answerBody(request, {
    check: (body) => checkDocument(pageSizeSchema, body),
    code: "InvalidPageSize",
    answer: (sizes) => told(paginate(sizes)),
  });
}
