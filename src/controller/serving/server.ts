import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metrics } from "../../base/metrics.ts";
import { type Check, type HealthReport, healthReport } from "./health.ts";

/** What to serve, and where. */
export interface ServingOptions {
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; all of them when absent. */
  readonly host?: string;
  readonly metrics: Metrics;
  /** Answered at `/healthz` and `/livez`: a failure means that only a restart helps. */
  readonly liveness: readonly Check[];
  /** Answered at `/readyz`. */
  readonly readiness: readonly Check[];
  /** Further read-only documents, for people. */
  readonly pages?: readonly Page[];
}

/** Documents below a path, as JSON. */
export interface Page {
  /** Starts and ends with a slash. */
  readonly below: string;
  /** @param rest - what follows in the path, percent-decoded. @returns undefined when there is no such document. */
  readonly read: (rest: string) => object | undefined;
}

/** A listening server. */
export interface Serving {
  readonly port: number;
  /** Frees the port and cuts connections. Idempotent. */
  close(): Promise<void>;
}

/** Serves health, readiness and metrics over plain HTTP. @throws Error when the port is taken. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const server = createServer((request, response) => void answer(options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(options: ServingOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  response.setHeader("cache-control", "no-cache, private");
  response.setHeader("content-type", "text/plain; charset=utf-8");
  if (pathname === "/metrics") {
    response.setHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
    response.end(await options.metrics.expose());
    return;
  }
  const page = pageFor(pathname, options);
  if (page !== undefined) {
    sendPage(request, response, page);
    return;
  }
  const report = reportFor(pathname, searchParams, options);
  response.statusCode = report === undefined ? 404 : report.ok ? 200 : 500;
  response.end(report?.text ?? "404 page not found\n");
}

function pageFor(path: string, { pages = [] }: ServingOptions): (() => object | undefined) | undefined {
  const page = pages.find(({ below }) => path.startsWith(below));
  return page && (() => page.read(decoded(path.slice(page.below.length))));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign: nothing has such a name
  }
}

function sendPage({ method }: IncomingMessage, response: ServerResponse, read: () => object | undefined): void {
  const isRead = method === "GET" || method === "HEAD";
  const document = isRead ? read() : undefined;
  response.statusCode = isRead ? (document === undefined ? 404 : 200) : 405;
  if (document !== undefined) response.setHeader("content-type", "application/json");
  response.end(
    document === undefined ? `${isRead ? "404 page not found" : "405 only GET"}\n` : JSON.stringify(document),
  );
}

function reportFor(path: string, query: URLSearchParams, options: ServingOptions): HealthReport | undefined {
  const asked = { verbose: query.has("verbose"), exclude: query.getAll("exclude") };
  if (path === "/healthz" || path === "/livez") return healthReport(path.slice(1), options.liveness, asked);
  if (path === "/readyz") return healthReport("readyz", options.readiness, asked);
  return undefined;
}
