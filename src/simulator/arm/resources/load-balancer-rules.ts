import { type ArmError, networkError } from "../arm-error.ts";
import { type JsonObject, numberAt, objectsAt, propertiesOf, referenceAt, referencesAt, wordAt } from "../json.ts";
import type { Draft } from "../resource-type.ts";

/** Why Azure refuses a balancer's rules, probes and outbound rules. References inside it were checked before. */
export function badRules({ id, document }: Draft): ArmError | undefined {
  const properties = propertiesOf(document);
  const rules = objectsAt(properties, "loadBalancingRules").map((rule) => seen(id.text, "loadBalancingRules", rule));
  const natRules = objectsAt(properties, "inboundNatRules").map((rule) => seen(id.text, "inboundNatRules", rule));
  const probes = objectsAt(properties, "probes");
  if (objectsAt(properties, "frontendIPConfigurations").length === 0 && rules.length + probes.length > 0) {
    const message = `Load balancer ${id.text} must have at least one frontend IP configuration to have child resources.`;
    return networkError("LoadBalancerWithoutFrontendIPCantHaveChildResources", message);
  }
  return (
    firstProblem(rules, incomplete) ??
    firstProblem(probes, badProbe) ??
    frontendClash([...rules, ...natRules]) ??
    backendClash(rules) ??
    badOutbound(objectsAt(properties, "outboundRules"), rules)
  );
}

/** A rule as these checks see it; ids in lower case where they are compared. */
interface SeenRule {
  readonly id: string;
  readonly frontend: string;
  readonly frontendPort: number;
  readonly backendPort: number;
  readonly protocol: string;
  readonly floating: boolean;
  readonly pools: readonly string[];
  readonly keepsSnat: boolean;
}

function seen(balancerId: string, list: string, rule: JsonObject): SeenRule {
  const properties = propertiesOf(rule);
  const pools = [
    referenceAt(properties, "backendAddressPool") ?? "",
    ...referencesAt(properties, "backendAddressPools"),
  ];
  return {
    id: `${balancerId}/${list}/${wordAt(rule, "name")}`,
    frontend: referenceAt(properties, "frontendIPConfiguration")?.toLowerCase() ?? "",
    frontendPort: numberAt(properties, "frontendPort") ?? -1,
    backendPort: numberAt(properties, "backendPort") ?? -1,
    protocol: wordAt(properties, "protocol"),
    floating: properties["enableFloatingIP"] === true,
    pools: [...new Set(pools.filter((pool) => pool !== ""))],
    keepsSnat: list === "loadBalancingRules" && properties["disableOutboundSnat"] !== true,
  };
}

function incomplete({ id, frontend, frontendPort, backendPort, protocol }: SeenRule): ArmError | undefined {
  const missing = [
    frontend === "" && "frontendIPConfiguration",
    frontendPort < 0 && "frontendPort",
    backendPort < 0 && "backendPort",
    protocol === "" && "protocol",
  ].find((name) => name !== false);
  if (missing !== undefined) {
    return networkError("InvalidRequestFormat", "Cannot parse the request.", [
      { code: "MissingRequiredProperty", message: `Property ${missing} of rule ${id} is required.` },
    ]);
  }
  if ((frontendPort === 0) === (protocol === "All")) return undefined;
  const message = `Rule ${id} has frontend port ${frontendPort} and protocol ${protocol}: port 0 goes with protocol All only, and All with port 0.`;
  return networkError("LoadBalancingRuleInvalidPort", message);
}

function badProbe(probe: JsonObject): ArmError | undefined {
  const { protocol, port, requestPath } = propertiesOf(probe);
  const needsPath = protocol === "Http" || protocol === "Https";
  const problem =
    protocol === undefined || port === undefined
      ? "needs a protocol and a port"
      : needsPath && requestPath === undefined
        ? "needs a requestPath"
        : !needsPath && requestPath !== undefined
          ? "cannot have a requestPath"
          : undefined;
  if (problem === undefined) return undefined;
  return networkError(
    "InvalidProbe",
    `Probe ${wordAt(probe, "name")} with protocol ${wordAt(propertiesOf(probe), "protocol")} ${problem}.`,
  );
}

