import type { PublicIPAddress } from "@azure/arm-network";
import { describe, expect, it } from "vitest";
import type { LoadBalancerConfig } from "../../../../../src/azure/loadbalancer/config.ts";
import { ipTagRemarks } from "../../../../../src/azure/loadbalancer/plan/ip-tags.ts";
import { publicIpEdit } from "../../../../../src/azure/loadbalancer/plan/public-ip.ts";
import { choosePublicIp } from "../../../../../src/azure/loadbalancer/plan/public-ip-choice.ts";
import { publicIpsToRelease, releaseEdit } from "../../../../../src/azure/loadbalancer/plan/public-ip-release.ts";
import { settlePublicIp } from "../../../../../src/azure/loadbalancer/plan/settle.ts";
import { accept } from "../../../../../src/cloudprovider/errors.ts";
import { config, managedTags, publicIp, publicIpIdOf } from "../../../../fixtures/azure-network.ts";
import { settingsOf } from "../../../../fixtures/balancer-wish.ts";
import { EXAMPLE_BASE as B, type ServiceWords, service } from "../../../../fixtures/service.ts";

const GENERATED = `kubernetes-${B}`;
const PREFIX_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/publicIPPrefixes";

interface Case {
  readonly existing?: readonly PublicIPAddress[];
  readonly config?: LoadBalancerConfig;
  readonly family?: "IPv4" | "IPv6";
}

function chosen(words: ServiceWords, { existing = [], config: cluster = config(), family = "IPv4" }: Case = {}) {
  return choosePublicIp(settingsOf(service(words), cluster), family, existing, cluster);
}

/** The public IP after a Service's wish; the same object when nothing is to change. */
function ensured(words: ServiceWords, rest: Case = {}): PublicIPAddress | undefined {
  const cluster = rest.config ?? config();
  const choice = accept(chosen(words, rest));
  return publicIpEdit({ settings: settingsOf(service(words), cluster), config: cluster, choice }).apply(
    choice.existing,
  );
}

function released(
  words: ServiceWords,
  publicIps: readonly PublicIPAddress[],
  keep: readonly string[] = [],
  wanted = true,
) {
  const settings = settingsOf(service(words));
  return publicIpsToRelease(publicIps, { settings, config: config(), wanted, keep }).map((each) => [
    each.publicIp.name,
    each.because,
  ]);
}

function unbound(current: PublicIPAddress): PublicIPAddress | undefined {
  return releaseEdit(settingsOf(service()), config()).apply(current);
}

