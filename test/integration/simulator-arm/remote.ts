import { expect, TestRunner } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { DEFAULT_BEHAVIOUR } from "../../../src/simulator/arm/behaviour.ts";
import {
  type ArmSimulator,
  type ArmSimulatorOptions,
  type SimulatorState,
  startArmSimulator,
} from "../../../src/simulator/index.ts";

/** Address of a simulator in another process that the tests of this folder are to use; see test/e2e/simulate-fidelity.test.ts. */
export const REMOTE = process.env["SIMULATOR_ENDPOINT"];

/** The same for tests that move time: it runs on a manual clock, and its operations last ten seconds. */
export const SLOW_REMOTE = process.env["SLOW_SIMULATOR_ENDPOINT"];

/** A simulator behind HTTP, with the hands of one in this process. */
export interface Remote {
  readonly arm: ArmSimulator;
  /** Brings what the test has written past the sockets to the other side. */
  readonly push: () => Promise<void>;
  /** Brings what requests have changed to this side, so that the test can look at it. */
  readonly pull: () => Promise<void>;
}

/** Members of a simulator that work through dumps of its state. Tests that need others are skipped. */
const IN_REACH: ReadonlySet<string> = new Set([
  "then",
  "endpoint",
  "subscriptionId",
  "tenantId",
  "resources",
  "reach",
  "put",
  "remove",
  "dump",
  "load",
  "close",
]);

/** Empties the simulator at `endpoint` and lends it to a test. Everything beside HTTP goes through a copy of its state. */
export async function lend(endpoint: string, options: ArmSimulatorOptions): Promise<Remote> {
  const copy = await empty(endpoint, options);
  let dirty = true;
  const arm = within(copy, (member) => {
    if (!IN_REACH.has(member)) skip(`arm.${member}`);
    if (WRITES.has(member)) dirty = true;
    return member === "endpoint" ? endpoint : undefined;
  });
  const push = async (): Promise<void> => {
    if (!dirty) return;
    dirty = false;
    await ask(endpoint, "PUT", "/state", copy.dump());
  };
  const pull = async (): Promise<void> => {
    if (!dirty) copy.load((await ask(endpoint, "GET", "/state")) as SimulatorState);
  };
  return { arm, push, pull };
}

/** {@link lend} for a simulator whose operations run: a dump would end them, so there is no looking inside. */
export async function lendSlow(
  endpoint: string,
  options: ArmSimulatorOptions,
): Promise<Remote & { readonly clock: VirtualClock }> {
  const copy = await empty(endpoint, options);
  let pushed = false;
  const arm = within(copy, (member) => {
    const known = ["then", "endpoint", "subscriptionId", "tenantId", "close"].includes(member);
    if (!known && (pushed || !WRITES.has(member))) skip(`arm.${member} while operations run`);
    return member === "endpoint" ? endpoint : undefined;
  });
  const clock = within(new VirtualClock("manual"), (member) => {
    if (member === "then") return undefined;
    if (member !== "advance") skip(`clock.${member}`);
    return async (ms: number) => {
      await push();
      await ask(endpoint, "POST", "/clock/advance", { ms });
    };
  });
  const push = async (): Promise<void> => {
    if (!pushed) await ask(endpoint, "PUT", "/state", copy.dump());
    pushed = true;
  };
  return { arm, clock, push, pull: async () => {} };
}

const WRITES: ReadonlySet<string> = new Set(["put", "remove", "load"]);

async function empty(endpoint: string, options: ArmSimulatorOptions): Promise<ArmSimulator> {
  const { behaviour = {}, ...others } = options;
  if (Object.keys(others).length > 0) skip(`a simulator started with ${Object.keys(others).join(", ")}`);
  Object.assign(TestRunner.getCurrentTest()?.meta ?? {}, { remote: true });
  await ask(endpoint, "DELETE", "/faults");
  await ask(endpoint, "POST", "/behaviour", { ...DEFAULT_BEHAVIOUR, ...behaviour });
  return await startArmSimulator({ behaviour });
}

/** `target`, but `see` is told of each member that is used, and may put another value in its place. */
function within<T extends object>(target: T, see: (member: string) => unknown): T {
  return new Proxy(target, {
    get: (_, member) => see(String(member)) ?? (Reflect.get(target, member) as unknown),
  });
}

/** Ends the running test without a verdict: it needs hands inside the simulator. */
function skip(need: string): never {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`out of reach of another process: ${need}`);
  return test.context.skip(`out of reach of another process: ${need}`);
}

async function ask(endpoint: string, method: string, path: string, body?: object): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${endpoint}/simulator${path}`, init);
  const text = await response.text();
  expect(response.ok, text).toBe(true);
  return JSON.parse(text);
}
