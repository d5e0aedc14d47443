import type { SecurityRule } from "@azure/arm-network";
import { CloudError } from "../../../cloudprovider/errors.ts";
import { exchanged, lookUp, type Way } from "../lookup.ts";
import { byName } from "../ownership.ts";
import { type AccessRule, destinationsOf, portsOf, sourcesOf } from "./access-rules.ts";

/** Priorities of managed rules: allowing ones count up from the first, denying ones down from the last. */
const FIRST_PRIORITY = 500;
const LAST_PRIORITY = 4095;

/**
 * The rules with one more claim in them: a rule of that name gets the addresses it lacks and keeps its own, or a new one
 * is appended at the first free priority.
 *
 * @returns `existing` itself when the claim is in already.
 * @throws CloudError `QuotaExceeded` when no priority is left.
 */
export function withRule(existing: readonly SecurityRule[], wanted: AccessRule): readonly SecurityRule[] {
  const [current] = lookUp(existing, byName, wanted.name.toLowerCase());
  if (current !== undefined) return exchanged(existing, new Map([[current, corrected(current, wanted)]]));
  const rule = { name: wanted.name, ...bodyOf(wanted), priority: freePriority(existing, wanted.access) };
  return exchanged(existing, new Map(), [withDestinations(rule, wanted.destinations)]);
}

const byPriority: Way<SecurityRule> = ({ priority }) => String(priority);

function corrected(current: SecurityRule, wanted: AccessRule): SecurityRule {
  const addresses = destinationsOf(current);
  const complete = wanted.destinations.every((address) => addresses.includes(address));
  const intact = hasBody(current, wanted);
  if (complete && intact) return current;
  const body = intact ? current : { ...withoutMatch(current), ...bodyOf(wanted) };
  return withDestinations(body, [...addresses, ...wanted.destinations]);
}

/** The name says what a rule matches; one that matches something else was changed by hand and is put right. */
function hasBody(rule: SecurityRule, { access, protocol, sources, ports }: AccessRule): boolean {
  return (
    rule.access === access &&
    rule.protocol === protocol &&
    rule.direction === "Inbound" &&
    sameSet(sourcesOf(rule), sources) &&
    sameSet(portsOf(rule), ports)
  );
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().every((item, index) => item.toLowerCase() === b[index]?.toLowerCase());
}

function withoutMatch(rule: SecurityRule): SecurityRule {
  const {
    sourceAddressPrefix: _a,
    sourceAddressPrefixes: _b,
    destinationPortRange: _c,
    destinationPortRanges: _d,
    ...rest
  } = rule;
  return rest;
}

function bodyOf({ access, protocol, sources, ports }: AccessRule): SecurityRule {
  const [source = "*", ...more] = sources;
  return {
    protocol,
    access,
    direction: "Inbound",
    sourcePortRange: "*",
    ...(more.length === 0 ? { sourceAddressPrefix: source } : { sourceAddressPrefixes: [...sources] }),
    ...(ports[0] === "*" ? { destinationPortRange: "*" } : { destinationPortRanges: [...ports] }),
  };
}

/** The same rule for other destinations: one goes into the scalar field, several into the list, sorted as text. */
export function withDestinations(rule: SecurityRule, addresses: readonly string[]): SecurityRule {
  const { destinationAddressPrefix: _one, destinationAddressPrefixes: _many, ...rest } = rule;
  const [first, ...more] = [...new Set(addresses)].toSorted();
  if (first === undefined) return rest;
  if (more.length === 0) return { ...rest, destinationAddressPrefix: first };
  return { ...rest, destinationAddressPrefixes: [first, ...more] };
}

function freePriority(existing: readonly SecurityRule[], access: "Allow" | "Deny"): number {
  for (let step = 0; step <= LAST_PRIORITY - FIRST_PRIORITY; step += 1) {
    const priority = access === "Allow" ? FIRST_PRIORITY + step : LAST_PRIORITY - step;
    if (lookUp(existing, byPriority, String(priority)).length === 0) return priority;
  }
  throw new CloudError("QuotaExceeded", "security rule priority exhausted", {
    advice: `Free a priority between ${FIRST_PRIORITY} and ${LAST_PRIORITY} in the security group.`,
  });
}
