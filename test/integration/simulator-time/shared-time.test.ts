import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import {
  type ArmSimulator,
  type ArmSimulatorOptions,
  type FaultName,
  joinTime,
  startArmSimulator,
} from "../../../src/simulator/index.ts";
import { httpClients } from "../simulator-arm/sdk.ts";

const PRELOAD = fileURLToPath(new URL("../../../src/simulator/time/preload.ts", import.meta.url));
const CHILDREN = fileURLToPath(new URL("../../fixtures/children/", import.meta.url));
const BEGIN = Date.UTC(2026, 0, 1);

/** What a test has opened; closed in reverse. */
let opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.toReversed()) await close();
  opened = [];
});

async function start(participants: number, options: ArmSimulatorOptions = {}): Promise<ArmSimulator> {
  const clock = new VirtualClock("auto", BEGIN);
  const arm = await startArmSimulator({ clock, participants, ...options });
  opened.push(
    () => clock.stop(),
    () => arm.close(),
  );
  arm.put(`/subscriptions/${arm.subscriptionId}/resourceGroups/rg`, { location: "westeurope" });
  return arm;
}

/** A program in a process of its own, in the time of a simulator. */
class Child {
  readonly process: ChildProcess;
  readonly #ended: Promise<void>;
  out = "";
  err = "";
  code: number | null | undefined;

  constructor(arm: ArmSimulator, program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const [file, ...rest] = [`${CHILDREN}${program}.ts`, arm.endpoint, arm.subscriptionId, ...args];
    this.process = spawn(process.execPath, ["--import", PRELOAD, file as string, ...rest], {
      env: { ...process.env, AZURE_SIMULATOR_TIME: arm.endpoint, ...env },
      stdio: "pipe",
    });
    this.process.stdout?.on("data", (chunk: Buffer) => (this.out += chunk.toString()));
    this.process.stderr?.on("data", (chunk: Buffer) => (this.err += chunk.toString()));
    this.#ended = once(this.process, "close").then(([code]) => {
      this.code = code as number | null;
    });
    opened.push(() => this.process.kill("SIGKILL"));
  }

  /** Its lines, once it has ended well. */
  async lines(): Promise<readonly string[]> {
    await this.#ended;
    expect([this.code, this.err]).toEqual([0, ""]);
    return this.out.trim().split("\n");
  }

  async ended(): Promise<void> {
    await this.#ended;
  }
}

interface ClockAnswer {
  readonly clock: string;
  readonly nowMs: number;
  readonly awaited: number;
  readonly participants: readonly { readonly name: string; readonly state: string; readonly dueMs?: number }[];
}

async function clockOf(arm: ArmSimulator): Promise<ClockAnswer> {
  return (await (await fetch(`${arm.endpoint}/simulator/clock`)).json()) as ClockAnswer;
}

