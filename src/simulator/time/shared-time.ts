import type { Clock } from "../../base/clock.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import type { Tick, Welcome } from "../http/barrier-protocol.ts";
import { BarrierClient } from "./barrier-client.ts";
import { httpChannels, undiciChannels } from "./channels.ts";
import { Traffic } from "./traffic.ts";

/** How a process joins a simulator's time. */
export interface JoinTimeOptions {
  /** The simulator's plain http endpoint: `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** Decides who goes first when two are due at the same instant; lower names do. In order of joining when absent. */
  readonly name?: string;
}

/** A simulator's time, as this process has it. */
export interface SharedTime {
  /**
   * To be handed to everything that waits. Requests need no `during`, they are seen as they are. It stands still from
   * the moment on at which the simulator is lost.
   */
  readonly clock: Clock;
  /** Aborts when the simulator has gone; time never moves again then. */
  readonly lost: AbortSignal;
  /** Whether taking part keeps this process alive; it does at first. */
  keepAlive(on: boolean): void;
  /** Leaves: time goes on without this process, and stands still in it. Idempotent. */
  leave(): void;
}

/**
 * Makes this process, or this worker thread, live in the time of a simulator that shares it.
 *
 * Time moves while nothing goes on here: no request of this thread is on its way, no timer of `clock` is due, and the
 * event loop is quiet. Requests go by `http`, `https`, undici or `fetch`; others are not seen.
 *
 * @throws Error when nobody is at `endpoint`, or its time is not to be shared.
 */
export async function joinTime({ endpoint, name = "" }: JoinTimeOptions): Promise<SharedTime> {
  const lost = new AbortController();
  const early: Tick[] = [];
  let onTick = (tick: Tick): void => void early.push(tick);
  const events = { onTick: (tick: Tick) => onTick(tick), onLost: (reason: Error) => lost.abort(reason) };
  const { client, welcome } = await BarrierClient.join(endpoint.replace(/\/$/, ""), name, events);
  const member = new Member(client, welcome);
  onTick = (tick) => member.tick(tick);
  for (const tick of early) member.tick(tick);
  lost.signal.addEventListener("abort", () => member.leave(), { once: true });
  return {
    clock: asSeen(member.clock),
    lost: lost.signal,
    keepAlive: (on) => client.keepAlive(on),
    leave: () => member.leave(),
  };
}

/** The clock for others: what is under way is seen by its traffic, so that nobody has to mark it. */
function asSeen(clock: VirtualClock): Clock {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    schedule: (ms, run) => clock.schedule(ms, run),
    during: (work) => work,
    parked: (wait) => wait,
  };
}

/** Requests to the operating system that end by themselves: files, names, connections, what is being written. */
const UNDER_WAY = /^(FSReq|GetAddrInfo|GetNameInfo|Query|TCPConnect|PipeConnect|Write|Shutdown)/;

class Member {
  readonly clock: VirtualClock;
  readonly #client: BarrierClient;
  readonly #participant: string;
  readonly #traffic: Traffic;
  #sequence = 0;
  #jumps = 0;

  constructor(client: BarrierClient, { participant, nowMs, ports }: Welcome) {
    this.#client = client;
    this.#participant = participant;
    this.clock = new VirtualClock({ quiet: (dueMs) => this.#park(dueMs), busy: () => this.#busy }, nowMs);
    const parts = {
      participant,
      ports,
      onTime: (now: number) => this.clock.set(now),
      onChange: () => this.clock.stir(),
    };
    this.#traffic = new Traffic(parts, (traffic) => [...undiciChannels(traffic), ...httpChannels(traffic)]);
    this.clock.stir();
  }

  tick({ nowMs, jump }: Tick): void {
    if (jump === undefined) {
      this.clock.set(nowMs);
      return;
    }
    this.#jumps = jump;
    this.clock.jump(nowMs);
  }

  leave(): void {
    this.#traffic.stop();
    this.clock.stop();
    this.#client.close();
  }

  get #busy(): boolean {
    return this.#traffic.busy || process.getActiveResourcesInfo().some((resource) => UNDER_WAY.test(resource));
  }

  #park(dueMs: number | undefined): void {
    const { last, open } = this.#traffic;
    const claim = { participant: this.#participant, sequence: ++this.#sequence, jumps: this.#jumps, last, open };
    this.#client.park({ ...claim, ...(dueMs !== undefined && { dueMs }) });
  }
}
