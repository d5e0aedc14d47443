import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Explanation } from "../../src/cli/explain/explanation.ts";
import type { Ended, Spawned } from "../fixtures/spawned.ts";
import { running, SpawnedWorld } from "../fixtures/spawned-world.ts";

let world: SpawnedWorld;
let controllers: Spawned;
let controller: readonly string[];

beforeEach(async () => {
  world = await SpawnedWorld.open();
  controllers = world.run(["--log-level", "debug"]);
  controller = ["--controller", `http://127.0.0.1:${await running(controllers)}`];
});

afterEach(() => world.close());

function explain(name: string, more: readonly string[] = controller): Promise<Ended> {
  return world.spawn(["explain", "service", `default/${name}`], more).ended();
}

async function explained(name: string): Promise<Explanation & { readonly code: number | null }> {
  const { code, out } = await explain(name, [...controller, "--json"]);
  return { ...(JSON.parse(out) as Explanation), code };
}

function longest(text: string): number {
  return Math.max(...text.split("\n").map(({ length }) => length));
}

describe("azure-ccm explain service", () => {
  it("exits with 0 for a Service that is as asked, and draws its way", async () => {
    world.create("web");
    const address = await world.addressOf("web");
    const { code, out, err } = await explain("web");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("Service default/web: all is as asked");
    expect(out).toContain(`${address} : 80/TCP`);
    expect(out).toMatch(/rule 80 → 80 .*probe Tcp \d+/);
    expect(out).toMatch(/\d\d:\d\d:\d\d {2}PUT +balancer kubernetes +20\d +\d+ +[0-9a-f-]{36}/);
    expect(longest(out)).toBeLessThanOrEqual(100);

    const { calls, actual, asked, verdict, differences, blockers } = await explained("web");
    expect({ verdict, differences, blockers }).toEqual({ verdict: "as asked", differences: [], blockers: [] });
    const writes = calls.filter(({ method }) => method !== "GET");
    const types = new Set(writes.map(({ path }) => path.split("/").at(-2)));
    expect(types).toEqual(new Set(["loadBalancers", "networkSecurityGroups", "publicIPAddresses"]));
    for (const { requestId } of writes) expect(controllers.err).toContain(`"requestId":"${requestId}"`);
    expect(actual.shown.addresses).toEqual([address]);
    expect(asked.settings).toContainEqual({ name: "reachable from", value: "the Internet", from: "default" });
  });

  it("exits with 2 and says what is in the way, with code, advice and the next try", async () => {
    world.arm.faults.catalogue("F21", { nth: "every" });
    world.create("web");
    const { kubernetes } = world;
    await expect.poll(() => kubernetes.list("Event").length, { timeout: 30_000 }).toBeGreaterThan(1);
    await expect
      .poll(async () => (await explained("web")).blockers.map(({ text }) => text).join(), { timeout: 30_000 })
      .toMatch(/\[QuotaExceeded\/PublicIPCountLimitReached\]\. Tried .*publicIPAddresses.*Next try at 2/);
    const { code, out } = await explain("web");
    expect(code).toBe(2);
    expect(out).toMatch(/ {2}╳ .*no more public IP addresses/);
    expect(out).toContain("→ Ask Azure for a higher quota");
    expect(out).toMatch(/create publicIPAddresses kubernetes-a/);
  });

  it("says which value is not accepted", async () => {
    world.create("web", { annotations: { "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": "soon" } });
    const { code, blockers } = await explained("web");
    expect(code).toBe(2);
    expect(blockers[0]?.text).toMatch(/tcp-idle-timeout: got "soon", want whole minutes, 4 to 100/);
  });

  it("falls back to the cluster's events when no controller answers, and says so", async () => {
    world.create("web");
    await world.addressOf("web");
    const { code, out } = await explain("web", ["--controller", "http://127.0.0.1:1"]);
    expect(code).toBe(0);
    expect(out).toMatch(/no controller answers at http:\/\/127\.0\.0\.1:1/);
    expect(out).toContain("EnsuredLoadBalancer");
  });

  it("exits with 1 when there is no such Service, or the name is none", async () => {
    const { code, err, out } = await explain("nothing");
    expect([code, err.trim(), out]).toEqual([1, "azure-ccm: there is no Service default/nothing", ""]);
    const wrong = await world.spawn(["explain", "service", "web"]).ended();
    expect([wrong.code, wrong.err]).toEqual([1, 'azure-ccm: got "web", want NAMESPACE/NAME of a Service\n']);
  });
});