describe("a program in the time of a simulator", () => {
  it("waits an hour, and minutes for an operation through Microsoft's SDK, in seconds", async () => {
    const arm = await start(1, { latency: { operationMs: 120_000, answerMs: 50, retryAfter: true } });
    const before = performance.now();
    const [line = ""] = await new Child(arm, "patient", ["web"]).lines();
    const { stamps, ipAddress } = JSON.parse(line) as { stamps: readonly number[]; ipAddress: string };
    expect(stamps.map((ms) => ms - BEGIN)).toEqual([0, 3_600_000, 3_721_100]);
    expect(ipAddress).toMatch(/^\d+\./);
    expect(performance.now() - before).toBeLessThan(60_000); // an hour and two minutes by its own watch
    const [put] = arm.journal.writes(/publicIPAddresses/);
    expect([put?.atMs, put?.tookMs]).toEqual([BEGIN + 3_600_000, 50]);
  });

  it("waits in every way that Node has", async () => {
    const [line = "", ...more] = await new Child(await start(1), "every-timer", []).lines();
    const hour = 3_600_000;
    const { took, isDate } = JSON.parse(line) as { took: Record<string, number>; isDate: boolean };
    expect(took).toEqual({
      setTimeout: hour,
      "node:timers": hour,
      "node:timers/promises": hour,
      "scheduler.wait": hour,
      promisify: hour,
      setInterval: 3 * hour,
      "promised setInterval": 3 * hour,
      "AbortSignal.timeout": hour,
      "an aborted wait": 1000,
      setImmediate: 0,
    });
    expect([isDate, more]).toEqual([true, []]);
  });

  it("has the same times in every run as its neighbours have", async () => {
    const run = async (): Promise<readonly unknown[]> => {
      const arm = await start(2, { latency: { operationMs: 0, answerMs: 700 } });
      const paths = ["3,2,1", "1,1,4"];
      const children = paths.map((steps, i) => {
        return new Child(arm, "walker", [steps], { AZURE_SIMULATOR_PARTICIPANT: `walker-${i}` });
      });
      const lines = await Promise.all(children.map((child) => child.lines()));
      expect((await clockOf(arm)).participants).toEqual([]);
      return [lines, arm.journal.entries().flatMap(({ path, atMs }) => (path.includes("/rg") ? [atMs - BEGIN] : []))];
    };
    const [lines, arrivals] = await run();
    expect(lines).toEqual([
      ["200 2026-01-01T00:03:00.000Z 700", "200 2026-01-01T00:05:00.700Z 700", "200 2026-01-01T00:06:01.400Z 700"],
      ["200 2026-01-01T00:01:00.000Z 700", "200 2026-01-01T00:02:00.700Z 700", "200 2026-01-01T00:06:01.400Z 700"],
    ]);
    expect(arrivals).toHaveLength(6);
    expect(await run()).toEqual([lines, arrivals]);
  });

  it("that works holds the time of the others, and one that is killed does not", async () => {
    const arm = await start(2);
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    opened.push(
      () => void silent.close(),
      () => silent.closeAllConnections(),
    );
    const asked = once(silent, "request");
    const never = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const busy = new Child(arm, "walker", ["1", "stay"], { AZURE_SIMULATOR_PARTICIPANT: "busy", NEVER: never });
    const other = new Child(arm, "walker", ["10"], { AZURE_SIMULATOR_PARTICIPANT: "other" });
    await asked;
    const states = async (): Promise<unknown> =>
      Object.fromEntries((await clockOf(arm)).participants.map(({ name, state }) => [name, state]));
    await expect.poll(states, { timeout: 20_000 }).toEqual({ busy: "running", other: "parked" });
    const { nowMs } = await clockOf(arm);
    expect([nowMs - BEGIN, other.out]).toEqual([60_000, ""]);
    busy.process.kill("SIGKILL");
    expect(await other.lines()).toEqual(["200 2026-01-01T00:10:00.000Z 0"]);
  });

  it("ends with a sentence when the simulator goes away", async () => {
    const arm = await start(2);
    const child = new Child(arm, "walker", ["1"]);
    await expect.poll(async () => (await clockOf(arm)).participants.length, { timeout: 20_000 }).toBe(1);
    await arm.close();
    await child.ended();
    expect(child.code).toBe(1);
    expect(child.err).toMatch(/^virtual time: .*; nothing can wait any more\n$/);
  });

  it("does not start when there is nobody to join, or his time is his own", async () => {
    const arm = await startArmSimulator();
    opened.push(() => arm.close());
    const child = new Child(arm, "walker", ["1"]);
    await child.ended();
    expect([child.code, child.out]).toEqual([1, ""]);
    expect(child.err).toContain("does not share its time");
  });
});

