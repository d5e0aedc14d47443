import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import {
  type ArmSimulator,
  type ArmSimulatorOptions,
  type JsonObject,
  startArmSimulator,
} from "../../../src/simulator/index.ts";
import { type Lent, lend } from "./remote.ts";

/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON of every shape; undefined when the answer is empty. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/** What a request carries besides method and path. */
export interface WireOptions {
  readonly body?: JsonObject | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null` leaves the parameter out. */
  readonly version?: string | null;
}

/** A simulator with a resource group `rg`, and short ways to talk to it without any SDK. */
export interface Wire {
  readonly arm: ArmSimulator;
  /** `/subscriptions/S` */
  readonly subscription: string;
  /** `/subscriptions/S/resourceGroups/rg` */
  readonly group: string;
  /** `{group}/providers/Microsoft.Network` */
  readonly network: string;
  /** `{group}/providers/Microsoft.Compute` */
  readonly compute: string;
  readonly send: (method: string, path: string, options?: WireOptions) => Promise<WireAnswer>;
  readonly get: (path: string, options?: WireOptions) => Promise<WireAnswer>;
  readonly put: (path: string, body: JsonObject, headers?: Readonly<Record<string, string>>) => Promise<WireAnswer>;
  readonly delete: (path: string, headers?: Readonly<Record<string, string>>) => Promise<WireAnswer>;
}

/** Starts a simulator, or begins one anew in another process where tests are to use those. Close `arm` when done. */
export async function startWire(options: ArmSimulatorOptions = {}): Promise<Wire> {
  return wireTo(await start(options));
}

/** {@link startWire} for tests that talk through Microsoft's clients. */
export async function startArm(options: ArmSimulatorOptions): Promise<ArmSimulator> {
  return (await start(options)).arm;
}

async function start(options: ArmSimulatorOptions): Promise<Lent> {
  return lend(options) ?? { arm: await startArmSimulator(options), waiting: (work) => work };
}

function wireTo({ arm, waiting }: Lent): Wire {
  const subscription = `/subscriptions/${arm.subscriptionId}`;
  const group = `${subscription}/resourceGroups/rg`;
  arm.put(group, { location: "westeurope" });
  const send: Wire["send"] = async (method, path, { body, headers = {}, version } = {}) => {
    const target = withVersion(path.includes("://") ? path : arm.endpoint + path, version);
    const content = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const type: Record<string, string> = content === undefined ? {} : { "content-type": "application/json" };
    const init = { method, headers: { authorization: "Bearer t", ...type, ...headers } };
    const response = await waiting(fetch(target, content === undefined ? init : { ...init, body: content }));
    const text = await waiting(response.text());
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  return {
    arm,
    subscription,
    group,
    network: `${group}/providers/Microsoft.Network`,
    compute: `${group}/providers/Microsoft.Compute`,
    send,
    get: (path, extra) => send("GET", path, extra),
    put: (path, body, headers = {}) => send("PUT", path, { body, headers }),
    delete: (path, headers = {}) => send("DELETE", path, { headers }),
  };
}

/** Api-versions by part of the path, as Microsoft's Go clients send them. */
const USUAL_VERSIONS: readonly (readonly [part: string, version: string])[] = [
  ["microsoft.compute/disks", "2025-01-02"],
  ["microsoft.compute/skus", "2021-07-01"],
  ["microsoft.compute", "2025-04-01"],
  ["", "2025-05-01"],
];

function withVersion(target: string, version: string | null | undefined): string {
  if (version === null || target.includes("api-version=")) return target;
  const path = target.toLowerCase();
  const usual = USUAL_VERSIONS.find(([part]) => path.includes(part))?.[1];
  return `${target}${target.includes("?") ? "&" : "?"}api-version=${version ?? usual}`;
}

/** A simulator whose operations last ten seconds of a clock that only the test moves; answers come at once. */
export async function startSlowWire(
  options: ArmSimulatorOptions = {},
): Promise<Wire & { readonly clock: VirtualClock }> {
  const clock = new VirtualClock("manual");
  const latency = { operationMs: 10_000, retryAfter: true };
  const wire = await startWire({ clock, latency, ...options });
  return { ...wire, clock };
}

/** A static Standard address. */
export const standardAddress: JsonObject = {
  location: "westeurope",
  sku: { name: "Standard" },
  properties: { publicIPAllocationMethod: "Static" },
};

/** A network with the subnet `nodes`. */
export const smallNetwork: JsonObject = {
  location: "westeurope",
  properties: {
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    subnets: [{ name: "nodes", properties: { addressPrefix: "10.0.0.0/24" } }],
  },
};

/** One rule of {@link balancer}. */
export interface RuleSpec {
  readonly name: string;
  readonly frontend?: string;
  readonly pool?: string;
  readonly probe?: string;
  readonly frontendPort?: number;
  readonly backendPort?: number;
  readonly protocol?: string;
  readonly floating?: boolean;
}

/** What {@link balancer} puts together. */
export interface BalancerSpec {
  /** Frontend name to the id of its public address, or of its subnet. */
  readonly frontends?: Readonly<Record<string, string | JsonObject>>;
  readonly pools?: readonly string[];
  readonly probes?: readonly string[];
  readonly rules?: readonly RuleSpec[];
  readonly sku?: string;
}

/** The body of a balancer with the given id. */
export function balancer(id: string, spec: BalancerSpec): JsonObject {
  const { frontends = {}, pools = ["pool"], probes = [], rules = [], sku = "Standard" } = spec;
  return {
    location: "westeurope",
    sku: { name: sku },
    properties: {
      frontendIPConfigurations: Object.entries(frontends).map(([name, target]) => ({
        name,
        properties: typeof target === "string" ? frontendTarget(target) : target,
      })),
      backendAddressPools: pools.map((name) => ({ name })),
      probes: probes.map((name, i) => ({
        name,
        properties: { protocol: "Tcp", port: 30_000 + i, intervalInSeconds: 5 },
      })),
      loadBalancingRules: rules.map((rule) => ruleBody(id, rule)),
    },
  };
}

function frontendTarget(id: string): JsonObject {
  return id.includes("/subnets/") ? { subnet: { id } } : { publicIPAddress: { id } };
}

function ruleBody(id: string, rule: RuleSpec): JsonObject {
  const { name, frontend = "fe", pool = "pool", probe, frontendPort = 80, protocol = "Tcp", floating = false } = rule;
  return {
    name,
    properties: {
      protocol,
      frontendPort,
      backendPort: rule.backendPort ?? frontendPort,
      enableFloatingIP: floating,
      frontendIPConfiguration: { id: `${id}/frontendIPConfigurations/${frontend}` },
      backendAddressPool: { id: `${id}/backendAddressPools/${pool}` },
      ...(probe !== undefined && { probe: { id: `${id}/probes/${probe}` } }),
    },
  };
}
