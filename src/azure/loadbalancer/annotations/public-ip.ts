import { parseResourceId } from "../../arm/resource-id.ts";
import { custom, splitList, text } from "./define.ts";

/** Resource group of public IPs. The name is misleading: the balancer stays where it is. */
export const resourceGroup = text({
  key: "azure-load-balancer-resource-group",
  doc: "Resource group in which public IPs are looked up and created. The load balancer itself stays where it is.",
  accepts: "the name of a resource group",
  shown: "the cluster's resource group",
});

/** An existing public IP. */
export const pipName = text({
  key: "azure-pip-name",
  doc: "An existing public IP to use. It is never created, re-tagged or deleted. Wins over every other way to choose one.",
  accepts: "the name of a public IP",
});

/** An existing public IP for the IPv6 half. */
export const pipNameIpv6 = text({
  key: "azure-pip-name-ipv6",
  doc: "As azure-pip-name, for the IPv6 half of a dual-stack Service; also, and first, for Services with IPv6 alone.",
  accepts: "the name of a public IP",
});

/** Prefix that a new public IP is taken from. */
export const pipPrefixId = prefix(
  "azure-pip-prefix-id",
  "A public IP prefix that a new public IP is taken from. Standard SKU only.",
);

/** Prefix for the IPv6 half. */
export const pipPrefixIdIpv6 = prefix("azure-pip-prefix-id-ipv6", "As azure-pip-prefix-id, for IPv6.");

function prefix(key: string, doc: string) {
  return custom<string | undefined>(
    { key, doc, accepts: "the full ARM id of a public IP prefix" },
    undefined,
    (raw) => {
      const id = raw.trim();
      if (id === "") return { value: undefined };
      return parseResourceId(id) === undefined
        ? { value: id, remark: `${JSON.stringify(id)} is not the full ARM id of a public IP prefix` }
        : { value: id };
    },
  );
}

/** Tags of public IPs that we made. */
export const pipTags = custom<Readonly<Record<string, string>>>(
  {
    key: "azure-pip-tags",
    doc: "Tags for the public IPs made for this Service; they win over the cluster's `tags`. Tags taken out of the list stay unless `systemTags` is configured.",
    accepts: "`key=value` pairs separated by commas",
  },
  {},
  (raw) => {
    const pairs = readPairs(raw);
    return withDropped(Object.fromEntries(pairs.good), pairs.bad);
  },
);

/** One IP tag, such as `RoutingPreference=Internet`. */
export interface RequestedIpTag {
  readonly ipTagType: string;
  readonly tag: string;
}

/** IP tags of new public IPs; undefined means "keep whatever is there". */
export const pipIpTags = custom<readonly RequestedIpTag[] | undefined>(
  {
    key: "azure-pip-ip-tags",
    doc: "IP tags of the public IPs made for this Service. Azure fixes most of them at creation: changing them means another address. Present but empty asks for none.",
    accepts: "`Type=Tag` pairs separated by commas",
    shown: "whatever is there",
  },
  undefined,
  (raw) => {
    const pairs = readPairs(raw);
    const tags = [...new Map(pairs.good)].map(([ipTagType, tag]) => ({ ipTagType, tag }));
    return withDropped(
      tags.toSorted((a, b) => (a.ipTagType < b.ipTagType ? -1 : 1)),
      pairs.bad,
    );
  },
);

/** DNS label of the public IP; the empty text takes it away, undefined leaves it. */
export const dnsLabel = custom<string | undefined>(
  {
    key: "azure-dns-label-name",
    doc: "DNS label of the public IP: `<label>.<region>.cloudapp.azure.com`. Present but empty takes the label away; absent leaves it.",
    accepts: "a DNS label",
    shown: "DNS settings stay as they are",
  },
  undefined,
  (raw) => ({ value: raw.trim() }),
);

function readPairs(raw: string): {
  readonly good: readonly (readonly [string, string])[];
  readonly bad: readonly string[];
} {
  const good: (readonly [string, string])[] = [];
  const bad: string[] = [];
  for (const item of splitList(raw)) {
    const [key = "", value, ...rest] = item.split("=").map((side) => side.trim());
    if (key === "" || value === undefined || rest.length > 0) bad.push(item);
    else good.push([key, value]);
  }
  return { good, bad };
}

function withDropped<T>(value: T, bad: readonly string[]): { value: T; remark?: string } {
  if (bad.length === 0) return { value };
  return { value, remark: `${bad.map((item) => JSON.stringify(item)).join(", ")} is passed over, want key=value` };
}
