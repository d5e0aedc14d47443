import type { Operation } from "./operations.ts";

/** Where a client reached the simulator and what it asked with: poll URLs repeat both. */
export interface Caller {
  /** Scheme and authority, `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly apiVersion: string;
}

/** The headers that tell of a running operation. @param withLocation - DELETE and POST also get `Location`. */
export function operationHeaders(operation: Operation, caller: Caller, withLocation: boolean): Record<string, string> {
  const { first } = operation.retryAfter;
  const location = { location: locationUrl(operation, caller) };
  const retryAfter: Record<string, string> = first === undefined ? {} : { "retry-after": String(first) };
  if (operation.namespace === "Microsoft.Resources") return { ...location, ...retryAfter };
  return {
    "azure-asyncnotification": "Enabled",
    "azure-asyncoperation": statusUrl(operation, caller),
    ...(withLocation && location),
    ...retryAfter,
  };
}

/** URL of the operation's document. */
export function statusUrl(operation: Operation, caller: Caller): string {
  return `${base(operation, caller)}/${operation.list ?? "operations"}/${operation.id}?${query(operation, caller)}`;
}

/** URL that answers 202 until the operation has ended. */
export function locationUrl(operation: Operation, caller: Caller): string {
  const { namespace, subscription, id } = operation;
  if (namespace === "Microsoft.Resources") {
    const token = Buffer.from(
      JSON.stringify({ jobId: `RESOURCEGROUPDELETIONJOB-${id}`, jobLocation: operation.location }),
    );
    const path = `/subscriptions/${subscription}/operationresults/${token.toString("base64url")}`;
    return `${caller.origin}${path}?api-version=${caller.apiVersion}`;
  }
  if (namespace === "Microsoft.Compute") {
    return `${base(operation, caller)}/${operation.list ?? "operations"}/${id}?monitor=true&${query(operation, caller)}`;
  }
  return `${base(operation, caller)}/operationResults/${id}?${query(operation, caller)}`;
}

/** The operation's guid from the token of a resource group's deletion. */
export function operationOfToken(token: string): string | undefined {
  const json = Buffer.from(token, "base64url").toString("utf8");
  return /RESOURCEGROUPDELETIONJOB-([0-9a-f-]{36})/.exec(json)?.[1];
}

function base({ namespace, subscription, location }: Operation, { origin }: Caller): string {
  return `${origin}/subscriptions/${subscription}/providers/${namespace}/locations/${location}`;
}

/** `t`, `c`, `s` and `h` are ARM's signature of the URL: clients copy them blindly. */
function query({ namespace, id, startedMs }: Operation, { apiVersion }: Caller): string {
  const partition = namespace === "Microsoft.Compute" ? `p=${id}&` : "";
  return `${partition}api-version=${apiVersion}&t=${startedMs}&c=c&s=s&h=h`;
}
