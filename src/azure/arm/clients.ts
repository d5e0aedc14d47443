import type { ComputeManagementClient } from "@azure/arm-compute";
import type { NetworkManagementClient } from "@azure/arm-network";
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient, Pipeline, PipelinePolicy } from "@azure/core-rest-pipeline";
import type { Clock } from "../../base/clock.ts";
import type { CallScope } from "./call-scope.ts";
import type { FollowOptions } from "./completion/pursuit.ts";
import { loopbackToken, sharedCredential } from "./policies/authorize.ts";
import { belongToCall } from "./policies/belong-to-call.ts";
import { deadline } from "./policies/deadline.ts";
import { failures } from "./policies/failures.ts";
import { DEFAULT_FOLLOW, type FollowDeps, followOperations } from "./policies/follow-operations.ts";
import { guardHost } from "./policies/guard-host.ts";
import { identify } from "./policies/identify.ts";
import { keepUnknown, type UnknownProperties } from "./policies/keep-unknown.ts";
import { type ObservedRequest, observe } from "./policies/observe.ts";
import { passGate } from "./policies/pass-gate.ts";
import { pinApiVersion } from "./policies/pin-api-version.ts";
import { DEFAULT_RETRY, type RetryOptions, retryReads } from "./policies/retry-reads.ts";
import { sketch } from "./policies/sketch.ts";
import type { ThrottleGate } from "./throttle/gate.ts";

/** Where ARM is and who we are. */
export interface ArmEndpoint {
  /** `https://management.azure.com`, or any other; plain http only on this machine. */
  readonly endpoint: string;
  /** The token's audience with `/.default`. */
  readonly tokenScope: string;
  readonly credential: TokenCredential;
  /** PEM of the authorities to trust, in place of the system's. */
  readonly ca?: string;
  readonly userAgent: string;
  /** A transport in place of the SDK's; for tests. */
  readonly httpClient?: HttpClient;
}

/** How long we wait for ARM, and how often we ask again. Every field has a default. */
export interface ArmPatience {
  /** Of every single request, milliseconds; one minute, as ARM's own front door. */
  readonly deadlineMs?: number;
  readonly retry?: RetryOptions;
  readonly follow?: FollowOptions;
}

/** What the pipeline is made of. */
export interface PipelineDeps {
  readonly clock: Clock;
  readonly gate: ThrottleGate;
  readonly scope: CallScope;
  readonly unknown: UnknownProperties;
  readonly patience: ArmPatience;
  /** Who looks at many resources with one list. */
  readonly watchOf: FollowDeps["watchOf"];
  readonly observer: (request: ObservedRequest) => void;
  /** 0 (inclusive) to 1. */
  readonly random: () => number;
  readonly newId: () => string;
}

/** The SDK's clients, one pair per subscription, all over one pipeline. */
export interface ArmClients {
  network(subscriptionId: string): NetworkManagementClient;
  compute(subscriptionId: string): ComputeManagementClient;
}

/** The longest a single request takes, milliseconds. */
const DEFAULT_DEADLINE_MS = 60_000;

/**
 * Loads the SDK and builds its clients. The SDK costs some 300 ms and 100 MB: nothing else imports it.
 *
 * @throws Error when the endpoint is plain http on another machine: a token would be readable on the way.
 */
export async function createClients(at: ArmEndpoint, deps: PipelineDeps): Promise<ArmClients> {
  const insecure = isInsecure(at.endpoint);
  const [network, compute, pipeline] = await Promise.all([
    import("@azure/arm-network"),
    import("@azure/arm-compute"),
    createPipeline(at, deps, insecure),
  ]);
  const { httpClient } = at;
  const options = {
    endpoint: at.endpoint,
    pipeline,
    allowInsecureConnection: insecure,
    ...(httpClient !== undefined && { httpClient }),
  };
  return {
    network: perSubscription((id) => new network.NetworkManagementClient(at.credential, id, options)),
    compute: perSubscription((id) => new compute.ComputeManagementClient(at.credential, id, options)),
  };
}

function perSubscription<C>(make: (subscriptionId: string) => C): (subscriptionId: string) => C {
  const made = new Map<string, C>();
  return (subscriptionId) => {
    const key = subscriptionId.toLowerCase();
    const client = made.get(key) ?? make(subscriptionId);
    made.set(key, client);
    return client;
  };
}

async function createPipeline(at: ArmEndpoint, deps: PipelineDeps, insecure: boolean): Promise<Pipeline> {
  const sdk = await import("@azure/core-rest-pipeline");
  const { clock, scope, patience } = deps;
  const credential = sharedCredential(at.credential);
  const retry = { clock, random: deps.random, options: patience.retry ?? DEFAULT_RETRY };
  const follow: FollowDeps = {
    clock,
    scope,
    options: patience.follow ?? DEFAULT_FOLLOW,
    createRequest: sdk.createPipelineRequest,
    watchOf: deps.watchOf,
  };
  // Outermost first. One call of the SDK passes the first four once; all its requests pass the others one by one.
  const policies: readonly PipelinePolicy[] = [
    failures(clock, scope),
    keepUnknown(deps.unknown),
    sketch(scope, () => sdk.createHttpHeaders()),
    pinApiVersion(),
    followOperations(follow),
    guardHost(at.endpoint),
    identify(at.userAgent, scope, deps.newId),
    retryReads(retry),
    belongToCall(scope, clock),
    passGate(deps.gate, scope, clock),
    deadline(clock, patience.deadlineMs ?? DEFAULT_DEADLINE_MS),
    insecure
      ? loopbackToken(credential, at.tokenScope)
      : sdk.bearerTokenAuthenticationPolicy({ credential, scopes: at.tokenScope }),
    ...transport(at, insecure, sdk),
    observe(clock, scope, deps.observer),
  ];
  const pipeline = sdk.createEmptyPipeline();
  for (const policy of policies) pipeline.addPolicy(policy);
  return pipeline;
}

function transport(
  { ca }: ArmEndpoint,
  insecure: boolean,
  sdk: typeof import("@azure/core-rest-pipeline"),
): readonly PipelinePolicy[] {
  if (insecure) return [];
  const trust = ca === undefined ? [] : [sdk.tlsPolicy({ ca })];
  return [sdk.proxyPolicy(), sdk.decompressResponsePolicy(), ...trust];
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/i;

function isInsecure(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === "https:") return false;
  if (protocol === "http:" && LOOPBACK.test(hostname)) return true;
  throw new Error(`the ARM endpoint ${endpoint} must be https: on plain http the token could be read on the way`);
}
