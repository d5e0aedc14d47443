import { type ArmError, networkError } from "../arm-error.ts";
import { nameOf } from "../arm-id.ts";
import { propertyChanged, zonesChanged } from "../immutable.ts";
import { type JsonObject, objectAt, objectsAt, propertiesOf, referenceAt, textAt, wordAt } from "../json.ts";
import type { Draft } from "../resource-type.ts";
import type { Store } from "../store.ts";
import { frontendInUse } from "./load-balancer-members.ts";

/** Why Azure refuses a balancer's frontends, or its SKU. */
export function badFrontends(draft: Draft, world: Store): ArmError | undefined {
  const { id, document, previous } = draft;
  const frontends = objectsAt(propertiesOf(document), "frontendIPConfigurations");
  const sku = wordAt(objectAt(document, "sku"), "name");
  const skuBefore = previous === undefined ? sku : wordAt(objectAt(previous.shown, "sku"), "name");
  if (sku !== skuBefore) return propertyChanged(id, "sku.name", [skuBefore, sku]);
  const used = new Map<string, string>();
  for (const frontend of frontends) {
    const place = {
      id: `${id.text}/frontendIPConfigurations/${wordAt(frontend, "name")}`,
      balancer: nameOf(id),
      sku,
    };
    const problem = badFrontend(frontend, place, used, world) ?? movedZones(place.id, frontend, draft);
    if (problem !== undefined) return problem;
  }
  return removedInUse(draft, world);
}

function removedInUse({ id, document, previous }: Draft, world: Store): ArmError | undefined {
  if (previous === undefined) return undefined;
  const names = (holder: JsonObject): readonly string[] =>
    objectsAt(propertiesOf(holder), "frontendIPConfigurations").map((frontend) => wordAt(frontend, "name"));
  const left = new Set(names(document).map((name) => name.toLowerCase()));
  const problems = names(previous.shown)
    .filter((name) => !left.has(name.toLowerCase()))
    .map((name) => frontendInUse(`${id.text}/frontendIPConfigurations/${name}`, world));
  return problems.find((problem) => problem !== undefined);
}

interface Place {
  readonly id: string;
  readonly balancer: string;
  readonly sku: string;
}

function badFrontend(
  frontend: JsonObject,
  place: Place,
  used: Map<string, string>,
  world: Store,
): ArmError | undefined {
  const properties = propertiesOf(frontend);
  const publicIp = referenceAt(properties, "publicIPAddress");
  if (publicIp === undefined) {
    if (properties["subnet"] !== undefined || properties["publicIPPrefix"] !== undefined) return undefined;
    const message = `Frontend IP configuration ${place.id} must reference either a subnet, a public IP address or a public IP prefix.`;
    return networkError("FrontendIPConfigurationMissingReference", message);
  }
  const zones = frontend["zones"];
  if (zones !== undefined) {
    const message = `Resource ${place.id} has zones specified. A frontend with a public IP address takes its zones from the address.`;
    return networkError("LoadBalancerFrontendIPConfigCannotHaveZoneWhenReferencingPublicIPAddress", message);
  }
  const key = publicIp.toLowerCase();
  const twin = used.get(key);
  if (twin !== undefined) {
    const message = `Public IP address ${publicIp} is referenced by multiple IP configurations: ${twin}, ${place.id}.`;
    return networkError("PublicIPReferencedByMultipleIPConfigs", message);
  }
  used.set(key, place.id);
  return takenAddress(publicIp, place, world);
}

function takenAddress(publicIp: string, place: Place, world: Store): ArmError | undefined {
  const other = world.inbound(publicIp.toLowerCase()).find(({ from }) => !ofSameBalancer(from, place.id));
  if (other !== undefined) {
    const message = `Resource ${place.id} is referencing public IP address ${publicIp} that is already allocated to resource ${other.from}.`;
    return networkError("PublicIPAddressInUse", message);
  }
  const address = world.get(publicIp.toLowerCase());
  const sku = address === undefined ? place.sku : wordAt(objectAt(address.shown, "sku"), "name");
  if (sku.replace("StandardV2", "Standard") === place.sku) return undefined;
  const message = `${place.sku} sku load balancer ${place.balancer} cannot reference ${sku} sku publicIP ${publicIp}.`;
  return networkError("PublicIPAndLBSkuDoNotMatch", message);
}

function ofSameBalancer(a: string, b: string): boolean {
  const balancer = (id: string): string => id.toLowerCase().replace(/\/frontendipconfigurations\/.*$/, "");
  return balancer(a) === balancer(b);
}

function movedZones(frontendId: string, frontend: JsonObject, { previous }: Draft): ArmError | undefined {
  if (previous === undefined) return undefined;
  const name = textAt(frontend, "name")?.toLowerCase();
  const before = objectsAt(propertiesOf(previous.shown), "frontendIPConfigurations").find(
    (candidate) => textAt(candidate, "name")?.toLowerCase() === name,
  );
  return before === undefined ? undefined : zonesChanged(frontendId, before, frontend);
}
