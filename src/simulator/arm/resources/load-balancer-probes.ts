import { type ArmError, networkError } from "../arm-error.ts";
import { type JsonObject, objectsAt, propertiesOf, referenceAt, wordAt } from "../json.ts";
import type { Draft } from "../resource-type.ts";
import type { Store } from "../store.ts";

/** The refusal to remove the last rule of a probe that a scale set takes for its instances' health. */
export function probeInUse({ id, document, previous }: Draft, world: Store): ArmError | undefined {
  if (previous === undefined) return undefined;
  const left = new Set(rulesOf(document).flatMap((rule) => probeOf(rule) ?? []));
  for (const rule of rulesOf(previous.shown)) {
    const probe = probeOf(rule);
    if (probe === undefined || left.has(probe)) continue;
    const user = world.inboundOrPending(probe).find(({ field }) => field === "healthProbe");
    if (user === undefined) continue;
    const ruleId = `${id.text}/loadBalancingRules/${wordAt(rule, "name")}`;
    const message = `Load balancer rule ${ruleId} cannot be removed because the rule references the load balancer probe ${user.to} that is used as health probe by VM scale set ${user.from}. To remove this rule, please update VM scale set to remove the reference to the probe.`;
    return networkError("CannotRemoveRuleUsedByProbeUsedByVMSS", message);
  }
  return undefined;
}

function rulesOf(document: JsonObject): readonly JsonObject[] {
  return objectsAt(propertiesOf(document), "loadBalancingRules");
}

function probeOf(rule: JsonObject): string | undefined {
  return referenceAt(propertiesOf(rule), "probe")?.toLowerCase();
}
