import type { ArmSimulator, ClockKind, ClusterFacts } from "../../simulator/index.ts";

/** Everything that a client has to be told, as `--json` prints it. */
export interface SimulateFacts {
  readonly endpoint: string;
  readonly httpsEndpoint: string;
  /** File with the CA to trust; absent when none was asked for. */
  readonly caFile?: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** An application with a secret. Neither is good for anything but this simulator. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** What `IDENTITY_HEADER` must say where `IDENTITY_ENDPOINT` is used. */
  readonly identityHeader: string;
  readonly control: string;
  /** Which clock it runs on; `shared` is `--clock auto`. */
  readonly clock: ClockKind;
  /** The cluster that was planted, if one was. */
  readonly cluster?: ClusterFacts;
  /** Resources that were taken over from `--state`. */
  readonly resumed?: number;
}

/** Collects them. */
export function factsOf(
  arm: ArmSimulator,
  more: {
    readonly caFile?: string | undefined;
    readonly cluster?: ClusterFacts | undefined;
    readonly resumed?: number | undefined;
  },
): SimulateFacts {
  const { endpoint, httpsEndpoint = "", tenantId, identity } = arm;
  const { caFile, cluster, resumed } = more;
  return {
    endpoint,
    httpsEndpoint,
    ...(caFile !== undefined && { caFile }),
    subscriptionId: cluster?.subscriptionId ?? arm.subscriptionId,
    tenantId,
    clientId: identity.application.clientId,
    clientSecret: identity.application.secret,
    identityHeader: identity.identityHeader,
    control: `${endpoint}/simulator`,
    clock: arm.clock,
    ...(cluster !== undefined && { cluster }),
    ...(resumed !== undefined && { resumed }),
  };
}
