import { ArmError } from "../../../../src/simulator/index.ts";
import type { Told } from "./ask-worker.ts";
import type { SyncHttp } from "./sync-http.ts";

/** JSON of any shape. */
export type Answered = ReturnType<typeof JSON.parse>;

/** The control surface of a simulator in another process. */
export class Control {
  readonly endpoint: string;
  readonly #http: SyncHttp;

  constructor(endpoint: string, http: SyncHttp) {
    this.endpoint = endpoint;
    this.#http = http;
  }

  /** @throws ArmError when it refuses. */
  ask(method: string, path: string, body?: unknown): Answered {
    const { status, text } = this.send(method, path, body);
    if (status < 300) return JSON.parse(text);
    const { code, message } = JSON.parse(text).error;
    throw new ArmError(status, code, message);
  }

  /** {@link ask}; `undefined` for what is not there. */
  find(path: string): Answered {
    const { status, text } = this.send("GET", path);
    return status === 404 ? undefined : JSON.parse(text);
  }

  /** One request, whatever its answer. */
  send(method: string, path: string, body?: unknown): Told {
    const url = `${this.endpoint}/simulator${path}`;
    return this.#http.ask({ method, url, body: body === undefined ? undefined : JSON.stringify(body) });
  }
}

/** `?name=value` */
export function query(name: string, value: string): string {
  return `?${name}=${encodeURIComponent(value)}`;
}
