import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NetworkManagementClient } from "@azure/arm-network";
import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import { ClientSecretCredential } from "@azure/identity";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SimulateFacts } from "../../src/cli/simulate/facts.ts";
import { type JournalEntry, type KubernetesSimulator, startKubernetesSimulator } from "../../src/simulator/index.ts";
import { Spawned } from "../fixtures/spawned.ts";

let folder: string;
/** What a test has opened; closed in reverse. */
let opened: (() => unknown)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "azure-ccm-simulate-"));
  opened = [() => rm(folder, { recursive: true, force: true })];
});

afterEach(async () => {
  for (const close of opened.toReversed()) await close();
});

const at = (name: string): string => join(folder, name);

/** A simulator in a process of its own. */
interface Running {
  readonly facts: SimulateFacts;
  readonly ask: (method: string, path: string, body?: object) => Promise<Response>;
  readonly stop: (signal: NodeJS.Signals) => ReturnType<Spawned["stop"]>;
}

function spawned(...args: readonly string[]): Spawned {
  const child = new Spawned(["simulate", ...args]);
  opened.push(() => child.stop("SIGKILL"));
  return child;
}

async function simulate(...args: readonly string[]): Promise<Running> {
  const child = spawned("--json", ...args);
  const facts = await child.until(({ out }) => (out.includes("\n") ? (JSON.parse(out) as SimulateFacts) : undefined));
  const ask = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${facts.control}${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  return { facts, ask, stop: (signal) => child.stop(signal) };
}

/** Microsoft's client with Microsoft's credential, both over https, trusting what `--ca-file` has written. */
async function sdk({ facts }: Running): Promise<NetworkManagementClient> {
  const { httpsEndpoint, tenantId, clientId, clientSecret, subscriptionId, caFile = "" } = facts;
  const tlsOptions = { ca: await readFile(caFile, "utf8") };
  const trusting = createDefaultHttpClient();
  const httpClient: typeof trusting = {
    sendRequest: (request) => trusting.sendRequest(Object.assign(request, { tlsSettings: tlsOptions })),
  };
  const options = { authorityHost: httpsEndpoint, disableInstanceDiscovery: true, httpClient };
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, options);
  return new NetworkManagementClient(credential, subscriptionId, { endpoint: httpsEndpoint, tlsOptions });
}

const fast = { updateIntervalInMs: 1 } as const;

