import type { ArmSimulator, ArmSimulatorOptions } from "../../../src/simulator/index.ts";
import { type Answered, Control } from "./remote/control.ts";
import { remoteArm } from "./remote/remote-arm.ts";
import { leadWith, type Waiting } from "./remote/remote-clock.ts";
import { scenarioOf } from "./remote/scenario-of.ts";
import { SyncHttp } from "./remote/sync-http.ts";

/**
 * Addresses of simulators in other processes that the tests of this folder are to use, with commas between them; see
 * test/e2e/simulate-fidelity.test.ts.
 */
const REMOTE = process.env["SIMULATOR_ENDPOINTS"];

/** A simulator that a test has, and how it waits for its answers. */
export interface Lent {
  readonly arm: ArmSimulator;
  readonly waiting: Waiting;
}

/** Simulators in other processes; each belongs to one test at a time. */
class Pool {
  readonly #free: Control[];

  constructor(endpoints: readonly string[]) {
    const http = new SyncHttp();
    this.#free = endpoints.map((endpoint) => new Control(endpoint, http));
  }

  lend(options: ArmSimulatorOptions): Lent {
    const scenario = scenarioOf(options);
    const control = this.#free.shift();
    if (control === undefined) throw new Error("every simulator is lent: a test has not closed its own");
    const { httpsEndpoint, ca, ...facts } = this.#begin(control, scenario);
    const secure = options.tls === true ? { httpsEndpoint, ca } : { httpsEndpoint: undefined, ca: undefined };
    let isOpen = true;
    const close = (): void => {
      if (isOpen) this.#free.push(control);
      isOpen = false;
    };
    return { arm: remoteArm(control, { ...facts, ...secure }, close), waiting: leadWith(options.clock, control) };
  }

  #begin(control: Control, scenario: object): Answered {
    try {
      return control.ask("POST", "/reset", scenario);
    } catch (error) {
      this.#free.push(control);
      throw error;
    }
  }
}

/** Processes are given to this one from outside, so the pool is the same for all of its tests. */
const POOL = REMOTE === undefined ? undefined : new Pool(REMOTE.split(","));

/** A simulator of another process, begun anew with these options; `undefined` where tests start their own. */
export function lend(options: ArmSimulatorOptions): Lent | undefined {
  return POOL?.lend(options);
}
