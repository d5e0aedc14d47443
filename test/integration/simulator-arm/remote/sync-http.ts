import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Asked, Told } from "./ask-worker.ts";

/** Longest that a simulator takes to answer about itself, real milliseconds. */
const PATIENCE_MS = 20_000;

/**
 * HTTP without waiting in between: this thread stands until the answer is there. The hands of a simulator in this process
 * are synchronous, so those of one in another process have to be as well if tests shall not see the difference.
 */
export class SyncHttp {
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));
  readonly #port: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData = { port: port2, flag: this.#flag };
    const worker = new Worker(new URL("./ask-worker.ts", import.meta.url), { workerData, transferList: [port2] });
    worker.unref();
    port1.unref();
  }

  /** @throws Error when there is no answer. */
  ask(asked: Asked): Told {
    Atomics.store(this.#flag, 0, 0);
    this.#port.postMessage(asked);
    if (Atomics.wait(this.#flag, 0, 0, PATIENCE_MS) === "timed-out") throw new Error(`no answer to ${asked.url}`);
    const { message } = receiveMessageOnPort(this.#port) as { readonly message: Told };
    if (message.status === 0) throw new Error(`${asked.method} ${asked.url}: ${message.text}`);
    return message;
  }
}
