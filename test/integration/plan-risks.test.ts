import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/azure/index.ts";
import { keyOf, type Service } from "../../src/cloudprovider/objects.ts";
import { FINALIZER } from "../../src/cloudprovider/rules/index.ts";
import type { JsonObject } from "../../src/simulator/index.ts";
import { type AzureRig, type RigOptions, withRig } from "../fixtures/azure-rig.ts";
import { plantPublicIp } from "../fixtures/planted.ts";
import { service, uidOf } from "../fixtures/service.ts";

const INTERNAL = { "azure-load-balancer-internal": "true" };
const TWO_SUBNETS: RigOptions = {
  seed: {
    vmss: { nodes: [{}, {}] },
    network: {
      subnets: [
        { name: "nodes", addressPrefix: "10.240.0.0/24" },
        { name: "other", addressPrefix: "10.240.1.0/24" },
      ],
    },
  },
};

/** The places that are at risk, with what becomes of them, resources that go included. */
function atRisk({ resources }: Plan): readonly string[] {
  return resources.flatMap(({ name, verb, risk, fields }) => {
    const own = fields.length === 0 ? [{ risk, path: verb }] : fields;
    const grave = own.filter((each) => each.risk === "interrupts" || each.risk === "releases");
    return grave.map(
      (each) => `${withoutBase(name)} ${withoutBase(each.path.replaceAll("properties.", ""))}: ${each.risk}`,
    );
  });
}

function withoutBase(text: string): string {
  return text.replaceAll(/a[0-9a-f]{31}/g, "BASE").replaceAll(/_[0-9a-f]{32}/g, "_HASH");
}

/** Brings a Service in place, and plans for it as it is changed to. */
async function planned(rig: AzureRig, before: Service, now: Service): Promise<Plan> {
  await rig.ensure(before);
  const { status } = rig.services.get(keyOf(before)) ?? before;
  rig.services.set(keyOf(now), { ...now, status });
  return await rig.plan();
}

interface Case {
  readonly name: string;
  readonly options?: RigOptions;
  readonly prepare?: (rig: AzureRig) => void;
  readonly before?: Service;
  readonly now: Service;
  readonly want: readonly string[];
}

function plantPrefix(rig: AzureRig): void {
  const { location } = rig.facts;
  const properties = { prefixLength: 28, publicIPAddressVersion: "IPv4" };
  rig.arm.put(rig.id("publicIPPrefixes", "range"), { location, sku: { name: "Standard" }, properties } as JsonObject);
}

const PREFIX = {
  "azure-pip-prefix-id": "/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/publicIPPrefixes/range",
};

/** Every row of docs/explanation/interruptions.md, and what else ends traffic because it is asked for no more. */
const CASES: readonly Case[] = [
  {
    name: "an external Service gets a public IP by name",
    prepare: (rig) => plantPublicIp(rig, "mine"),
    now: service({ annotations: { "azure-pip-name": "mine" } }),
    want: [
      "kubernetes frontendIPConfigurations[BASE].publicIPAddress.id: interrupts",
      "kubernetes-nsg securityRules[k8s-azure-lb_allow_IPv4_HASH].destinationAddressPrefix: interrupts",
      "kubernetes-BASE remove: releases",
    ],
  },
  {
    name: "an external Service gets a public IP out of a prefix",
    prepare: plantPrefix,
    now: service({ annotations: PREFIX }),
    want: [
      "kubernetes frontendIPConfigurations[BASE].publicIPAddress.id: interrupts",
      "kubernetes-nsg securityRules[k8s-azure-lb_allow_IPv4_HASH].destinationAddressPrefix: interrupts",
      "kubernetes-BASE remove: releases",
    ],
  },
  {
    name: "an internal Service gets another fixed address",
    before: service({ annotations: { ...INTERNAL, "azure-load-balancer-ipv4": "10.240.0.50" } }),
    now: service({ annotations: { ...INTERNAL, "azure-load-balancer-ipv4": "10.240.0.60" } }),
    want: ["kubernetes-internal frontendIPConfigurations[BASE].privateIPAddress: interrupts"],
  },
  {
    name: "an internal Service gets another subnet",
    options: TWO_SUBNETS,
    before: service({ annotations: INTERNAL }),
    now: service({ annotations: { ...INTERNAL, "azure-load-balancer-internal-subnet": "other" } }),
    want: [
      "kubernetes-internal frontendIPConfigurations[BASE]: interrupts",
      "kubernetes-internal loadBalancingRules[BASE-TCP-80]: interrupts",
    ],
  },
  {
    name: "an external Service becomes internal",
    now: service({ annotations: INTERNAL }),
    want: [
      "kubernetes remove: interrupts",
      "kubernetes-nsg securityRules[k8s-azure-lb_allow_IPv4_HASH]: interrupts",
      "kubernetes-BASE remove: releases",
    ],
  },
  {
    name: "an internal Service becomes external",
    before: service({ annotations: INTERNAL }),
    now: service(),
    want: ["kubernetes-internal remove: interrupts"],
  },
  {
    name: "a Service becomes another type",
    now: withFinalizer({ ...service(), spec: { ...service().spec, type: "ClusterIP" } }),
    want: [
      "kubernetes remove: interrupts",
      "kubernetes-nsg securityRules[k8s-azure-lb_allow_IPv4_HASH]: interrupts",
      "kubernetes-BASE remove: releases",
    ],
  },
  {
    name: "a dual-stack Service keeps IPv4 alone",
    before: service({ ipFamilies: ["IPv4", "IPv6"] }),
    now: service(),
    want: [
      "kubernetes frontendIPConfigurations[BASE-IPv6]: interrupts",
      "kubernetes loadBalancingRules[BASE-TCP-80-IPv6]: interrupts",
      "kubernetes-nsg securityRules[k8s-azure-lb_allow_IPv6_HASH]: interrupts",
      "kubernetes-BASE-IPv6 remove: releases",
    ],
  },
  {
    name: "all but some sources are kept out from now on",
    now: service({
      annotations: {
        "azure-allowed-ip-ranges": "203.0.113.0/24",
        "azure-deny-all-except-load-balancer-source-ranges": "true",
      },
    }),
    want: [
      "kubernetes-nsg securityRules[k8s-azure-lb_allow_IPv4_HASH]: interrupts",
      "kubernetes-nsg securityRules[k8s-azure-lb_deny-all_IPv4]: interrupts",
    ],
  },
  { name: "nothing, when another port comes", now: service({ ports: ["80/30080", "443/30443"] }), want: [] },
  {
    name: "nothing, when another DNS label comes",
    now: service({ annotations: { "azure-dns-label-name": "a" } }),
    want: [],
  },
];