async function createAddress(network: NetworkManagementClient, name = "pip"): Promise<string> {
  const body = { location: "westeurope", sku: { name: "Standard" }, publicIPAllocationMethod: "Static" };
  return (await network.publicIPAddresses.createOrUpdate("kubernetes", name, body, fast)).id ?? "";
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function seedFile(): Promise<string> {
  await writeFile(at("cluster.yaml"), "resourceGroup: kubernetes\nvms: [{ name: vm }]\n");
  return at("cluster.yaml");
}

describe("azure-ccm simulate", () => {
  it("serves Microsoft's JavaScript client over https with the CA it has written: create, update, list, delete", async () => {
    await writeFile(at("scenario.yaml"), "tokens: checked\n");
    const input = ["--cluster", await seedFile(), "--scenario", at("scenario.yaml")];
    const output = ["--ca-file", at("ca.pem"), "--journal", at("journal.jsonl")];
    const running = await simulate(...input, ...output);
    const network = await sdk(running);
    const address = await createAddress(network);
    const frontend = { name: "fe", publicIPAddress: { id: address } };
    const body = { location: "westeurope", sku: { name: "Standard" }, frontendIPConfigurations: [frontend] };
    const created = await network.loadBalancers.createOrUpdate("kubernetes", "lb", body, fast);
    const updated = await network.loadBalancers.createOrUpdate(
      "kubernetes",
      "lb",
      { ...created, tags: { a: "b" } },
      fast,
    );
    expect([updated.tags, updated.etag === created.etag]).toEqual([{ a: "b" }, false]);
    expect((await all(network.loadBalancers.list("kubernetes"))).map(({ name }) => name)).toEqual(["lb"]);
    await network.loadBalancers.delete("kubernetes", "lb", fast);
    expect(await all(network.loadBalancers.list("kubernetes"))).toEqual([]);

    expect(await running.stop("SIGTERM")).toMatchObject({ code: 0, signal: null, err: "" });
    const text = await readFile(at("journal.jsonl"), "utf8");
    const entries = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as JournalEntry);
    const writes = entries.filter(({ method, path }) => method !== "GET" && path.includes("/loadBalancers/"));
    expect(writes.map(({ method, status }) => `${method} ${status}`)).toEqual(["PUT 201", "PUT 200", "DELETE 202"]);
    expect(text, "no secret").not.toContain(running.facts.clientSecret);
  });

  it.runIf(existsSync("/dev/full"))("goes on when the journal's disk is full, and says so once", async () => {
    const running = await simulate("--journal", "/dev/full");
    for (let n = 0; n < 3; n++) await fetch(`${running.facts.endpoint}/subscriptions?api-version=2021-01-01`);
    expect((await running.ask("GET", "/journal/counts")).status).toBe(200);
    const { code, err } = await running.stop("SIGTERM");
    expect(code).toBe(0);
    expect(err.trimEnd().split("\n")).toEqual([expect.stringMatching(/^--journal: ENOSPC.*the simulator goes on$/)]);
  });

  it("tells people how to point every client at it, and exits with 0 on SIGINT", async () => {
    const child = spawned("--cluster", await seedFile());
    const out = await child.until((printed) => (printed.out.includes("/simulator/faults") ? printed.out : undefined));
    for (const client of ["curl", "JavaScript SDK", "Go SDK", "Terraform", "az", "Controllers"]) {
      expect(out).toMatch(new RegExp(`^${client}`, "m"));
    }
    expect(await child.stop("SIGINT")).toMatchObject({ code: 0, err: "" });
  });

  it("goes on where it stopped when it is given its state again", async () => {
    const args = ["--cluster", await seedFile(), "--state", at("state.json"), "--ca-file", at("ca.pem")];
    const first = await simulate(...args);
    expect([first.facts.resumed, first.facts.cluster?.nodes.length]).toEqual([undefined, 1]);
    await createAddress(await sdk(first));
    const before = await (await sdk(first)).publicIPAddresses.get("kubernetes", "pip");
    expect(await first.stop("SIGTERM")).toMatchObject({ code: 0 });

    const second = await simulate(...args);
    expect(second.facts).toMatchObject({ subscriptionId: first.facts.subscriptionId, tenantId: first.facts.tenantId });
    expect(second.facts.resumed).toBeGreaterThan(3);
    const network = await sdk(second);
    expect(await network.publicIPAddresses.get("kubernetes", "pip")).toEqual(before);
    expect((await all(network.networkInterfaces.list("kubernetes"))).map(({ name }) => name)).toEqual(["vm-nic"]);
  });

  it("runs on a clock that only its user moves", async () => {
    const { ask } = await simulate("--clock", "manual", "--latency", "1");
    const before = (await (await ask("GET", "/clock")).json()) as { clock: string; nowMs: number };
    const after = (await (await ask("POST", "/clock/advance", { ms: 5000 })).json()) as { nowMs: number };
    expect([before.clock, after.nowMs - before.nowMs]).toEqual(["manual", 5000]);
  });

  it("does what its scenario says: a fault strikes, and is counted", async () => {
    const scenario =
      "cluster: { vms: [{ name: vm }] }\nfaults:\n  - { fault: F12, method: PUT, path: publicIPAddresses }\n";
    await writeFile(at("scenario.yaml"), scenario);
    const running = await simulate("--scenario", at("scenario.yaml"), "--ca-file", at("ca.pem"));
    const network = await sdk(running);
    await expect(createAddress(network)).rejects.toMatchObject({ statusCode: expect.any(Number) });
    expect(await createAddress(network)).toMatch(/\/publicIPAddresses\/pip$/);
    const { faults } = (await (await running.ask("GET", "/faults")).json()) as { faults: { fired: number }[] };
    expect(faults.map(({ fired }) => fired)).toEqual([1]);
  });
});

/** The machine of the cluster as a node, and a Service that wants an address. */
async function startKubernetes({ facts }: Running): Promise<KubernetesSimulator> {
  const kubernetes = await startKubernetesSimulator();
  opened.push(() => kubernetes.close());
  for (const { name, providerId, internalIP } of facts.cluster?.nodes ?? []) {
    const status = {
      addresses: [{ type: "InternalIP", address: internalIP }],
      conditions: [{ type: "Ready", status: "True" }],
    };
    kubernetes.create({ apiVersion: "v1", kind: "Node", metadata: { name }, spec: { providerID: providerId }, status });
  }
  const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
  kubernetes.create({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec });
  return kubernetes;
}

function azureJson({ facts }: Running): string {
  const { cluster, httpsEndpoint, tenantId, subscriptionId } = facts;
  return JSON.stringify({
    resourceManagerEndpoint: httpsEndpoint,
    tenantId,
    subscriptionId,
    useManagedIdentityExtension: true,
    resourceGroup: cluster?.resourceGroup,
    location: cluster?.location,
    vnetName: cluster?.virtualNetwork,
    subnetName: cluster?.subnet,
    securityGroupName: cluster?.securityGroup,
    vmType: "standard",
    loadBalancerSku: "standard",
    loadBalancerBackendPoolConfigurationType: "nodeIP",
  });
}

