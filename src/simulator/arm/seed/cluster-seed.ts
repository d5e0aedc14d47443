import { z } from "zod";
import { type Checked, checked, type Problem } from "../../../base/checked.ts";
import { ipVersion, parseCidr } from "../addresses/cidr.ts";
import { LOCATIONS } from "../locations.ts";
import { checkDocument, readYaml } from "../read-document.ts";

const name = z.string().regex(/^\w([\w.-]{0,78}\w)?$/, "a name of 1 to 80 letters, digits, '.', '-' and '_'");
const prefix = z.string().refine((text) => text.includes("/") && parseCidr(text)?.text === text.toLowerCase(), {
  message: "a block of addresses such as 10.240.0.0/16, host bits zero",
});
const address = z.string().refine((text) => ipVersion(text) === 4, { message: "an IPv4 address" });
const zone = z.coerce.string().regex(/^[123]$/, "an availability zone: 1, 2 or 3");
const location = z.enum(LOCATIONS.map((known) => known.name));

const node = z.strictObject({
  /** Kubernetes node name; instances of a scale set get `{prefix}{base 36 number}` when absent. */
  name: name.optional(),
  zone: zone.optional(),
  /** Private address in the node subnet; the lowest free one when absent. */
  address: address.optional(),
});

const securityRule = z.strictObject({
  name,
  priority: z
    .int("a whole number from 100 to 4096")
    .min(100, "a whole number from 100 to 4096")
    .max(4096, "a whole number from 100 to 4096"),
  direction: z.enum(["Inbound", "Outbound"]).default("Inbound"),
  access: z.enum(["Allow", "Deny"]).default("Allow"),
  protocol: z.enum(["Tcp", "Udp", "Icmp", "*"]).default("*"),
  source: z.string().default("*"),
  destination: z.string().default("*"),
  /** Destination ports: `22`, `80-90` or `*`. */
  ports: z.coerce.string().default("*"),
});

const schema = z.strictObject({
  subscriptionId: z.guid("a guid").optional(),
  resourceGroup: name.default("kubernetes"),
  location: location.default("westeurope"),
  network: z
    .strictObject({
      name: name.default("kubernetes-vnet"),
      addressPrefixes: z.array(prefix).min(1).default(["10.240.0.0/16"]),
      /** Nodes live in the first one. */
      subnets: z
        .array(z.strictObject({ name, addressPrefix: prefix }))
        .min(1)
        .default([{ name: "nodes", addressPrefix: "10.240.0.0/24" }]),
    })
    .prefault({}),
  securityGroup: z
    .strictObject({
      name: name.default("kubernetes-nsg"),
      /** Rules that somebody else has made: no business of the cloud provider. */
      rules: z.array(securityRule).default([]),
    })
    .prefault({}),
  vmss: z
    .strictObject({
      name: name.default("nodes-vmss"),
      vmSize: z.string().default("Standard_D2s_v3"),
      nodes: z.array(node).default([]),
    })
    .optional(),
  vms: z.array(node.extend({ name })).default([]),
});

/** A small cluster to start from, every default filled in. */
export type ClusterSeed = z.output<typeof schema>;

/** A {@link ClusterSeed} as people write it: everything may be left out. */
export type ClusterSeedInput = z.input<typeof schema>;

/** Three nodes of a scale set, one in each zone, in one subnet behind one security group. */
export const DEFAULT_CLUSTER_SEED: ClusterSeedInput = {
  vmss: { name: "nodes-vmss", nodes: [{ zone: "1" }, { zone: "2" }, { zone: "3" }] },
};

/** Reads a cluster seed from YAML. Every problem names its field and quotes what was written. Empty text is the default seed. */
export function parseClusterSeed(yamlText: string): Checked<ClusterSeed> {
  const document = readYaml(yamlText);
  return document.ok ? checkClusterSeed(document.value ?? DEFAULT_CLUSTER_SEED) : document;
}

/** Checks a cluster seed that was written as an object. A seed without any node gets the default three. @param at - its place in a larger document. */
export function checkClusterSeed(input: unknown, at = ""): Checked<ClusterSeed> {
  const result = checkDocument(schema, input, at);
  if (!result.ok) return result;
  const seed = result.value;
  const filled = seed.vmss === undefined && seed.vms.length === 0 ? { ...seed, vmss: defaultScaleSet() } : seed;
  const place = at === "" ? "" : `${at}.`;
  return checked(
    filled,
    placementProblems(filled).map((problem) => ({ ...problem, field: place + problem.field })),
  );
}

function defaultScaleSet(): ClusterSeed["vmss"] {
  return schema.parse(DEFAULT_CLUSTER_SEED).vmss;
}

/** Node names and addresses must differ, and addresses lie in the node subnet. */
function placementProblems({ network, vmss, vms }: ClusterSeed): readonly Problem[] {
  const block = parseCidr(network.subnets[0]?.addressPrefix ?? "");
  const nodes = [
    ...(vmss?.nodes ?? []).map((entry, i) => ({ field: `vmss.nodes[${i}]`, ...entry })),
    ...vms.map((entry, i) => ({ field: `vms[${i}]`, ...entry })),
  ];
  const seen = new Set<string>();
  return nodes.flatMap(({ field, name: nodeName, address: own }) => {
    const inside = own === undefined || (block !== undefined && covered(own, block.first, block.last));
    const outside = inside ? [] : [{ field: `${field}.address`, got: own, want: `an address in ${block?.text ?? ""}` }];
    const twice = [nodeName, own].filter((value) => value !== undefined && seen.has(value));
    for (const value of [nodeName, own]) if (value !== undefined) seen.add(value);
    return [
      ...outside,
      ...twice.map((value) => ({ field, got: value, want: "names and addresses that no other node has" })),
    ];
  });
}

function covered(text: string, first: bigint, last: bigint): boolean {
  const block = parseCidr(text);
  return block !== undefined && block.first >= first + 4n && block.last < last;
}
