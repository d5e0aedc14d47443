import { afterEach, describe, expect, it } from "vitest";
import { Spawned } from "../fixtures/spawned.ts";
import { running, SpawnedWorld } from "../fixtures/spawned-world.ts";

/** What a test has opened. */
const opened: SpawnedWorld[] = [];

afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

async function open(options: Parameters<typeof SpawnedWorld.open>[0] = {}): Promise<SpawnedWorld> {
  const world = await SpawnedWorld.open(options);
  opened.push(world);
  return world;
}

describe("azure-ccm run", () => {
  it("gives a Service its address, answers probes, and exits with 0 on SIGTERM", async () => {
    const world = await open();
    const spawned = world.run();
    const port = await running(spawned);
    world.create("web");
    const address = await world.addressOf("web");
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
    const world = await open({ https: true });
    const spawned = world.run();
    await running(spawned);
    world.create("web");
    await world.addressOf("web");
    expect(await spawned.stop("SIGINT")).toMatchObject({ code: 0 });
  });

  it("that was killed in the middle of a write is followed by one that finishes the work, once", async () => {
    const world = await open({
      latency: { answerMs: () => 0, operationMs: () => 300, retryAfterSeconds: () => 1 },
    });
    const first = world.run();
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
    world.create("web");
    await killed;
    const second = world.run();
    await world.addressOf("web");
    expect(await second.stop("SIGTERM")).toMatchObject({ code: 0 });
    for (const type of ["loadBalancers", "publicIPAddresses"]) {
      expect(world.arm.resources.list(`Microsoft.Network/${type}`), type).toHaveLength(1);
    }
  });

  it("writes nothing in observe mode, and tells what is missing", async () => {
    const world = await open();
    const spawned = world.run(["--mode", "observe"]);
    const port = await running(spawned);
    world.create("web");
    const reasons = (): readonly unknown[] => world.kubernetes.list("Event").map((event) => event["reason"]);
    await expect.poll(reasons, { timeout: 30_000 }).toContain("LoadBalancerDrift");
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/^azure_ccm_drifting_services 1$/m);
    expect(world.arm.journal.writes()).toEqual([]);
    expect(await spawned.stop("SIGTERM")).toMatchObject({ code: 0 });
  });

  it("ends at once, with 0, when it is told to while it starts", async () => {
    const world = await open();
    let asked = false;
    world.arm.intercept(({ request }) => {
      if (request.url.pathname !== "/metadata/endpoints") return;
      asked = true;
      return "hang";
    });
    const spawned = world.run();
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
      const world = await open();
      if (text !== undefined) await world.file("azure.json", text);
      const { code, out, err } = await world.run(args).ended();
      expect(err).toMatch(says);
      expect([code, out]).toEqual([1, ""]);
    });
  }

  it("its port is taken", async () => {
    const world = await open();
    const port = new URL(world.arm.endpoint).port;
    const { code, err } = await world.run(["--metrics-port", port]).ended();
    expect(err).toMatch(/--metrics-port: .*EADDRINUSE/);
    expect(code).toBe(1);
  });

  it("the endpoint's certificate is from nobody it knows", async () => {
    const world = await open({ https: true });
    const args = world.args.slice(0, world.args.indexOf("--ca-file"));
    const { code, err } = await new Spawned(["run", "--metrics-port", "0", ...args], { env: world.env }).ended();
    expect(err).toMatch(/\/metadata\/endpoints.*certificate/);
    expect(code).toBe(1);
  });
});