describe("choosing a public IP", () => {
  const byo = publicIp("byo", { ipAddress: "1.2.3.4" });
  const cases: readonly { name: string; words: ServiceWords; rest?: Case; is: object }[] = [
    { name: "LB 26 is the one made for the Service", words: {}, is: { name: GENERATED, mustExist: false } },
    {
      name: "LB 27 is the one with the wanted address",
      words: { loadBalancerIP: "1.2.3.4" },
      rest: { existing: [byo] },
      is: { name: "byo", mustExist: true },
    },
    {
      name: "is the named one before all",
      words: {
        loadBalancerIP: "20.9.9.9",
        annotations: { "azure-pip-name": "BYO", "azure-pip-prefix-id": `${PREFIX_ID}/p1` },
      },
      rest: { existing: [byo] },
      is: { name: "byo", mustExist: true },
    },
    {
      name: "LB 42 is one from the prefix before the address",
      words: { loadBalancerIP: "1.2.3.4", annotations: { "azure-pip-prefix-id": `${PREFIX_ID}/p1` } },
      rest: { existing: [byo] },
      is: { name: `${GENERATED}-p1`, mustExist: false },
    },
    {
      name: "LB 34 is in the resource group that the Service names",
      words: { annotations: { "azure-load-balancer-resource-group": "other", "azure-pip-name": "byo" } },
      rest: { existing: [byo, publicIp("byo", { id: publicIpIdOf("byo", "OTHER") })] },
      is: { resourceGroup: "other", id: publicIpIdOf("byo", "OTHER") },
    },
    {
      name: "is the IPv6 one for the IPv6 half",
      words: { ipFamilies: ["IPv4", "IPv6"] },
      rest: { family: "IPv6" },
      is: { name: `${GENERATED}-IPv6` },
    },
  ];
  for (const { name, words, rest, is } of cases) {
    it(name, () => expect(accept(chosen(words, rest))).toMatchObject(is));
  }

  const refusals: readonly { name: string; words: ServiceWords; rest?: Case; want: string }[] = [
    {
      name: "LB 29 refuses an address that nobody has",
      words: { loadBalancerIP: "1.2.3.4" },
      want: "findMatchedPIPByLoadBalancerIP: cannot find public IP with IP address 1.2.3.4",
    },
    {
      name: "LB 30 refuses a name that is not there",
      words: { annotations: { "azure-pip-name": "missing" } },
      want: "pip(missing) not found",
    },
    {
      name: "refuses a public IP of the other family",
      words: { annotations: { "azure-pip-name": "byo" } },
      rest: { existing: [publicIp("byo", { publicIPAddressVersion: "IPv6" })] },
      want: "an IPv4 public IP",
    },
    {
      name: "refuses to make an IPv4 address out of the IPv6 one that has its name",
      words: { ipFamilies: ["IPv4", "IPv6"] },
      rest: { existing: [publicIp(GENERATED, { publicIPAddressVersion: "IPv6" })] },
      want: "create the Service anew",
    },
  ];
  for (const { name, words, rest, want } of refusals) {
    it(name, () => {
      const result = chosen(words, rest);
      expect(result.ok ? [] : result.problems).toMatchObject([{ want: expect.stringContaining(want) }]);
    });
  }
});

describe("a new public IP", () => {
  it("LB 26 is standard, static, in all zones, and says whose it is", () => {
    expect(ensured({ namespace: "default", name: "test1" })).toEqual({
      location: "westeurope",
      sku: { name: "Standard" },
      zones: ["1", "2", "3"],
      publicIPAllocationMethod: "Static",
      publicIPAddressVersion: "IPv4",
      tags: { "k8s-azure-service": "default/test1", "k8s-azure-cluster-name": "kubernetes" },
    });
  });
  it("LB 24 has no zones in an edge zone", () => {
    const cluster = config({ extendedLocation: { name: "losangeles", type: "EdgeZone" } });
    const made = ensured({}, { config: cluster });
    expect(made).toMatchObject({ extendedLocation: { name: "losangeles", type: "EdgeZone" } });
    expect(made).not.toHaveProperty("zones");
  });
  it("LB 42 comes from the prefix", () => {
    const annotations = { "azure-pip-prefix-id": `${PREFIX_ID}/p1` };
    expect(ensured({ annotations })).toMatchObject({ publicIPPrefix: { id: `${PREFIX_ID}/p1` } });
  });
  it("has tags and IP tags of the Service and the cluster", () => {
    const annotations = { "azure-pip-tags": "team=shop", "azure-pip-ip-tags": "RoutingPreference=Internet" };
    const made = ensured({ annotations }, { config: config({ tags: { Team: "net", env: "prod" } }) });
    expect(made).toMatchObject({
      tags: { ...managedTags("shop/web"), team: "shop", env: "prod" },
      ipTags: [{ ipTagType: "RoutingPreference", tag: "Internet" }],
    });
  });
  it("LB 43 for IPv6 on the basic SKU is dynamic", () => {
    const made = ensured({ ipFamilies: ["IPv6"] }, { family: "IPv6", config: config({ sku: "basic" }) });
    expect(made).toMatchObject({ publicIPAllocationMethod: "Dynamic", publicIPAddressVersion: "IPv6" });
    expect(made).not.toHaveProperty("sku");
  });
});

