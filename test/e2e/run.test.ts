import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ArmSimulator,
  type ClusterFacts,
  type KubernetesSimulator,
  type Latency,
  seedCluster,
  startArmSimulator,
  startKubernetesSimulator,
} from "../../src/simulator/index.ts";
import { Spawned } from "../fixtures/spawned.ts";

let folder: string;
/** What a test has opened; closed in reverse. */
let opened: (() => unknown)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "azure-ccm-run-"));
  opened = [() => rm(folder, { recursive: true, force: true })];
});

afterEach(async () => {
  for (const close of opened.toReversed()) await close();
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Spawned {
  const spawned = new Spawned(["run", "--metrics-port", "0", ...args], { env });
  opened.push(() => spawned.stop("SIGKILL"));
  return spawned;
}

/** Azure and Kubernetes in this process, with what `run` has to be told to find them. */
interface World {
  readonly arm: ArmSimulator;
  readonly kubernetes: KubernetesSimulator;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The audiences that tokens were asked for. */
  readonly audiences: readonly string[];
}

async function openWorld({ https = false, latency = "zero" as Latency } = {}): Promise<World> {
  const arm = await startArmSimulator({ tls: https, latency });
  const kubernetes = await startKubernetesSimulator({ tls: https });
  opened.push(() => Promise.all([arm.close(), kubernetes.close()]));
  const endpoint = https ? (arm.httpsEndpoint ?? "") : arm.endpoint;
  describeItself(arm, endpoint);
  const facts = seedCluster(arm);
  for (const node of facts.nodes) kubernetes.create(nodeObject(node));
  const audiences: string[] = [];
  const cloudConfig = await file("azure.json", azureJson(facts, endpoint));
  const kubeconfig = await file("kubeconfig", kubernetes.kubeconfig());
  const trust = arm.ca === undefined ? [] : ["--ca-file", await file("ca.pem", arm.ca)];
  const args = ["--cloud-config", cloudConfig, "--kubeconfig", kubeconfig, ...trust];
  const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: await startTokenService(audiences) };
  return { arm, kubernetes, args, env, audiences };
}

/** Answers `/metadata/endpoints` as ARM does: the endpoint's clouds, their login and their audiences. */
function describeItself(arm: ArmSimulator, endpoint: string): void {
  const authentication = { loginEndpoint: "https://login.example/", audiences: ["https://management.example/"] };
  const body = [{ name: "AzureCloud", resourceManager: endpoint, authentication, suffixes: {} }];
  arm.intercept(({ stage, request }) =>
    stage === "received" && request.url.pathname === "/metadata/endpoints"
      ? { answer: { status: 200, body } }
      : undefined,
  );
}

/** The token service that every Azure machine finds at a fixed address. */
async function startTokenService(audiences: string[]): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    if (!pathname.startsWith("/metadata/identity/oauth2/token") || request.headers["metadata"] !== "true") {
      response.writeHead(404).end();
      return;
    }
    audiences.push(searchParams.get("resource") ?? "");
    response.setHeader("content-type", "application/json");
    const life = { expires_in: "3600", expires_on: String(Math.floor(Date.now() / 1000) + 3600) };
    response.end(JSON.stringify({ access_token: "t", token_type: "Bearer", ...life }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function azureJson(facts: ClusterFacts, resourceManagerEndpoint: string): string {
  return JSON.stringify({
    resourceManagerEndpoint,
    tenantId: facts.tenantId,
    subscriptionId: facts.subscriptionId,
    resourceGroup: facts.resourceGroup,
    location: facts.location,
    vnetName: facts.virtualNetwork,
    subnetName: facts.subnet,
    securityGroupName: facts.securityGroup,
    vmType: "vmss",
    loadBalancerSku: "standard",
    loadBalancerBackendPoolConfigurationType: "nodeIP",
    useManagedIdentityExtension: true,
  });
}

function nodeObject({ name, providerId, internalIP }: ClusterFacts["nodes"][number]): object {
  const status = {
    addresses: [{ type: "InternalIP", address: internalIP }],
    conditions: [{ type: "Ready", status: "True" }],
  };
  return { apiVersion: "v1", kind: "Node", metadata: { name }, spec: { providerID: providerId }, status };
}

/** Starts the controllers. */
function start({ args, env }: World): Spawned {
  return run(args, env);
}

/** Resolves with the port of the health endpoints once the controllers run. */
function running(spawned: Spawned): Promise<number> {
  return spawned.until(({ err }) => {
    const line = err.split("\n").find((each) => each.includes('"running"'));
    return line === undefined ? undefined : (JSON.parse(line) as { port: number }).port;
  });
}

function create({ kubernetes }: World, name: string): void {
  const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
  kubernetes.create({ apiVersion: "v1", kind: "Service", metadata: { name }, spec });
}

/** Waits for the address of a Service. */
async function addressOf({ kubernetes }: World, name: string): Promise<string> {
  const read = (): string => {
    const status = kubernetes.get("Service", "default", name)?.["status"] as
      | { loadBalancer?: { ingress?: readonly { ip: string }[] } }
      | undefined;
    return status?.loadBalancer?.ingress?.[0]?.ip ?? "";
  };
  await expect.poll(read, { timeout: 30_000 }).toMatch(/^\d+\./);
  return read();
}

describe("azure-ccm run", () => {
  it("gives a Service its address, answers probes, and exits with 0 on SIGTERM", async () => {
    const world = await openWorld();
    const spawned = start(world);
    const port = await running(spawned);
    create(world, "web");
    const address = await addressOf(world, "web");
    const [publicIp] = world.arm.resources.list("Microsoft.Network/publicIPAddresses");
    expect(publicIp?.["properties"]).toMatchObject({ ipAddress: address });
    expect(world.audiences).toEqual(["https://management.example/"]);

    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    for (const path of ["/healthz", "/readyz"]) expect((await get(path)).status, path).toBe(200);
    const metrics = await (await get("/metrics")).text();
    expect(metrics).toMatch(/^\w+_total\{.*type="loadBalancers".*\} 1$/m);
    expect((await get("/nothing")).status).toBe(404);

    expect(await spawned.stop("SIGTERM")).toMatchObject({ code: 0, signal: null, out: "" });
    expect(spawned.err.trim().split("\n").at(-1)).toContain('"stopped"');
  });

  it("speaks https with servers whose authority it is told", async () => {
    const world = await openWorld({ https: true });
    const spawned = start(world);
    await running(spawned);
    create(world, "web");
    await addressOf(world, "web");
    expect(await spawned.stop("SIGINT")).toMatchObject({ code: 0 });
  });

  it("that was killed in the middle of a write is followed by one that finishes the work, once", async () => {
    const world = await openWorld({
      latency: { answerMs: () => 0, operationMs: () => 300, retryAfterSeconds: () => 1 },
    });
    const first = start(world);
    await running(first);
    const killed = new Promise<void>((resolve) => {
      const end = world.arm.intercept(({ stage, request }) => {
        if (stage !== "committed" || request.method !== "PUT" || !/\/loadBalancers\//.test(request.url.pathname))
          return;
        end();
        void first.stop("SIGKILL").then(() => resolve());
        return "reset";
      });
    });
    create(world, "web");
    await killed;
    const second = start(world);
    await addressOf(world, "web");
    expect(await second.stop("SIGTERM")).toMatchObject({ code: 0 });
    for (const type of ["loadBalancers", "publicIPAddresses"]) {
      expect(world.arm.resources.list(`Microsoft.Network/${type}`), type).toHaveLength(1);
    }
  });

  it("ends at once, with 0, when it is told to while it starts", async () => {
    const world = await openWorld();
    let asked = false;
    world.arm.intercept(({ request }) => {
      if (request.url.pathname !== "/metadata/endpoints") return;
      asked = true;
      return "hang";
    });
    const spawned = start(world);
    await expect.poll(() => asked, { timeout: 30_000 }).toBe(true);
    expect(await spawned.stop("SIGTERM")).toMatchObject({ code: 0 });
  });
});

describe("azure-ccm run refuses to start, says why, and exits with 1, when", () => {
  const cases: readonly { name: string; azureJson?: string; args?: readonly string[]; says: RegExp }[] = [
    {
      name: "azure.json is not JSON",
      azureJson: '{\n  "tenantId": "t",\n  broken\n',
      says: /azure\.json:4:1: got .*, want JSON or YAML/,
    },
    {
      name: "azure.json has a value that is none",
      azureJson: '{"loadBalancerSku": "cheap"}',
      says: /loadBalancerSku: got "cheap", want /,
    },
    {
      name: "azure.json lacks what controllers need",
      azureJson: "{}",
      says: /azure\.json: .*subscriptionId is missing/,
    },
    { name: "there is no azure.json", args: ["--cloud-config", "/no/such.json"], says: /\/no\/such\.json: .*ENOENT/ },
    {
      name: "there is no kubeconfig",
      args: ["--kubeconfig", "/no/such.yaml"],
      says: /--kubeconfig: .*\/no\/such\.yaml/,
    },
    {
      name: "there is no CA file",
      args: ["--ca-file", "/no/ca.pem"],
      says: /--ca-file: reading \/no\/ca\.pem: ENOENT/,
    },
  ];
  for (const { name, azureJson: text, args = [], says } of cases) {
    it(name, async () => {
      const world = await openWorld();
      if (text !== undefined) await file("azure.json", text);
      const { code, out, err } = await run([...world.args, ...args], world.env).ended();
      expect(err).toMatch(says);
      expect([code, out]).toEqual([1, ""]);
    });
  }

  it("its port is taken", async () => {
    const world = await openWorld();
    const port = new URL(world.arm.endpoint).port;
    const { code, err } = await run([...world.args, "--metrics-port", port], world.env).ended();
    expect(err).toMatch(/--metrics-port: .*EADDRINUSE/);
    expect(code).toBe(1);
  });

  it("the endpoint's certificate is from nobody it knows", async () => {
    const world = await openWorld({ https: true });
    const args = world.args.slice(0, world.args.indexOf("--ca-file"));
    const { code, err } = await run(args, world.env).ended();
    expect(err).toMatch(/\/metadata\/endpoints.*certificate/);
    expect(code).toBe(1);
  });
});
