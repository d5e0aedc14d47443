import { describe, expect, it } from "vitest";
import { createAzureCloud } from "../../src/azure/index.ts";
import { type Explanation, explain } from "../../src/cli/explain/explanation.ts";
import { printed } from "../../src/cli/explain/print.ts";
import { keyOf, type Node, type Service } from "../../src/cloudprovider/index.ts";
import { projectNode, projectService, type Raw, ServiceJournal } from "../../src/controller/index.ts";
import type { JsonObject } from "../../src/simulator/index.ts";
import { type ClusterRig, type ClusterRigOptions, withCluster } from "../fixtures/cluster-rig.ts";

const PREFIX = "service.beta.kubernetes.io/azure-";

function create(rig: ClusterRig, name: string, annotations: Readonly<Record<string, string>> = {}): void {
  const keyed = Object.entries(annotations).map(([key, value]) => [`${PREFIX}${key}`, value]);
  rig.kubernetes.create({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default", annotations: Object.fromEntries(keyed) },
    spec: { type: "LoadBalancer", selector: { app: name }, ports: [{ port: 80 }] },
  });
}

/** What `azure-ccm explain` would print, with the controller that has the journal and without any. */
async function explained(rig: ClusterRig, name: string, journal?: ServiceJournal): Promise<Explanation> {
  const { signal } = new AbortController();
  const services = rig.kubernetes.list("Service").map((raw) => projectService(raw as unknown as Raw<Service>));
  const nodes = rig.kubernetes.list("Node").map((raw) => projectNode(raw as unknown as Raw<Node>));
  const service = services.find((each) => keyOf(each) === `default/${name}`);
  if (service === undefined) throw new Error(`no Service ${name}`);
  const cloud = await createAzureCloud({ ...rig.cloudOptions(), mode: "observe" }, signal);
  try {
    const facts = await cloud.factsOf(service, nodes, signal);
    const plan = await cloud.plan({ services, nodes, only: [`default/${name}`] }, signal);
    const remembered = { ...journal?.of(`default/${name}`), calls: [] };
    const recollection = journal === undefined ? { silent: "no controller answers" } : { remembered };
    return explain({ cluster: { service, services, nodes, events: [] }, facts, plan, recollection });
  } finally {
    await cloud.close();
  }
}

