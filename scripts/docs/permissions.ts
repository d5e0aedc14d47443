import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { type Occasion, PERMISSIONS, type Place } from "../../src/azure/arm/permissions.ts";
import { path } from "../steps.ts";
import { code, page, table } from "./markdown.ts";

/** The compiler wants a phrase for a new place. */
const PLACES: Readonly<Record<Place, string>> = {
  subscription: "the subscription",
  resourceGroup: "`resourceGroup`",
  loadBalancerResourceGroup: "`loadBalancerResourceGroup`",
  securityGroupResourceGroup: "`securityGroupResourceGroup`",
  vnetResourceGroup: "`vnetResourceGroup`",
};

const OCCASIONS: Readonly<Record<Occasion, string>> = {
  always: "always",
  internal: "internal Services",
  "by address": "members by address",
  "by interface": "members by interface",
  standalone: "members by interface, standalone machines",
  "scale set": "members by interface, scale sets",
  "if present": "if there is such a reference",
};

/** A rule of a role in Kubernetes. */
interface RbacRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** docs/reference/permissions.md. */
export function permissionsReference(): string {
  return page(
    "Permissions",
    "`src/azure/arm/permissions.ts` and `deploy/rbac.yaml`",
    "What the controllers ask for today, and nothing more.",
    "## In Azure",
    "Where says which resource group the resource is in, by its key in [azure.json](configuration.md). Public IPs are in the first one unless a Service names another. Pool members are addresses when `loadBalancerBackendPoolConfigurationType` is `nodeIP`, and network interfaces otherwise.",
    table(
      ["action", "where", "needed for", "because"],
      PERMISSIONS.map(({ action, at, when, why }) => [code(action), PLACES[at], OCCASIONS[when], why]),
    ),
    "As a role, to be narrowed to the resource groups above:",
    `\`\`\`json\n${JSON.stringify(role(), undefined, 2)}\n\`\`\``,
    "## In Kubernetes",
    table(
      ["API group", "resource", "verbs"],
      rbacRules().flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.map((resource) => [group === "" ? "core" : code(group), code(resource), verbs.join(", ")]),
        ),
      ),
    ),
  );
}

function role(): object {
  return {
    Name: "azure-ccm",
    Description: "What the controllers of azure-cloud-provider need",
    Actions: PERMISSIONS.map(({ action }) => action).toSorted(),
    AssignableScopes: ["/subscriptions/SUBSCRIPTION"],
  };
}

/** The rules of `deploy/rbac.yaml`. */
export function rbacRules(): readonly RbacRule[] {
  const documents = parseAllDocuments(readFileSync(path("deploy/rbac.yaml"), "utf8")).map(
    (each) => each.toJS() as object,
  );
  return documents.flatMap((each) => ("rules" in each ? (each.rules as readonly RbacRule[]) : []));
}
