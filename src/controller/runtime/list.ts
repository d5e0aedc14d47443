import type { Connection } from "./connection.ts";

/** What a whole list gave. */
export interface Listed<T> {
  readonly objects: readonly T[];
  /** Resource version to watch from. */
  readonly version: string;
}

interface Page {
  readonly items?: readonly object[];
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string };
}

/** Objects per page: one page of Nodes is about 5 MB and blocks the event loop for some 50 ms. */
const PAGE_SIZE = 500;

/**
 * Reads a collection in pages and keeps of each object what `project` keeps before the next page is asked for.
 *
 * @param atLeast - resource version the list must have reached; empty for "the newest there is". Never a cached old
 *   state: a controller that starts must not act on a world that its predecessor has already changed.
 * @throws ApiError, also when a page is missing: a partial list is no list.
 */
export async function listAll<T>(
  from: {
    readonly connection: Connection;
    readonly path: string;
    readonly project: (raw: object) => T;
    readonly pageSize?: number;
  },
  atLeast: string,
  signal: AbortSignal,
): Promise<Listed<T>> {
  const { connection, path, project, pageSize = PAGE_SIZE } = from;
  const objects: T[] = [];
  let version = "";
  let next: Readonly<Record<string, string>> | undefined =
    atLeast === "" ? {} : { resourceVersion: atLeast, resourceVersionMatch: "NotOlderThan" };
  while (next !== undefined) {
    const query = { limit: String(pageSize), ...next };
    const { items, metadata = {} } = (await connection.call({ method: "GET", path, query }, signal)) as Page;
    for (const item of items ?? []) objects.push(project(item));
    version = metadata.resourceVersion ?? version;
    next = metadata.continue ? { continue: metadata.continue } : undefined;
  }
  return { objects, version };
}
