import type { ChannelListener } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";
import { NOW_HEADER } from "../http/barrier-protocol.ts";
import type { Traffic } from "./traffic.ts";

/** A channel and who listens to it. */
export type Subscription = readonly [channel: string, listener: ChannelListener];

/** What undici publishes about a request; `fetch` is undici too. */
interface UndiciMessage {
  readonly request: {
    readonly origin: string | URL;
    readonly path: string;
    readonly addHeader: (name: string, value: string) => void;
  };
  readonly response?: { readonly headers: readonly (Buffer | string)[] };
}

/** Tells `traffic` of every request that undici or `fetch` sends in this thread. */
export function undiciChannels(traffic: Traffic): readonly Subscription[] {
  const on = (name: string, listener: (message: UndiciMessage) => void): Subscription => [
    `undici:${name}`,
    (message) => listener(message as UndiciMessage),
  ];
  return [
    on("request:create", ({ request }) => {
      const mark = (name: string, value: string): void => request.addHeader(name, value);
      traffic.begin(request, { host: new URL(request.origin).host, path: request.path, mark });
    }),
    on("client:sendHeaders", ({ request }) => traffic.send(request)),
    on("request:headers", ({ request, response }) => {
      const headers = pairs(response?.headers ?? []);
      traffic.answer(request, headers.get(NOW_HEADER), headers.has("content-length"));
    }),
    on("request:trailers", ({ request }) => traffic.end(request)),
    on("request:error", ({ request }) => traffic.end(request)),
    on("client:beforeConnect", () => traffic.connecting(1)),
    on("client:connected", () => traffic.connecting(-1)),
    on("client:connectError", () => traffic.connecting(-1)),
  ];
}

function pairs(raw: readonly (Buffer | string)[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) headers.set(String(raw[i]).toLowerCase(), String(raw[i + 1]));
  return headers;
}

/** Tells `traffic` of every request that Node's `http` and `https` send in this thread. */
export function httpChannels(traffic: Traffic): readonly Subscription[] {
  return [
    [
      "http.client.request.created",
      (message) => {
        const { request } = message as { readonly request: ClientRequest };
        const host = request.getHeader("host");
        if (request.headersSent || typeof host !== "string") return;
        const mark = (name: string, value: string): void => void request.setHeader(name, value);
        traffic.begin(request, { host, path: request.path, mark });
        request.once("socket", () => traffic.send(request));
        request.once("close", () => traffic.end(request));
      },
    ],
    [
      "http.client.response.finish",
      (message) => {
        const { request, response } = message as {
          readonly request: ClientRequest;
          readonly response: IncomingMessage;
        };
        const now = response.headers[NOW_HEADER];
        traffic.answer(request, typeof now === "string" ? now : undefined, "content-length" in response.headers);
      },
    ],
  ];
}