interface Case {
  readonly name: string;
  readonly options?: ClusterRigOptions;
  /** Before anything runs. */
  readonly prepare?: (rig: ClusterRig) => void;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The Service `web` gets its address all the same. */
  readonly works?: boolean;
  /** Found with no controller, too: by a dry run. */
  readonly dry: boolean;
  readonly at: string;
  readonly says: RegExp;
  readonly advice: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: "no node may be behind the balancer",
    prepare: (rig) => {
      for (const { name } of rig.facts.nodes) {
        const node = rig.kubernetes.get("Node", "", name) as { metadata: object };
        const labels = { "node.kubernetes.io/exclude-from-external-load-balancers": "true" };
        rig.kubernetes.delete("Node", "", name);
        rig.kubernetes.create({ ...node, metadata: { name, labels } } as Parameters<typeof rig.kubernetes.create>[0]);
      }
    },
    works: true,
    dry: true,
    at: "nodes",
    says: /^None of the 3 nodes may be behind the load balancer: 3 nodes: its label node\.kubernetes\.io\/exclude/,
    advice: /Remove the label/,
  },
  {
    name: "an annotation is not accepted",
    annotations: { "load-balancer-tcp-idle-timeout": "soon" },
    dry: true,
    at: "service",
    says: /tcp-idle-timeout: got "soon", want whole minutes/,
    advice: /^Correct the value/,
  },
  {
    name: "there is no security group",
    options: { azureJson: { securityGroupName: "missing" } },
    dry: true,
    at: "security",
    says: /^there is no security group missing \[NotFound\]/,
    advice: /securityGroupName/,
  },
  {
    name: "there is no resource group of the security group",
    options: { azureJson: { securityGroupResourceGroup: "nowhere" } },
    dry: true,
    at: "security",
    says: /^there is no security group kubernetes-nsg \[NotFound\]|Resource group 'nowhere' could not be found/,
    advice: /azure\.json/,
  },
  {
    name: "a rule of somebody else keeps everybody out before ours count",
    prepare: (rig) => {
      const { subscriptionId, resourceGroup, location, securityGroup } = rig.facts;
      const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/networkSecurityGroups/${securityGroup}`;
      const rule = (name: string, priority: number, more: object): object => ({
        name,
        properties: {
          priority,
          direction: "Inbound",
          access: "Deny",
          protocol: "*",
          sourceAddressPrefix: "*",
          sourcePortRange: "*",
          destinationAddressPrefix: "*",
          destinationPortRange: "*",
          ...more,
        },
      });
      const securityRules = [
        rule("closed", 100, { destinationPortRange: "1-1024" }),
        rule("elsewhere", 101, { destinationAddressPrefix: "10.9.0.0/16" }),
        rule("other-port", 102, { destinationPortRange: "22" }),
        rule("other-protocol", 103, { protocol: "Udp" }),
        rule("somebody", 104, { sourceAddressPrefix: "203.0.113.7/32" }),
        rule("outbound", 105, { direction: "Outbound" }),
        rule("later", 4000, {}),
      ];
      rig.arm.put(id, { location, properties: { securityRules } } as unknown as JsonObject);
    },
    works: true,
    dry: true,
    at: "security",
    says: /^The rule closed of the security group \(priority 100\) keeps out \* at ports 1-1024, and counts before/,
    advice: /not ours/,
  },
  {
    name: "another Service has the port on a shared address",
    prepare: (rig) => {
      const { subscriptionId, resourceGroup, location } = rig.facts;
      const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/publicIPAddresses/mine`;
      const properties = { publicIPAllocationMethod: "Static" };
      rig.arm.put(id, { location, sku: { name: "Standard" }, properties });
      create(rig, "first", { "pip-name": "mine" });
    },
    annotations: { "pip-name": "mine" },
    dry: true,
    at: "balancer",
    says: /consume the port 80 .* \[Conflict\]/,
    advice: /Choose another port or another address/,
  },
  {
    name: "the identity may not make public IPs",
    prepare: (rig) => rig.arm.faults.catalogue("F36", { method: "PUT", path: /publicIPAddresses/, nth: "every" }),
    dry: false,
    at: "address",
    says: /^the identity .* \[PermissionDenied\/AuthorizationFailed\]\. Tried .* Azure says: ".*publicIPAddresses\/write/,
    advice: /role/,
  },
  {
    name: "there may be no more public IPs",
    prepare: (rig) => rig.arm.faults.catalogue("F21", { nth: "every" }),
    dry: false,
    at: "address",
    says: /\[QuotaExceeded\/PublicIPCountLimitReached\]\. Tried .*publicIPAddresses/,
    advice: /higher quota/,
  },
];

describe("an explanation finds that", () => {
  for (const { name, options = {}, prepare, annotations, works, dry, at, says, advice } of CASES) {
    it(name, async () => {
      const journal = new ServiceJournal();
      await withCluster({ ...options, journal }, async (rig) => {
        prepare?.(rig);
        await rig.start();
        const hasFirst = rig.kubernetes.get("Service", "default", "first") !== undefined;
        if (hasFirst) await rig.eventually(() => rig.addressesOf("first").length > 0);
        create(rig, "web", annotations);
        await rig.eventually(() => journal.of("default/web") !== undefined);
        if (works === true) await rig.eventually(() => rig.addressesOf("web").length > 0);
        for (const known of dry ? [journal, undefined] : [journal]) {
          const explanation = await explained(rig, "web", known);
          if (process.env["SHOW"] !== undefined) process.stdout.write(`${printed(explanation)}\n\n`);
          if (hasFirst) expect(explanation.differences).toEqual([]); // the address is served, and not to this Service
          expect(explanation.verdict).toBe("blocked");
          expect(explanation.blockers.map((each) => each.at)).toEqual([at]);
          expect(explanation.blockers[0]).toMatchObject({
            text: expect.stringMatching(says),
            advice: expect.stringMatching(advice),
          });
        }
      });
    });
  }
});
