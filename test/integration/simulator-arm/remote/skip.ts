import { TestRunner } from "vitest";

/** Ends the running test without a verdict: it needs what does not get across to another process. */
export function skip(need: string): never {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`out of reach of another process: ${need}`);
  return test.context.skip(`out of reach of another process: ${need}`);
}

/** Notes that the running test speaks to a simulator of another process: test/e2e/simulate-fidelity.test.ts counts them. */
function markRemote(): void {
  Object.assign(TestRunner.getCurrentTest()?.meta ?? {}, { remote: true });
}

/** `target`; a test that uses a member which it does not have is skipped. */
export function only<T extends object>(target: T, name: string): T {
  return new Proxy(target, {
    get: (_, member) => {
      markRemote();
      if (member in target || typeof member === "symbol" || member === "then") return Reflect.get(target, member);
      return skip(`${name}.${member}`);
    },
  });
}
