import { overlaps, parseCidr } from "../addresses/cidr.ts";
import { type ArmError, networkError } from "../arm-error.ts";
import { type JsonObject, numberAt, objectsAt, propertiesOf, textAt, textsAt, wordAt } from "../json.ts";

/** Why Azure refuses a security group's rules; `undefined` when it does not. @param id - the group's. */
export function badSecurityRules(id: string, rules: readonly JsonObject[]): ArmError | undefined {
  for (const rule of rules) {
    const problem = badRule(`${id}/securityRules/${wordAt(rule, "name")}`, propertiesOf(rule));
    if (problem !== undefined) return problem;
  }
  return conflict(rules);
}

function conflict(rules: readonly JsonObject[]): ArmError | undefined {
  const seen = new Map<string, string>();
  for (const rule of rules) {
    const name = wordAt(rule, "name");
    const slot = `${wordAt(propertiesOf(rule), "direction")} ${numberAt(propertiesOf(rule), "priority") ?? 0}`;
    const other = seen.get(slot);
    if (other !== undefined) {
      const message = `Security rule ${name} conflicts with rule ${other}. Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules.`;
      return networkError("SecurityRuleConflict", message);
    }
    seen.set(slot, name);
  }
  return undefined;
}

function badRule(id: string, rule: JsonObject): ArmError | undefined {
  const missing = ["protocol", "access", "direction", "priority"].find((member) => rule[member] === undefined);
  if (missing !== undefined) {
    const message = `Security rule is missing required parameter ${missing}. Security rule ${id}.`;
    return networkError("SecurityRuleParameterMissing", message);
  }
  const priority = numberAt(rule, "priority") ?? 0;
  if (priority < 100 || priority > 4096) {
    const message = `Security rule has invalid Priority. Value provided: ${priority} Allowed range 100-4096.`;
    return networkError("SecurityRuleInvalidPriority", message);
  }
  return (
    badSide(id, rule, SIDES.source) ??
    badSide(id, rule, SIDES.destination) ??
    badPorts(id, rule, "sourcePortRange") ??
    badPorts(id, rule, "destinationPortRange")
  );
}

interface Side {
  readonly one: string;
  readonly many: string;
  readonly groups: string;
}

const SIDES: Readonly<Record<"source" | "destination", Side>> = {
  source: { one: "sourceAddressPrefix", many: "sourceAddressPrefixes", groups: "sourceApplicationSecurityGroups" },
  destination: {
    one: "destinationAddressPrefix",
    many: "destinationAddressPrefixes",
    groups: "destinationApplicationSecurityGroups",
  },
};

function badSide(id: string, rule: JsonObject, { one, many, groups }: Side): ArmError | undefined {
  const single = textAt(rule, one);
  const plural = textsAt(rule, many);
  const filled = [single !== undefined && single !== "", plural.length > 0, objectsAt(rule, groups).length > 0];
  if (filled.filter(Boolean).length !== 1) return oneOf(id, one, many);
  const values = single === undefined || single === "" ? plural : [single];
  const bad = values.find((value) => !isAddressPrefix(value));
  if (bad !== undefined) {
    const message = `Security rule has invalid Address prefix. Value provided: ${bad}. Security rule ${id}.`;
    return networkError("SecurityRuleInvalidAddressPrefix", message);
  }
  return tagAmongMany(id, many, plural) ?? duplicate(id, many, plural) ?? overlapping(id, many, plural);
}

function tagAmongMany(id: string, member: string, prefixes: readonly string[]): ArmError | undefined {
  const word = prefixes.find((prefix) => parseCidr(prefix) === undefined);
  if (word === undefined) return undefined;
  const message = `Security rule parameter ${member} for rule with Id ${id} cannot specify existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: ${word}.`;
  return networkError("SecurityRuleParameterContainsUnsupportedValue", message);
}

function overlapping(id: string, member: string, prefixes: readonly string[]): ArmError | undefined {
  const blocks = prefixes.flatMap((prefix) => parseCidr(prefix) ?? []).toSorted((a, b) => (a.first < b.first ? -1 : 1));
  for (const [i, block] of blocks.entries()) {
    const before = blocks[i - 1];
    if (before === undefined || !overlaps(before, block)) continue;
    const message = `Security rule parameter ${member} contains overlapping prefixes ${before.text} and ${block.text}. Security rule ${id}.`;
    return networkError("SecurityRuleContainsOverlappingAddressPrefixes", message);
  }
  return undefined;
}

function badPorts(id: string, rule: JsonObject, one: string): ArmError | undefined {
  const single = textAt(rule, one);
  const plural = textsAt(rule, `${one}s`);
  if ((single === undefined || single === "") === (plural.length === 0)) return oneOf(id, one, `${one}s`);
  const bad = (plural.length === 0 ? [single ?? ""] : plural).find((value) => !isPortRange(value));
  if (bad === undefined) return duplicate(id, `${one}s`, plural);
  const message = `Security rule has invalid Port range. Value provided: ${bad}. Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535. Security rule ${id}.`;
  return networkError("SecurityRuleInvalidPortRange", message);
}

function duplicate(id: string, member: string, values: readonly string[]): ArmError | undefined {
  const again = values.find(
    (value, i) => values.findIndex((other) => other.toLowerCase() === value.toLowerCase()) !== i,
  );
  if (again === undefined) return undefined;
  const message = `Security rule parameter ${member} contains duplicate value ${again}. Security rule ${id}.`;
  return networkError("SecurityRuleParameterContainsDuplicateValue", message);
}

function oneOf(id: string, one: string, many: string): ArmError {
  const message = `Security rule must specify exactly one of ${one} and ${many}. Security rule ${id}.`;
  return networkError("SecurityRuleParameterContainsUnsupportedValue", message);
}

/** An address, a block, `*`, or a word: Azure knows hundreds of service tags, all of letters, digits and dots. */
function isAddressPrefix(value: string): boolean {
  return value === "*" || parseCidr(value) !== undefined || /^[A-Za-z][A-Za-z0-9.]*$/.test(value);
}

function isPortRange(value: string): boolean {
  if (value === "*") return true;
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value);
  if (match === null) return false;
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  return first <= last && last <= 65_535;
}
