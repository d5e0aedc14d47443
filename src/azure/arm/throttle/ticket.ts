import { ownerOfPath, typeOfPath } from "../api-versions.ts";
import { idKey } from "../resource-id.ts";
import type { GateTicket } from "./gate.ts";
import type { Lane, RequestKind } from "./lane.ts";

/** A request as the gate looks at it. */
export interface GatedRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly lane: Lane;
  /** The path of the call's first request, when that is another one: a poll is about what was written. */
  readonly about?: string | undefined;
}

const REGION = /\/locations\/(?<region>[^/]+)\//i;

/** What the gate must know of a request. */
export function ticketOf({ method, path, lane, about = path }: GatedRequest): GateTicket {
  const region = REGION.exec(path)?.groups?.["region"]?.toLowerCase();
  return {
    ...ownerOfPath(path),
    type: typeOfPath(path).split("/").slice(1).join("/"),
    kind: kindOf(method),
    list: namesCollection(path),
    lane,
    resource: idKey(about),
    ...(region !== undefined && { region }),
  };
}

function kindOf(method: string): RequestKind {
  if (method === "GET" || method === "HEAD") return "read";
  return method === "DELETE" ? "delete" : "write";
}

/** Whether a path ends in a type: below a provider types and names take turns. */
export function namesCollection(path: string): boolean {
  const [, below = ""] = /\/providers\/[^/]+\/(.*)$/i.exec(path) ?? [];
  return below !== "" && below.split("/").length % 2 === 1;
}
