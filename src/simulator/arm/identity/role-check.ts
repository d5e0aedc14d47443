import { type ArmError, gatewayError } from "../arm-error.ts";
import { actionOf, linkedActions, type ScopedAction } from "./actions.ts";
import type { Principal } from "./directory.ts";

/** One request as roles see it. */
export interface RoleRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly principal: Principal;
}

/**
 * Why roles forbid a request.
 *
 * @param allowed - actions as role definitions name them, without case; `*` stands for any text.
 */
export function refusedByRole(request: RoleRequest, allowed: readonly string[]): ArmError | undefined {
  const patterns = allowed.map(patternOf);
  const may = ({ action }: ScopedAction): boolean => patterns.some((pattern) => pattern.test(action));
  const own = actionOf(request.method, request.path);
  if (!may(own)) return forbidden(own, request.principal);
  if (request.method !== "PUT" && request.method !== "PATCH") return undefined;
  const linked = linkedActions(request.path, request.body).find((action) => !may(action));
  return linked && linkForbidden(own, linked, request.principal);
}

function patternOf(action: string): RegExp {
  const text = action.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${text}$`, "i");
}

function forbidden({ action, scope }: ScopedAction, { appId, objectId }: Principal): ArmError {
  const message = `The client '${appId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  return gatewayError(403, "AuthorizationFailed", message);
}

function linkForbidden(own: ScopedAction, linked: ScopedAction, { appId, objectId }: Principal): ArmError {
  const message = `The client '${appId}' with object id '${objectId}' has permission to perform action '${own.action}' on scope '${own.scope}'; however, it does not have permission to perform action '${linked.action}' on the linked scope(s) '${linked.scope}' or the linked scope(s) are invalid.`;
  return gatewayError(403, "LinkedAuthorizationFailed", message);
}