/** Two rules on one frontend with the same port and protocol; the port 0 of protocol All meets every port. */
function frontendClash(rules: readonly SeenRule[]): ArmError | undefined {
  const byPort = new Map<string, SeenRule>();
  for (const rule of rules) {
    const { frontend, frontendPort, protocol } = rule;
    const slots =
      protocol === "All"
        ? [`${frontend} any`, `${frontend} all`]
        : [`${frontend} all`, `${frontend} ${frontendPort} ${protocol}`];
    const twin = slots.map((slot) => byPort.get(slot)).find((other) => other !== undefined);
    if (twin !== undefined) {
      const message = `Load balancing rules ${twin.id} and ${rule.id} use the same frontend IP configuration ${frontend}, protocol ${protocol} and frontend port ${frontendPort}.`;
      return networkError("RulesUseSameFrontendPortProtocolAndFrontendIPConfiguration", message);
    }
    byPort.set(`${frontend} any`, rule);
    byPort.set(protocol === "All" ? `${frontend} all` : `${frontend} ${frontendPort} ${protocol}`, rule);
  }
  return undefined;
}

/** Two rules that send the same port and protocol to one pool: with floating IP the frontend tells them apart. */
function backendClash(rules: readonly SeenRule[]): ArmError | undefined {
  const taken = new Map<string, SeenRule>();
  for (const rule of rules) {
    for (const pool of rule.pools) {
      const frontend = rule.floating ? rule.frontend : "";
      const slot = `${pool.toLowerCase()} ${rule.protocol} ${rule.backendPort} ${String(rule.floating)} ${frontend}`;
      const twin = taken.get(slot);
      if (twin !== undefined) return sameBackend(twin, rule, pool);
      taken.set(slot, rule);
    }
  }
  return undefined;
}

function sameBackend(a: SeenRule, b: SeenRule, pool: string): ArmError {
  const { protocol, backendPort } = b;
  if (!b.floating) {
    const message = `Load balancing rules ${a.id} and ${b.id} with floating IP disabled use the same protocol ${protocol} and backend port ${backendPort}, and must not be used with the same backend address pool ${pool}.`;
    return networkError("RulesUseSameBackendPortProtocolAndPool", message);
  }
  const message = `Load balancing rules ${a.id} and ${b.id} with floating IP enabled use the same protocol ${protocol} and backend port ${backendPort} and frontend IP ${b.frontend}, and must not be used with the same backend address pool ${pool}.`;
  return networkError("RulesUseSameBackendPortProtocolAndPoolAndFrontendIPWithFloatingIPEnabled", message);
}

function badOutbound(outbound: readonly JsonObject[], rules: readonly SeenRule[]): ArmError | undefined {
  const taken = new Set<string>();
  for (const rule of outbound) {
    const properties = propertiesOf(rule);
    const protocol = wordAt(properties, "protocol");
    for (const frontend of referencesAt(properties, "frontendIPConfigurations").map((id) => id.toLowerCase())) {
      const sharing = rules.find((other) => other.frontend === frontend && other.keepsSnat);
      if (sharing !== undefined) {
        const message = `Load balancing rule ${sharing.id} must disable SNAT since the same frontend IP configuration is referenced by outbound rule ${wordAt(rule, "name")}.`;
        return networkError(
          "LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule",
          message,
        );
      }
      if (taken.has(`${frontend} ${protocol}`)) {
        const message = `More than one outbound rule uses frontend IP configuration ${frontend} and protocol ${protocol}.`;
        return networkError(
          "MoreThanOneOutboundRuleUsingSameFrontendIPConfigurationAndProtocolIsNotSupported",
          message,
        );
      }
      taken.add(`${frontend} ${protocol}`);
    }
  }
  return undefined;
}

function firstProblem<T>(items: readonly T[], check: (item: T) => ArmError | undefined): ArmError | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