describe("an existing public IP", () => {
  const ours = publicIp(GENERATED, { tags: managedTags("shop/web"), ipAddress: "20.1.2.3" });
  const pinned: ServiceWords = { loadBalancerIP: "20.1.2.3" };

  it("stays as it is", () => expect(ensured({}, { existing: [ours] })).toBe(ours));
  it("LB 27 of a user gets no tags", () => {
    const byo = publicIp("byo", { ipAddress: "20.1.2.3" });
    const annotations = { "azure-pip-tags": "a=b" };
    expect(ensured({ ...pinned, annotations }, { existing: [byo], config: config({ tags: { c: "d" } }) })).toBe(byo);
  });
  it("of another cluster gets no tags", () => {
    const other = publicIp(GENERATED, {
      ipAddress: "20.1.2.3",
      tags: { "k8s-azure-service": "a/b", "k8s-azure-cluster-name": "other" },
    });
    expect(ensured(pinned, { existing: [other] })).toBe(other);
  });
  it("LB 45 that is shared names both Services", () => {
    const shared = publicIp(`kubernetes-a${"0".repeat(31)}`, {
      tags: managedTags("shop/first"),
      ipAddress: "20.1.2.3",
    });
    expect(ensured(pinned, { existing: [shared] })?.tags).toEqual(managedTags("shop/first", "shop/web"));
  });
  it("LB 50 is shared by its name too", () => {
    const shared = publicIp(`kubernetes-a${"0".repeat(31)}`, {
      tags: managedTags("shop/first"),
      ipAddress: "20.1.2.3",
    });
    const words = { annotations: { "azure-pip-name": shared.name as string } };
    expect(ensured(words, { existing: [shared] })?.tags).toEqual(managedTags("shop/first", "shop/web"));
  });
  it("keeps the tags that old versions wrote", () => {
    const old = { ...ours, tags: { service: "shop/first", "kubernetes-cluster-name": "kubernetes" } };
    expect(ensured({}, { existing: [old] })?.tags).toEqual({
      service: "shop/first,shop/web",
      "kubernetes-cluster-name": "kubernetes",
    });
  });
  it("LB 15 becomes standard, a user's too", () => {
    const basic = publicIp("byo", { ipAddress: "20.1.2.3", sku: { name: "Basic", tier: "Regional" } });
    expect(ensured(pinned, { existing: [basic] })?.sku).toEqual({ name: "Standard", tier: "Regional" });
  });
  it("LB 43 for IPv6 becomes static on the standard SKU", () => {
    const six = { ...ours, publicIPAddressVersion: "IPv6", publicIPAllocationMethod: "Dynamic" } as const;
    expect(ensured({ ipFamilies: ["IPv6"] }, { existing: [six], family: "IPv6" })).toMatchObject({
      publicIPAllocationMethod: "Static",
    });
  });
  it("LB 39 gets the Service's tags, the others stay", () => {
    const tagged = { ...ours, tags: { ...ours.tags, a: "b", c: "d" } };
    const next = ensured({ annotations: { "azure-pip-tags": "a=c" } }, { existing: [tagged] });
    expect(next?.tags).toEqual({ ...managedTags("shop/web"), a: "c", c: "d" });
  });
  it("never gets an owner tag from an annotation", () => {
    const annotations = { "azure-pip-tags": "k8s-azure-service=evil/one" };
    expect(ensured({ annotations }, { existing: [ours] })).toBe(ours);
  });
  it("LB 40 gets other IP tags in place only where that is allowed", () => {
    const annotations = { "azure-pip-ip-tags": "FirstPartyUsage=/x" };
    const allowed = config({ changeIpTagsInPlace: true });
    expect(ensured({ annotations }, { existing: [ours], config: allowed })).toMatchObject({
      ipTags: [{ ipTagType: "FirstPartyUsage", tag: "/x" }],
    });
    expect(ensured({ annotations }, { existing: [ours] })).toBe(ours);
  });
  it("LB 40 keeps its address when IP tags cannot change in place, and says so (the original makes it anew)", () => {
    const remarksOn = (words: ServiceWords, cluster = config(), on = ours) =>
      ipTagRemarks(on, settingsOf(service(words), cluster), cluster).map(({ reason }) => reason);
    const words = { annotations: { "azure-pip-ip-tags": "RoutingPreference=Internet" } };
    expect(remarksOn(words)).toEqual(["IPTagsNotChanged"]);
    expect(remarksOn({})).toEqual([]);
    expect(remarksOn(words, config({ changeIpTagsInPlace: true }))).toEqual([]);
    expect(remarksOn(words, config(), publicIp("byo"))).toEqual([]);
    expect(remarksOn({ annotations: { "azure-pip-ip-tags": "" } })).toEqual([]);
  });
  it("that the user named must be there when the write is made", () => {
    const settings = settingsOf(service(pinned));
    const choice = accept(chosen(pinned, { existing: [ours] }));
    expect(() => publicIpEdit({ settings, config: config(), choice }).apply(undefined)).toThrow(
      expect.objectContaining({ code: "NotFound" }),
    );
  });
});

