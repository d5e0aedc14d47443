import type { Effective } from "../effect/state-in-effect.ts";
import { type JsonObject, numberAt, objectsAt, propertiesOf, referencesAt, textAt, textsAt, wordAt } from "../json.ts";
import type { RuleSide, SecurityGroup, SecurityRule } from "./topology.ts";

/**
 * A security group as packets see it.
 *
 * @param defaults - the default rules, which every group has.
 */
export function readSecurityGroup({ record, document }: Effective, defaults: readonly JsonObject[]): SecurityGroup {
  const { text } = record.id;
  const own = objectsAt(propertiesOf(document), "securityRules").map((rule) => read(rule, `${text}/securityRules`));
  const fixed = defaults.map((rule) => read(rule, `${text}/defaultSecurityRules`));
  return { id: text, rules: [...own, ...fixed].toSorted((a, b) => a.priority - b.priority) };
}

function read(rule: JsonObject, list: string): SecurityRule {
  const properties = propertiesOf(rule);
  const name = wordAt(rule, "name");
  return {
    id: `${list}/${name}`,
    name,
    priority: numberAt(properties, "priority") ?? 0,
    direction: properties["direction"] === "Outbound" ? "Outbound" : "Inbound",
    allow: properties["access"] === "Allow",
    protocol: wordAt(properties, "protocol"),
    source: side(properties, "source"),
    destination: side(properties, "destination"),
  };
}

function side(properties: JsonObject, which: "source" | "destination"): RuleSide {
  return {
    prefixes: oneOrMany(properties, `${which}AddressPrefix`, `${which}AddressPrefixes`),
    ports: oneOrMany(properties, `${which}PortRange`, `${which}PortRanges`),
    groups: referencesAt(properties, `${which}ApplicationSecurityGroups`).map((id) => id.toLowerCase()),
  };
}

function oneOrMany(properties: JsonObject, one: string, many: string): readonly string[] {
  const single = textAt(properties, one);
  return single === undefined || single === "" ? textsAt(properties, many) : [single];
}
