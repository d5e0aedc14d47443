import { ArmError, gatewayError } from "./arm-error.ts";
import type { Call } from "./call.ts";
import { LOCATIONS } from "./locations.ts";
import { type FoundType, isKnownElsewhere, isKnownNamespace, typeNamed } from "./registry.ts";

/** @throws ArmError NoRegisteredProviderFound for an api-version that the type does not have. */
export function checkVersion(
  known: { readonly name: string; readonly apiVersions: readonly string[] },
  version: string,
): void {
  if (known.apiVersions.includes(version)) return;
  const locations = LOCATIONS.map(({ name }) => name).join(", ");
  const message = `No registered resource provider found for location 'global' and API version '${version}' for type '${known.name.slice(known.name.indexOf("/") + 1)}'. The supported api-versions are '${known.apiVersions.join(", ")}'. The supported locations are '${locations}'.`;
  throw gatewayError(400, "NoRegisteredProviderFound", message);
}

/** @throws ArmError NoRegisteredProviderFound for a location that there is not. */
export function checkLocation({ name }: { readonly name: string }, location: string, version: string): void {
  const known = LOCATIONS.map((each) => each.name);
  if (known.includes(location)) return;
  const message = `No registered resource provider found for location '${location}' and API version '${version}' for type '${name.slice(name.indexOf("/") + 1)}'. The supported locations are '${known.join(", ")}'.`;
  throw gatewayError(400, "NoRegisteredProviderFound", message);
}

/** ARM's 404 for a type that does not exist; 501 for one that the simulator does not serve yet. */
export function unknownType(
  { namespace, types }: { namespace: string; types: readonly string[] },
  call: Call,
): ArmError {
  const levels = types.map((_, i) => `${namespace}/${types.slice(0, i + 1).join("/")}`);
  const elsewhere = levels.find(isKnownElsewhere);
  if (elsewhere !== undefined) {
    return new ArmError(
      501,
      "NotImplemented",
      `The simulator knows the resource type '${elsewhere}' and does not serve it yet.`,
    );
  }
  if (!isKnownNamespace(namespace)) {
    return gatewayError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
  }
  const versions = levels.map((level) => typeNamed(level)?.apiVersions ?? []).find((list) => list.length > 0) ?? [];
  const message = `The resource type '${types.join("/")}' could not be found in the namespace '${namespace}' for api version '${call.caller.apiVersion}'. The supported api-versions are '${versions.join(",")}'.`;
  return gatewayError(404, "InvalidResourceType", message);
}

/** Whether the type segments below a resource name a kind of child that it has, or nothing at all. */
export function hasChildType({ type }: FoundType, [child, ...deeper]: readonly string[]): boolean {
  if (child === undefined) return true;
  return deeper.length === 0 && (type.shape[child]?.kind === "children" || type.computedChildren.includes(child));
}