describe("DNS label", () => {
  const ours = publicIp(GENERATED, { tags: managedTags("shop/web"), ipAddress: "20.1.2.3" });
  const label = (raw: string): ServiceWords => ({ annotations: { "azure-dns-label-name": raw } });
  const labelled = ensured(label("web"), { existing: [ours] }) as PublicIPAddress;

  it("LB 37 is set, with the Service as its owner", () => {
    expect(labelled).toMatchObject({
      dnsSettings: { domainNameLabel: "web" },
      tags: { ...managedTags("shop/web"), "k8s-azure-dns-label-service": "shop/web" },
    });
    expect(ensured(label("WEB"), { existing: [labelled] })).toBe(labelled);
  });
  it("LB 37 is taken away by an empty annotation, and stays without one", () => {
    expect(ensured(label(""), { existing: [labelled] })).not.toHaveProperty("dnsSettings");
    expect(ensured({}, { existing: [labelled] })).toBe(labelled);
  });
  it("is changed without the name that ARM made from it", () => {
    const shown = { ...labelled, dnsSettings: { domainNameLabel: "web", fqdn: "web.westeurope.cloudapp.azure.com" } };
    expect(ensured(label("shop"), { existing: [shown] })?.dnsSettings).toEqual({ domainNameLabel: "shop" });
  });
  it("LB 38 of another Service is refused", () => {
    const taken = { ...labelled, tags: { ...labelled.tags, "k8s-azure-dns-label-service": "shop/first" } };
    expect(() => ensured(label("web"), { existing: [taken] })).toThrow(
      "there is an existing service shop/first consuming the DNS label on the public IP",
    );
  });
  it("of a user's public IP is set without a tag", () => {
    const byo = publicIp("byo", { ipAddress: "20.1.2.3" });
    const next = ensured({ ...label("web"), loadBalancerIP: "20.1.2.3" }, { existing: [byo] });
    expect(next).toEqual({ ...byo, dnsSettings: { domainNameLabel: "web" } });
  });
});

