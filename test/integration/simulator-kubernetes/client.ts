import type { KubernetesObject, KubernetesSimulator, ObjectMeta } from "../../../src/simulator/kubernetes/index.ts";

/** One answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** What tests look at in an answer: an object, a list, a table or a Status. */
export interface Body {
  readonly [field: string]: unknown;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly items?: readonly KubernetesObject[];
  readonly details?: { readonly causes?: readonly object[] };
}

/** Sends one request. Bodies go out as JSON, patches with their content type. */
export async function send(
  { httpUrl }: KubernetesSimulator,
  method: string,
  path: string,
  { body, headers = {} }: { readonly body?: object | string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Reply> {
  const response = await fetch(`${httpUrl}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : { message: text }) as Body,
  };
}

/** One event of a watch. */
export interface WatchEvent {
  readonly type: string;
  readonly object: Body & { readonly rows?: readonly { readonly cells: readonly unknown[] }[] };
}

/** A running watch. */
export interface RunningWatch {
  /** The next event; undefined when the server has ended the watch. Rejects when the connection is cut. */
  next(): Promise<WatchEvent | undefined>;
  /** Hangs up. */
  stop(): void;
}

/** Begins a watch at `path`, which names its own query. */
export async function watch(
  { httpUrl }: KubernetesSimulator,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RunningWatch> {
  const hangUp = new AbortController();
  const response = await fetch(`${httpUrl}${path}`, { headers, signal: hangUp.signal });
  const events = lines(response);
  return {
    next: async () => {
      const { value, done } = await events.next();
      return done === true ? undefined : (JSON.parse(value) as WatchEvent);
    },
    stop: () => hangUp.abort(),
  };
}

async function* lines(response: Response): AsyncGenerator<string, void, undefined> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}
