import { CloudError, type CloudErrorCode } from "../../cloudprovider/index.ts";
import { ApiError } from "./api-error.ts";

interface Meaning {
  readonly code: CloudErrorCode;
  readonly advice: string;
}

/** What a person can do when the API server refuses what a controller writes, by status. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  0: {
    code: "Unavailable",
    advice: "Nothing, unless it lasts: then check the way from this controller to the API server.",
  },
  400: { code: "InvalidArgument", advice: "Look for an admission policy or webhook that refuses it." },
  401: { code: "Unauthenticated", advice: "Check the kubeconfig, or the token of the controller's service account." },
  403: { code: "PermissionDenied", advice: "Bind the role of deploy/rbac.yaml to the controller's service account." },
  404: { code: "NotFound", advice: "Nothing: the object is gone." },
  409: { code: "Conflict", advice: "Nothing: it is tried again with the newest version." },
  422: { code: "InvalidArgument", advice: "Look for an admission policy or webhook that refuses it." },
  429: { code: "Throttled", advice: "Nothing, unless it lasts: then find out who keeps the API server busy." },
};

const DOWN: Meaning = {
  code: "Unavailable",
  advice: "Nothing, unless it lasts: then look at the API server and its webhooks.",
};

/** A refusal of the API server as an error of the contract, to be tried again; anything else as {@link CloudError.from} does. */
export function apiFailure(reason: unknown, doing: string): CloudError {
  if (!(reason instanceof ApiError)) return CloudError.from(reason, doing);
  const meaning = MEANINGS[reason.status] ?? (reason.status >= 500 ? DOWN : undefined);
  if (meaning === undefined) return CloudError.from(reason, doing);
  const { code, advice } = meaning;
  const { retryAfterMs } = reason;
  return new CloudError(code, `${doing}: ${reason.message}`, {
    cause: reason,
    advice,
    retry: "backoff",
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