function withFinalizer(of: Service): Service {
  return { ...of, metadata: { ...of.metadata, finalizers: [FINALIZER] } };
}

describe("a plan says that traffic may stop, or that an address goes, when", () => {
  for (const { name, options = {}, prepare, before = service(), now, want } of CASES) {
    it(name, () =>
      withRig(options, async (rig) => {
        prepare?.(rig);
        const { subscriptionId, resourceGroup } = rig.facts;
        const here = (value: Service): Service =>
          JSON.parse(
            JSON.stringify(value).replace(
              "/subscriptions/S/resourceGroups/G",
              `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`,
            ),
          ) as Service;
        const plan = await planned(rig, before, here(now));
        expect(plan.services.map(({ error }) => error)).toEqual([null]);
        expect(atRisk(plan)).toEqual(want);
      }),
    );
  }

  it("a Service leaves a balancer and a rule that others are on, and only then", () =>
    withRig({}, async (rig) => {
      const other = service({ name: "api", uid: uidOf(2), ports: ["80/30081"] });
      await rig.ensure(other);
      const more = await planned(rig, service(), service({ ports: ["80/30080", "443/30443"] }));
      expect(atRisk(more)).toEqual([]);
      const gone = rig.services.get("shop/web") ?? service();
      const metadata = { ...withFinalizer(gone).metadata, deletionTimestamp: "2026-01-02T00:00:00Z" };
      rig.services.set("shop/web", { ...gone, metadata });
      expect(atRisk(await rig.plan())).toEqual([
        "kubernetes frontendIPConfigurations[BASE]: interrupts",
        "kubernetes loadBalancingRules[BASE-TCP-80]: interrupts",
        "kubernetes-nsg securityRules[k8s-azure-lb_allow_IPv4_HASH].destinationAddressPrefixes: interrupts",
        "kubernetes-BASE remove: releases",
      ]);
    }));

  it("a Service goes whose address others share: the address stays, its port does not", () =>
    withRig({}, async (rig) => {
      plantPublicIp(rig, "mine");
      const annotations = { "azure-pip-name": "mine" };
      await rig.ensure(service({ annotations }));
      const api = service({ name: "api", uid: uidOf(2), ports: ["443/30443"], annotations });
      await rig.ensure(api);
      const known = rig.services.get("shop/api") ?? api;
      const metadata = { ...withFinalizer(known).metadata, deletionTimestamp: "2026-01-02T00:00:00Z" };
      rig.services.set("shop/api", { ...known, metadata });
      expect(atRisk(await rig.plan())).toEqual([
        "kubernetes loadBalancingRules[BASE-TCP-443]: interrupts",
        "kubernetes-nsg securityRules[k8s-azure-lb_allow_IPv4_HASH]: interrupts",
      ]);
    }));
});
