import { EXPLAIN_PATH, type Remembered } from "./page.ts";

/** What the running controller says, or why it says nothing. */
export type Recollection = { readonly remembered: Remembered } | { readonly silent: string };

/** Longest wait for the controller, milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * Asks a running controller what it remembers of a Service. Never rejects, except when `signal` aborts: without a
 * controller the explanation rests on what the cluster and Azure tell.
 *
 * @param controller - its serving port: `http://127.0.0.1:10267`.
 * @param key - `<namespace>/<name>`.
 */
export async function askController(controller: string, key: string, signal: AbortSignal): Promise<Recollection> {
  try {
    const url = new URL(`${EXPLAIN_PATH}${key}`, controller);
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { signal: AbortSignal.any([signal, patience]), redirect: "error" });
    if (response.status === 404) return { silent: `the controller at ${controller} has not worked on it` };
    if (!response.ok) return { silent: `${controller} answered ${response.status}` };
    return { remembered: (await response.json()) as Remembered };
  } catch (error) {
    signal.throwIfAborted();
    return { silent: `no controller answers at ${controller} (${reasonOf(error)})` };
  }
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : message;
}
