import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Arm, openArm } from "../../../src/azure/arm/index.ts";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { standardAddress, startWire, type Wire } from "./wire.ts";

const RETRY_AFTER_SECONDS = 20;

let clock: VirtualClock;
let wire: Wire;
let client: Arm;
let life: AbortController;
/** Whether the client has read a 429. */
let heard: boolean;

beforeEach(async () => {
  heard = false;
  clock = new VirtualClock("manual");
  wire = await startWire({ clock });
  for (const name of ["a", "b", "c", "d"]) wire.arm.put(address(name), standardAddress);
  client = await openArm({
    endpoint: wire.arm.endpoint,
    tokenScope: "https://management.azure.com/.default",
    credential: { getToken: async () => ({ token: "any", expiresOnTimestamp: Date.now() + 3_600_000 }) },
    userAgent: "test",
    clock,
    random: () => 0.4,
    onThrottle: ({ kind }) => {
      heard ||= kind === "throttled";
    },
  });
  life = new AbortController();
  // What a write starts from is known before the test begins: a write that has to read first is no write yet.
  for (const name of ["c", "d"]) await client.resource("publicIPAddresses", address(name)).current(life.signal);
});
afterEach(async () => {
  life.abort();
  await client.close();
  await wire.arm.close();
});

const address = (name: string): string => `${wire.network}/publicIPAddresses/${name}`;
const read = (name: string): Promise<unknown> => client.resource("publicIPAddresses", address(name)).read(life.signal);
const write = (name: string): Promise<unknown> =>
  client.resource("publicIPAddresses", address(name)).submit(
    {
      owner: name,
      order: name,
      apply: (current = { location: "westeurope" }) => ({ ...current, tags: { by: "us" } }),
    },
    life.signal,
  );

/** What a class of requests does at one address. */
const CLASSES = {
  reads: { method: "GET", fault: "F01", send: read },
  writes: { method: "PUT", fault: "F02", send: write },
} as const;

/** How many requests of a class have arrived. */
const arrived = (name: keyof typeof CLASSES): number =>
  wire.arm.journal.count(({ method }) => method === CLASSES[name].method);

/** Lets sockets deliver, and promises settle, until `done`; time stands still meanwhile. */
async function until(done: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!done()) {
    expect(performance.now(), "nothing more happens").toBeLessThan(deadline);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a client whose requests ARM's gateway throttles", () => {
  const cases = [
    { throttled: "reads", other: "writes", refused: "a", waiting: "b", free: "c" },
    { throttled: "writes", other: "reads", refused: "c", waiting: "d", free: "a" },
  ] as const;
  for (const { throttled, other, refused, waiting, free } of cases) {
    it(`ARM 125 sends no ${throttled} for as long as Retry-After says, and goes on with ${other}`, async () => {
      const { fault, send } = CLASSES[throttled];
      wire.arm.faults.catalogue(fault, { path: address(refused), retryAfterSeconds: RETRY_AFTER_SECONDS });
      const before = arrived(throttled);
      const first = send(refused);
      await until(() => heard);
      expect(wire.arm.journal.entries().at(-1)?.status).toBe(429);
      const second = send(waiting);
      const others = arrived(other);
      const third = CLASSES[other].send(free);
      await until(() => arrived(other) > others);
      await clock.advance(RETRY_AFTER_SECONDS * 1000 - 1);
      expect(arrived(throttled)).toBe(before + 1);
      const done = Promise.all([first, second, third]);
      let isDone = false;
      const end = (): void => {
        isDone = true;
      };
      done.then(end, end);
      while (!isDone) {
        await clock.advance(1000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await done;
      const since = wire.arm.journal.entries().filter(({ method }) => method === CLASSES[throttled].method);
      const [struck, next] = since.slice(before);
      expect((next?.atMs ?? 0) - (struck?.atMs ?? 0)).toBeGreaterThanOrEqual(RETRY_AFTER_SECONDS * 1000);
    });
  }
});
