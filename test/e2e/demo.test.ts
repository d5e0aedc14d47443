import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoResult } from "../../src/cli/demo/result.ts";
import { Spawned } from "../fixtures/spawned.ts";

/** The machine's own kubectl: without it these tests fail, they are never skipped. */
const KUBECTL = process.env["KUBECTL"] ?? "kubectl";
const run = promisify(execFile);

let folder: string;

beforeAll(async () => {
  await run(KUBECTL, ["version", "--client"]).catch((error: unknown) => {
    throw new Error(`these tests drive the real kubectl, and ${KUBECTL} does not run: ${String(error)}`);
  });
  folder = await mkdtemp(join(tmpdir(), "azure-ccm-e2e-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

function serviceYaml(name: string, extra = ""): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  type: LoadBalancer\n  ports: [{name: http, port: 80}]\n  selector: {app: ${name}}\n${extra}`;
}

async function once(args: readonly string[], input?: string) {
  const process = new Spawned(
    ["demo", "--once", "--json", "--latency", "0", ...args],
    input === undefined ? {} : { input },
  );
  const { code, out, err } = await process.ended();
  return { code, out, err, result: out === "" ? undefined : (JSON.parse(out) as DemoResult) };
}

describe("azure-ccm demo --once --json", () => {
  it("prints one JSON document and nothing else, and exits with 0", async () => {
    const { code, result } = await once([]);
    expect(code).toBe(0);
    expect(result?.services.map(({ namespace, name }) => `${namespace}/${name}`).toSorted()).toEqual([
      "default/resolver",
      "shop/api",
      "shop/web",
    ]);
    for (const { ip, ips, seconds, error } of result?.services ?? []) {
      expect(ips[0]).toBe(ip);
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(error).toBeNull();
    }
    expect(Object.keys(result?.arm.writes ?? {})).toEqual([
      "loadBalancers",
      "networkSecurityGroups",
      "publicIPAddresses",
    ]);
  });

  it("takes documents of several objects, lists, and standard input; kinds it does not serve are skipped with a notice", async () => {
    const many = `${serviceYaml("a")}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: b, namespace: new}, spec: {type: LoadBalancer, ports: [{port: 81}]}}\n`;
    const { code, result, err } = await once(["-f", "-"], many);
    expect(code).toBe(0);
    expect(result?.services.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(err).toContain("skipped   Deployment d from -:");
  });

  for (const { name, text, message } of [
    { name: "broken YAML", text: "a: [1\nb: }", message: /broken\.yaml:2: broken YAML/ },
    {
      name: "an unknown field",
      text: serviceYaml("a", "  portz: 3\n"),
      message: /broken\.yaml:8: Service a: unknown field "spec\.portz"/,
    },
    {
      name: "an impossible port",
      text: serviceYaml("a").replace("80", "99999"),
      message: /broken\.yaml:6: Service a: spec\.ports\[0\]\.port/,
    },
    { name: "no name", text: "apiVersion: v1\nkind: Service\n", message: /broken\.yaml:1: metadata\.name is missing/ },
  ]) {
    it(`refuses ${name}, says where, and exits with 1`, async () => {
      const { code, err, out } = await once(["-f", await file("broken.yaml", text)]);
      expect(code).toBe(1);
      expect(err).toMatch(message);
      expect(out).toBe("");
    });
  }

  it("says which annotation value is refused, prints the result all the same, and exits with 1", async () => {
    const text = `apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  annotations:\n    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "3"\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n`;
    const { code, result } = await once(["-f", await file("refused.yaml", text)]);
    expect(code).toBe(1);
    expect(result?.services[0]?.ip).toBeNull();
    expect(result?.services[0]?.error).toMatch(
      /refused\.yaml:6: .*tcp-idle-timeout: got "3", want whole minutes, 4 to 100/,
    );
  });

  it("ends without a word when nobody reads on", async () => {
    const command = `"${process.execPath}" bin/azure-ccm.js demo --once --latency 0 | head -n 1`;
    const { stdout, stderr } = await run("sh", ["-c", command]);
    expect(stdout).toMatch(/^A simulated Azure.*\n$/);
    expect(stderr).toBe("");
  });

  it("writes the balancer and the security group at most three times for twenty Services", async () => {
    const twenty = Array.from({ length: 20 }, (_, index) => serviceYaml(`web-${index}`)).join("---\n");
    const path = await file("twenty.yaml", twenty);
    const { code, out } = await new Spawned(["demo", "--once", "--json", "-f", path]).ended();
    const { services, arm } = JSON.parse(out) as DemoResult;
    expect(code).toBe(0);
    expect(new Set(services.map(({ ip }) => ip)).size).toBe(20);
    expect(arm.writes.loadBalancers).toBeLessThanOrEqual(3);
    expect(arm.writes.networkSecurityGroups).toBeLessThanOrEqual(3);
  });
});

describe("azure-ccm demo --stay, with the machine's kubectl", () => {
  let demo: Spawned;
  let kubeconfig: string;

  beforeAll(async () => {
    demo = new Spawned(["demo", "--stay", "--latency", "0.05", "-f", await file("web.yaml", serviceYaml("web"))]);
    kubeconfig = await demo.until(({ out }) => /--kubeconfig (\S+) get services/.exec(out)?.[1]);
  });

  afterAll(async () => {
    const { code } = await demo.stop("SIGINT");
    expect(code).toBe(0);
  });

  async function kubectl(...args: string[]): Promise<string> {
    const { stdout } = await run(KUBECTL, ["--kubeconfig", kubeconfig, ...args], {
      env: { ...process.env, KUBECACHEDIR: join(folder, "cache") },
      timeout: 60_000,
    });
    return stdout;
  }

  async function addressOf(name: string): Promise<string> {
    for (;;) {
      const address = await kubectl("get", "service", name, "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}");
      if (address !== "") return address;
    }
  }

  it("lists the Service with its address", async () => {
    const address = await addressOf("web");
    expect(await kubectl("get", "services")).toMatch(
      new RegExp(`^web +LoadBalancer +\\S+ +${address.replaceAll(".", "\\.")} `, "m"),
    );
  });

  it("describes it with the events of the controller", async () => {
    const text = await kubectl("describe", "service", "web");
    expect(text).toMatch(/Normal +EnsuringLoadBalancer .*service-controller +Ensuring load balancer/);
    expect(text).toMatch(/Normal +EnsuredLoadBalancer/);
  });

  it("creates another one, which gets an address of its own", async () => {
    await kubectl("expose", "service", "web", "--name", "again", "--type", "LoadBalancer", "--port", "8081");
    expect(await addressOf("again")).not.toBe(await addressOf("web"));
  });

  it("watches an address arrive", async () => {
    const watch = execFile(KUBECTL, ["--kubeconfig", kubeconfig, "get", "services", "-w"], { timeout: 60_000 });
    let seen = "";
    const arrived = new Promise<void>((resolve) => {
      watch.stdout?.on("data", (chunk: string) => {
        seen += chunk;
        if (/^late +LoadBalancer +\S+ +\d+\./m.test(seen)) resolve();
      });
    });
    await kubectl("create", "-f", await file("late.yaml", serviceYaml("late")));
    await arrived;
    watch.kill();
    expect(seen).toMatch(/^late +LoadBalancer +\S+ +<pending>/m);
  });

  it("edits a Service, which moves to a private address", async () => {
    const annotation = "service.beta.kubernetes.io/azure-load-balancer-internal";
    await kubectl("annotate", "service", "late", `${annotation}=true`);
    let address = "";
    while (!address.startsWith("10.")) address = await addressOf("late");
    expect(address).toMatch(/^10\.240\./);
  });

  it("deletes all of them, and ARM is empty again", async () => {
    await kubectl("delete", "service", "web", "again", "late");
    const command = /curl -s -H '(.+?)' '(.+?)'/.exec(demo.out);
    const [, header = "", url = ""] = command ?? [];
    const [name = "", value = ""] = header.split(": ");
    const response = await fetch(url, { headers: { [name]: value } });
    expect(await response.json()).toMatchObject({ value: [] });
  });
});