describe("shared time", () => {
  it("is refused to whoever does not take part in it", async () => {
    const arm = await start(1);
    const url = `${arm.endpoint}/subscriptions/${arm.subscriptionId}/resourceGroups/rg?api-version=2021-04-01`;
    const answer = await fetch(url, { headers: { authorization: "Bearer any" } });
    expect(answer.status).toBe(409);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe("NotAParticipant");
    expect(error.message).toMatch(/--import azure-cloud-provider\/simulator\/virtual-time .*--clock system or manual/);
    const step = await fetch(`${arm.endpoint}/simulator/clock/advance`, { method: "POST", body: '{"ms": 5}' });
    expect([step.status, await step.text()]).toEqual([409, expect.stringContaining("SharedClock")]);
    expect(await clockOf(arm)).toMatchObject({ clock: "shared", nowMs: BEGIN, awaited: 1, participants: [] });
  });

  it("is that of a program, too, that joins by itself: its clock, and the requests of any client", async () => {
    const arm = await start(1, { latency: { operationMs: 60_000, answerMs: 500 } });
    const time = await joinTime({ endpoint: arm.endpoint });
    opened.push(() => time.leave());
    await time.clock.sleep(3_600_000);
    expect(time.clock.now() - BEGIN).toBe(3_600_000);
    const { resourceGroups } = {
      resourceGroups: `${arm.endpoint}/subscriptions/${arm.subscriptionId}/resourceGroups/rg`,
    };
    expect(
      (await fetch(`${resourceGroups}?api-version=2021-04-01`, { headers: { authorization: "Bearer any" } })).status,
    ).toBe(200);
    const { network } = httpClients(arm);
    expect((await network.publicIPAddresses.list("rg").next()).done).toBe(true);
    expect(time.clock.now() - BEGIN).toBe(3_601_000);
    time.leave();
    await expect.poll(async () => (await clockOf(arm)).participants).toEqual([]);
    expect(time.lost.aborted).toBe(false);
  });

  const faulty: readonly (readonly [fault: FaultName, outcome: string, tookMs: number])[] = [
    ["F64", "lost", 0],
    ["F45", "lost", 0],
    ["hang", "lost", 30_000],
    ["half-open", "200", 0],
    ["slow", "200", 4000],
    ["F66", "lost", 0],
  ];
  for (const [fault, outcome, tookMs] of faulty) {
    it(`passes as it should when a request meets ${fault}, and goes on afterwards`, async () => {
      const arm = await start(1);
      arm.faults.catalogue(fault, { path: "resourceGroups/rg" });
      const time = await joinTime({ endpoint: arm.endpoint });
      opened.push(() => time.leave());
      const ask = async (): Promise<string> => {
        const late = new AbortController();
        const cancel = time.clock.schedule(30_000, () => late.abort());
        const init = { headers: { authorization: "Bearer any" }, signal: late.signal };
        const url = `${arm.endpoint}/subscriptions/${arm.subscriptionId}/resourceGroups/rg?api-version=2021-04-01`;
        const answer = fetch(url, init).then(async (response) => [response.status, await response.text()] as const);
        const told = await answer.then(
          ([status]) => String(status),
          () => "lost",
        );
        cancel();
        return told;
      };
      expect(await ask()).toBe(outcome);
      expect(time.clock.now() - BEGIN).toBe(tookMs);
      await time.clock.sleep(1000);
      expect(await ask()).toBe(fault === "half-open" ? "lost" : "200");
      expect(await ask()).toBe("200");
    });
  }

  it("begins and ends with a reset", async () => {
    const arm = await startArmSimulator();
    opened.push(() => arm.close());
    const reset = async (scenario: object): Promise<unknown> => {
      const answer = await fetch(`${arm.endpoint}/simulator/reset`, { method: "POST", body: JSON.stringify(scenario) });
      return (((await answer.json()) as { clock?: string }).clock ?? answer.status) as unknown;
    };
    expect(arm.clock).toBe("system");
    expect(await reset({ clock: "auto", startAt: "2026-01-01T00:00:00Z" })).toBe("shared");
    const time = await joinTime({ endpoint: arm.endpoint });
    opened.push(() => time.leave());
    await time.clock.sleep(5000);
    const { nowMs } = await clockOf(arm);
    expect([arm.clock, time.lost.aborted, nowMs]).toEqual(["shared", false, time.clock.now()]);
    expect(await reset({ participants: 2 })).toBe(400);
    expect(await reset({})).toBe("system");
    await expect.poll(() => time.lost.aborted).toBe(true);
    const url = `${arm.endpoint}/subscriptions?api-version=2022-12-01`;
    expect((await fetch(url, { headers: { authorization: "Bearer any" } })).status).toBe(200);
  });

  it("is not recorded: the journal tells of what programs ask, not of how they keep time", async () => {
    const arm = await start(1);
    const time = await joinTime({ endpoint: arm.endpoint });
    await time.clock.sleep(1000);
    time.leave();
    await expect.poll(async () => (await clockOf(arm)).participants).toEqual([]);
    expect(arm.journal.entries().filter(({ path }) => /join|park/.test(path))).toEqual([]);
  });

  const refused: readonly (readonly [string, string, string, number, string])[] = [
    ["a claim that is none", "park", "{}", 400, "InvalidClaim"],
    [
      "a claim of nobody",
      "park",
      '{"participant":"9","sequence":1,"jumps":0,"last":0,"open":[]}',
      404,
      "NotAParticipant",
    ],
    ["a body that is no object", "join", "3", 400, "InvalidRequestContent"],
  ];
  for (const [name, path, body, status, code] of refused) {
    it(`refuses ${name}`, async () => {
      const arm = await start(1);
      const answer = await fetch(`${arm.endpoint}/simulator/clock/${path}`, { method: "POST", body });
      expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(code)]);
    });
  }
});