/** Starts the controllers on a simulator, as that prints, and waits for the Service's address. */
async function runOn(running: Running, more: Readonly<Record<string, string>> = {}): Promise<Spawned> {
  const kubernetes = await startKubernetes(running);
  await writeFile(at("azure.json"), azureJson(running), { mode: 0o600 });
  await writeFile(at("kubeconfig"), kubernetes.kubeconfig(), { mode: 0o600 });
  const files = ["--cloud-config", at("azure.json"), "--kubeconfig", at("kubeconfig"), "--ca-file", at("ca.pem")];
  const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: running.facts.endpoint, ...more };
  const controllers = new Spawned(["run", "--metrics-port", "0", ...files], { env });
  opened.push(() => controllers.stop("SIGKILL"));
  const address = (): unknown => JSON.stringify(kubernetes.get("Service", "default", "web")?.["status"]);
  await expect.poll(address, { timeout: 30_000 }).toMatch(/"ip":"\d+\.\d+\.\d+\.\d+"/);
  return controllers;
}

it("azure-ccm run, pointed at azure-ccm simulate as that prints, gives a Service its address", async () => {
  await writeFile(at("scenario.yaml"), "tokens: checked\n");
  const input = ["--cluster", await seedFile(), "--scenario", at("scenario.yaml")];
  const controllers = await runOn(await simulate(...input, "--ca-file", at("ca.pem")));
  expect(await controllers.stop("SIGTERM")).toMatchObject({ code: 0 });
});

it("azure-ccm run lives in the time of azure-ccm simulate --clock auto: minutes of Azure pass in seconds", async () => {
  await writeFile(at("scenario.yaml"), "latency: { operationMs: 120000, answerMs: 40, retryAfter: true }\n");
  const input = ["--cluster", await seedFile(), "--scenario", at("scenario.yaml"), "--clock", "auto"];
  const running = await simulate(...input, "--ca-file", at("ca.pem"));
  const preload = new URL("../../src/simulator/time/preload.ts", import.meta.url).href;
  const env = { AZURE_SIMULATOR_TIME: running.facts.endpoint, NODE_OPTIONS: `--import ${preload}` };
  const before = performance.now();
  const controllers = await runOn(running, env);
  const realMs = performance.now() - before;
  const entries = (await (await running.ask("GET", "/journal")).text()).trim().split("\n");
  const puts = entries.map((line) => JSON.parse(line) as JournalEntry).filter(({ method }) => method === "PUT");
  const [first, last] = [puts[0]?.atMs ?? 0, puts.at(-1)?.atMs ?? 0];
  expect(puts.length).toBeGreaterThan(1);
  expect(last - first, "the address takes its two minutes before the balancer is written").toBeGreaterThan(120_000);
  expect(realMs).toBeLessThan(last - first);
  expect([running.facts.clock, (await controllers.stop("SIGTERM")).code]).toEqual(["shared", 0]);
});

describe("azure-ccm simulate refuses to start, says why, and exits with 1, when", () => {
  const cases: readonly { name: string; text?: string; args: readonly string[]; says: RegExp }[] = [
    { name: "there is no scenario", args: ["--scenario", "/no/such.yaml"], says: /--scenario: ENOENT/ },
    {
      name: "the scenario is wrong",
      text: "profile: P9",
      args: ["--scenario", "FILE"],
      says: /profile: got "P9", want P1/,
    },
    { name: "the cluster is wrong", text: "location: moon", args: ["--cluster", "FILE"], says: /location: got "moon"/ },
    { name: "the state is no dump", text: "{}", args: ["--state", "FILE"], says: /version is missing, want version 1/ },
    { name: "the CA cannot be written", args: ["--ca-file", "/no/such/folder/ca"], says: /--ca-file: ENOENT/ },
    { name: "the state cannot be written", args: ["--state", "/no/such/folder/s"], says: /--state: ENOENT/ },
    { name: "the journal cannot be written", args: ["--journal", "/no/such/folder/j"], says: /--journal: ENOENT/ },
  ];
  for (const { name, text, args, says } of cases) {
    it(name, async () => {
      if (text !== undefined) await writeFile(at("input"), text);
      const { code, out, err } = await spawned(...args.map((arg) => (arg === "FILE" ? at("input") : arg))).ended();
      expect(err).toMatch(says);
      expect([code, out]).toEqual([1, ""]);
    });
  }

  for (const flag of ["--port", "--https-port"]) {
    it(`its ${flag} is taken`, async () => {
      const server = createServer();
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      opened.push(() => server.close());
      const { code, err } = await spawned(flag, String((server.address() as AddressInfo).port)).ended();
      expect(err).toMatch(new RegExp(`azure-ccm: ${flag}: .*EADDRINUSE`));
      expect(code).toBe(1);
    });
  }
});
