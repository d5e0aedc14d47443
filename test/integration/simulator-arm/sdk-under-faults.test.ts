import { NetworkManagementClient } from "@azure/arm-network";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import type { FaultName } from "../../../src/simulator/index.ts";
import { fast } from "./sdk.ts";
import { balancer, standardAddress, startWire, type Wire } from "./wire.ts";

let wire: Wire;
beforeEach(async () => {
  wire = await startWire({ tls: true, clock: new VirtualClock("manual") });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await wire.arm.close();
});

/** Microsoft's client with its own retries. */
function client(): NetworkManagementClient {
  const { httpsEndpoint = "", ca = "", subscriptionId } = wire.arm;
  const credential = { getToken: async () => ({ token: "any", expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return new NetworkManagementClient(credential, subscriptionId, { endpoint: httpsEndpoint, tlsOptions: { ca } });
}

/** Settles `work`, letting the client's timers run as fast as its requests do; says how long they would have taken. */
async function hurried<T>(
  work: Promise<T>,
): Promise<{ readonly result: PromiseSettledResult<T>; readonly waitedMs: number }> {
  let waitedMs = 0;
  let settled = false;
  const all = Promise.allSettled([work]).finally(() => {
    settled = true;
  });
  while (!settled) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (settled || vi.getTimerCount() === 0) continue;
    await vi.advanceTimersByTimeAsync(100);
    waitedMs += 100;
  }
  const [result] = await all;
  return { result, waitedMs };
}

const seen = (): string =>
  wire.arm.journal
    .entries()
    .map(({ status }) => status)
    .join(" ");

describe("Microsoft's JavaScript client", () => {
  it("ARM 126 waits as long as Retry-After says and succeeds", async () => {
    wire.arm.put(`${wire.network}/publicIPAddresses/p`, standardAddress);
    wire.arm.faults.catalogue("F01", { retryAfterSeconds: 30 });
    const { result, waitedMs } = await hurried(client().publicIPAddresses.get("rg", "p"));
    expect([result.status, seen()]).toEqual(["fulfilled", "429 200"]);
    expect(waitedMs).toBeGreaterThanOrEqual(30_000);
  });

  it("ARM 126 fails at once without Retry-After", async () => {
    wire.arm.faults.catalogue("F06", { nth: "every" });
    const { result } = await hurried(client().publicIPAddresses.get("rg", "p"));
    expect([result.status, seen()]).toEqual(["rejected", "429"]);
  });

  const repeated: readonly (readonly [FaultName, string])[] = [
    ["internal-error", "500 500 200"],
    ["F65", "502 502 200"],
    ["server-timeout", "503 503 200"],
    ["F44", "504 504 200"],
    ["request-timeout", "408 408 200"],
  ];
  for (const [name, statuses] of repeated) {
    it(`ARM 127 tries again after ${name}`, async () => {
      wire.arm.put(`${wire.network}/publicIPAddresses/p`, standardAddress);
      // A fault that strikes hides the request from those behind it: the second one counts from the repetition on.
      for (let i = 0; i < 2; i++) wire.arm.faults.catalogue(name, { at: "received" });
      const { result } = await hurried(client().publicIPAddresses.get("rg", "p"));
      expect(result.status).toBe("fulfilled");
      expect(seen()).toBe(statuses);
    });
  }

  it("ARM 127 fails with an error, not a crash, when HTML never ends", async () => {
    wire.arm.faults.catalogue("F65", { nth: "every" });
    const { result } = await hurried(client().publicIPAddresses.get("rg", "p"));
    expect(result).toMatchObject({ status: "rejected", reason: { statusCode: 502 } });
  });

  it("ARM 53 follows an empty page", async () => {
    wire.arm.put(`${wire.network}/publicIPAddresses/p`, standardAddress);
    wire.arm.faults.catalogue("F52", { path: /publicIPAddresses$/ });
    const names: (string | undefined)[] = [];
    const list = async (): Promise<void> => {
      for await (const { name } of client().publicIPAddresses.list("rg")) names.push(name);
    };
    await hurried(list());
    expect(names).toEqual(["p"]);
  });

  it("ARM 128 repeats a write whose answer was lost, and nothing is there twice", async () => {
    const id = `${wire.network}/loadBalancers/lb`;
    wire.arm.faults.catalogue("F45", { method: "PUT", path: id });
    const body = balancer(id, {}) as { readonly location: string };
    const { result } = await hurried(client().loadBalancers.createOrUpdate("rg", "lb", body, fast).pollUntilDone());
    expect(result.status).toBe("fulfilled");
    expect(
      wire.arm.journal
        .entries()
        .filter(({ method }) => method === "PUT")
        .map(({ status }) => status),
    ).toEqual([0, 200]);
  });
});