describe("public IPs that a Service gives up", () => {
  const ours = publicIp(GENERATED, { tags: managedTags("shop/web") });
  const cases: readonly {
    name: string;
    publicIp: PublicIPAddress;
    words?: ServiceWords;
    wanted?: boolean;
    because?: string;
  }[] = [
    { name: "LB 31 are those it no longer uses", publicIp: ours, because: "the Service uses another public IP" },
    {
      name: "LB 51 are all when it is internal",
      publicIp: ours,
      words: { annotations: { "azure-load-balancer-internal": "true" } },
      because: "the Service is internal",
    },
    { name: "are all when it goes", publicIp: ours, wanted: false, because: "the Service is gone" },
    { name: "LB 27 are never a user's", publicIp: publicIp("byo", { ipAddress: "1.2.3.4" }), wanted: false },
    {
      name: "are never of a name we do not make, whatever its tags (the original deletes it)",
      publicIp: publicIp("pip1", { tags: managedTags("shop/web") }),
      wanted: false,
    },
    {
      name: "LB 35 are never another cluster's",
      publicIp: { ...ours, tags: { ...ours.tags, "k8s-azure-cluster-name": "other" } },
      wanted: false,
    },
    {
      name: "LB 36 are those without address too",
      publicIp: { ...ours, provisioningState: "Failed" },
      wanted: false,
      because: "the Service is gone",
    },
    { name: "LB 36 are none without tags", publicIp: publicIp(GENERATED), wanted: false },
    {
      name: "are those whose cluster tag is missing",
      publicIp: { ...ours, tags: { "k8s-azure-service": "SHOP/web" } },
      wanted: false,
      because: "the Service is gone",
    },
    {
      name: "are of a family that is no longer enabled",
      publicIp: publicIp(`${GENERATED}-IPv6`, { tags: managedTags("shop/web"), publicIPAddressVersion: "IPv6" }),
      because: "the Service uses another public IP",
    },
  ];
  for (const { name, publicIp: each, words = {}, wanted = true, because } of cases) {
    it(name, () => {
      expect(released(words, [each], [], wanted)).toEqual(because === undefined ? [] : [[each.name, because]]);
    });
  }
  it("are not those it uses", () => expect(released({}, [ours], [ours.id?.toUpperCase() ?? ""])).toEqual([]));
});

describe("giving a public IP up", () => {
  it("LB 33 takes the Service out of the tag and keeps the public IP for the other", () => {
    const shared = publicIp(GENERATED, { tags: managedTags("shop/web", "default/test2") });
    const next = unbound(shared) as PublicIPAddress;
    expect(next.tags).toEqual(managedTags("default/test2"));
    expect(settlePublicIp(next, config())).toBe("keep");
    expect(unbound(next)).toBe(next);
  });
  it("LB 32 does so for a Service that uses another one (the original leaves it in the tag)", () => {
    const shared = publicIp(GENERATED, { tags: managedTags("default/test2", "shop/web") });
    expect(unbound(shared)?.tags).toEqual(managedTags("default/test2"));
  });
  it("removes it with the last Service", () => {
    const next = unbound(publicIp(GENERATED, { tags: managedTags("shop/web") })) as PublicIPAddress;
    expect(settlePublicIp(next, config())).toBe("remove");
  });
  it("takes the DNS label's owner out with its Service only", () => {
    const tags = { ...managedTags("shop/web", "a/b"), "k8s-azure-dns-label-service": "shop/web" };
    expect(unbound(publicIp(GENERATED, { tags }))?.tags).toEqual(managedTags("a/b"));
    const others = { ...tags, "k8s-azure-dns-label-service": "a/b" };
    expect(unbound(publicIp(GENERATED, { tags: others }))?.tags).toMatchObject({
      "k8s-azure-dns-label-service": "a/b",
    });
  });
  it("leaves a user's as it is", () => {
    const byo = publicIp("byo", { tags: managedTags("shop/web") });
    expect(unbound(byo)).toBe(byo);
    expect(settlePublicIp(byo, config())).toBe("keep");
  });
  it("never removes what has no empty tag, our name and our cluster", () => {
    const empty = { "k8s-azure-service": "", "k8s-azure-cluster-name": "kubernetes" };
    expect(settlePublicIp(publicIp(GENERATED), config())).toBe("keep");
    expect(settlePublicIp(publicIp("byo", { tags: empty }), config())).toBe("keep");
    expect(
      settlePublicIp(publicIp(GENERATED, { tags: { ...empty, "k8s-azure-cluster-name": "other" } }), config()),
    ).toBe("keep");
  });
  it("is undone when a Service comes back before the write", () => {
    const next = unbound(publicIp(GENERATED, { tags: managedTags("shop/web") })) as PublicIPAddress;
    const back = ensured({}, { existing: [next] });
    expect(back?.tags).toEqual(managedTags("shop/web"));
  });
});
