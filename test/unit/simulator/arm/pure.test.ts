import { describe, expect, it } from "vitest";
import { AddressBook, isReserved } from "../../../../src/simulator/arm/addresses/address-book.ts";
import { covers, ipNumber, ipText, overlaps, parseCidr } from "../../../../src/simulator/arm/addresses/cidr.ts";
import { ancestor, childId, nameOf, parseArmId, typeName } from "../../../../src/simulator/arm/arm-id.ts";
import { failedCondition } from "../../../../src/simulator/arm/conditions.ts";
import { Derive } from "../../../../src/simulator/arm/derive.ts";
import { latencyProfile, logNormal } from "../../../../src/simulator/arm/latency.ts";
import { parseRoute } from "../../../../src/simulator/arm/route.ts";

describe("ids", () => {
  const text = "/subscriptions/S/resourceGroups/Rg/providers/Microsoft.Network/loadBalancers/Lb/backendAddressPools/P";

  it("get ARM's casing in fixed words and keep that of names", () => {
    const id = parseArmId(
      "/SUBSCRIPTIONS/S/resourcegroups/Rg/Providers/microsoft.network/LOADBALANCERS/Lb/backendaddresspools/P",
    );
    expect(id?.text).toBe(text);
    expect(id?.key).toBe(text.toLowerCase());
  });

  it("know their type, name, parent and children", () => {
    const id = parseArmId(text);
    if (id === undefined) throw new Error("no id");
    expect(typeName(id)).toBe("Microsoft.Network/loadBalancers/backendAddressPools");
    expect(nameOf(id)).toBe("P");
    expect(ancestor(id, 1).text).toBe(text.replace("/backendAddressPools/P", ""));
    expect(childId(ancestor(id, 1), "probes", "x").text).toMatch(/\/loadBalancers\/Lb\/probes\/x$/);
  });

  for (const bad of [
    "",
    "lb",
    "/subscriptions/S",
    text.slice(1),
    `${text}/`,
    `${text}/x`,
    text.replace("/Lb/", "//"),
    text.replace("providers", "provider"),
  ]) {
    it(`are not ${JSON.stringify(bad)}`, () => expect(parseArmId(bad)).toBeUndefined());
  }
});

describe("routes", () => {
  const table: readonly (readonly [string, object])[] = [
    ["/subscriptions", { kind: "subscriptions" }],
    ["/subscriptions/S", { kind: "subscription", subscription: "S" }],
    ["/subscriptions/S/Locations", { kind: "locations", subscription: "S" }],
    ["/subscriptions/S/resourcegroups/", { kind: "resourceGroups", subscription: "S" }],
    ["/subscriptions/S/resourceGroups/a%20b", { kind: "resourceGroup", subscription: "S", name: "a b" }],
    [
      "/subscriptions/S/providers/microsoft.network",
      { kind: "provider", subscription: "S", namespace: "Microsoft.Network" },
    ],
    [
      "/subscriptions/S/providers/Microsoft.Network/locations/l/operations/g",
      { kind: "operation", subscription: "S", namespace: "Microsoft.Network", id: "g" },
    ],
    [
      "/subscriptions/S/providers/Microsoft.Network/locations/l/operationResults/g",
      { kind: "operationResult", subscription: "S", namespace: "Microsoft.Network", id: "g" },
    ],
    ["/subscriptions/S/operationresults/t", { kind: "deletion", subscription: "S", token: "t" }],
    [
      "/subscriptions/S/providers/Microsoft.Network/loadbalancers",
      {
        kind: "collection",
        subscription: "S",
        resourceGroup: undefined,
        namespace: "Microsoft.Network",
        types: ["loadBalancers"],
        names: [],
      },
    ],
    [
      "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Network/loadBalancers/lb/probes",
      {
        kind: "collection",
        subscription: "S",
        resourceGroup: "rg",
        namespace: "Microsoft.Network",
        types: ["loadBalancers", "probes"],
        names: ["lb"],
      },
    ],
  ];
  for (const [path, route] of table)
    it(`${path} is ${(route as { kind: string }).kind}`, () => expect(parseRoute(path)).toEqual(route));

  for (const path of [
    "/",
    "/tenants",
    "/subscriptions//x",
    "/subscriptions/S/x",
    "/subscriptions/S/resourceGroups/rg/x",
    "/subscriptions/S/%",
    "/subscriptions/S/providers/a/locations/l/operations",
    "/subscriptions/S/providers/a/b/c",
  ]) {
    it(`${path} is unknown`, () => expect(parseRoute(path)).toEqual({ kind: "unknown" }));
  }
});

describe("address blocks", () => {
  it("are read with host bits cleared", () => {
    expect(parseCidr("10.0.0.77/24")?.text).toBe("10.0.0.0/24");
    expect(parseCidr("2001:DB8::1/64")?.text).toBe("2001:db8::/64");
    expect(parseCidr("10.0.0.1")?.text).toBe("10.0.0.1/32");
  });

  for (const bad of ["", "10.0.0", "010.0.0.1/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8/8", "Internet"]) {
    it(`are not ${JSON.stringify(bad)}`, () => expect(parseCidr(bad)).toBeUndefined());
  }

  it("cover and overlap within one version only", () => {
    const [wide, narrow, six] = ["10.0.0.0/8", "10.1.0.0/16", "::/0"].map((text) => parseCidr(text));
    if (wide === undefined || narrow === undefined || six === undefined) throw new Error("no block");
    expect([covers(wide, narrow), covers(narrow, wide), covers(six, narrow)]).toEqual([true, false, false]);
    expect([overlaps(wide, narrow), overlaps(narrow, wide), overlaps(six, wide)]).toEqual([true, true, false]);
  });

  it("print addresses as they were read", () => {
    for (const [version, text] of [
      [4, "255.0.1.2"],
      [6, "2603:1000::1f"],
    ] as const) {
      expect(ipText(version, ipNumber(text) ?? 0n)).toBe(text);
    }
  });
});

describe("the address book", () => {
  const prefix = parseCidr("10.0.0.0/29");
  if (prefix === undefined) throw new Error("no block");

  it("gives the lowest free address between the reserved ones, and none when full", () => {
    const book = new AddressBook();
    const given = ["a", "b", "c", "d"].map((owner) => {
      const address = book.lowestFree("s", prefix);
      if (address !== undefined) book.lease("s", address, owner);
      return address;
    });
    expect(given).toEqual(["10.0.0.4", "10.0.0.5", "10.0.0.6", undefined]);
    book.release("B");
    expect(book.lowestFree("s", prefix)).toBe("10.0.0.5");
    expect(book.lowestFree("s", prefix, new Set(["10.0.0.5"]))).toBeUndefined();
  });

  it("moves an owner's lease", () => {
    const book = new AddressBook();
    book.lease("s", "10.0.0.4", "a");
    book.lease("t", "10.1.0.4", "a");
    expect([book.ownerOf("s", "10.0.0.4"), book.addressOf("A"), book.addressOf("a", "s")]).toEqual([
      undefined,
      "10.1.0.4",
      undefined,
    ]);
  });

  it("knows the reserved addresses of a subnet", () => {
    const reserved = [0, 3, 4, 6, 7].map((last) => isReserved(prefix, `10.0.0.${last}`));
    expect(reserved).toEqual([true, true, false, false, true]);
  });
});

describe("conditions", () => {
  const network = { id: "/x", provider: "network", etag: 'W/"1"' } as const;
  const compute = { id: "/x", provider: "compute", etag: '"1"' } as const;
  const table: readonly (readonly [string, Parameters<typeof failedCondition>, boolean])[] = [
    ["nothing asked", [{ ifMatch: undefined, ifNoneMatch: undefined }, network], true],
    ["the same etag", [{ ifMatch: 'W/"1"', ifNoneMatch: undefined }, network], true],
    ["the same bare token", [{ ifMatch: "1", ifNoneMatch: undefined }, network], true],
    ["the same bare number", [{ ifMatch: "1", ifNoneMatch: undefined }, compute], true],
    ["another etag", [{ ifMatch: 'W/"2"', ifNoneMatch: undefined }, network], false],
    ["any etag of something", [{ ifMatch: "*", ifNoneMatch: undefined }, network], true],
    [
      "any etag of nothing",
      [
        { ifMatch: "*", ifNoneMatch: undefined },
        { ...network, etag: undefined },
      ],
      false,
    ],
    [
      "an etag of nothing",
      [
        { ifMatch: 'W/"1"', ifNoneMatch: undefined },
        { ...network, etag: undefined },
      ],
      false,
    ],
    [
      "only when absent, and it is",
      [
        { ifMatch: undefined, ifNoneMatch: "*" },
        { ...network, etag: undefined },
      ],
      true,
    ],
    ["only when absent, and it is not", [{ ifMatch: undefined, ifNoneMatch: "*" }, network], false],
  ];
  for (const [what, input, passes] of table) {
    it(`${what}: ${passes ? "passes" : "is refused"}`, () =>
      expect(failedCondition(...input)?.status).toBe(passes ? undefined : 412));
  }
});

describe("derived values", () => {
  it("ARM 131 follow from seed and parts alone", () => {
    const [a, b, other] = [new Derive("s"), new Derive("s"), new Derive("t")];
    expect(a.guid("x", 1)).toBe(b.guid("x", 1));
    expect(a.guid("x", 1)).not.toBe(a.guid("x", 2));
    expect(a.guid("x", 1)).not.toBe(other.guid("x", 1));
    expect(a.guid("x", 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("are spread over the whole interval", () => {
    const derive = new Derive("s");
    const draws = Array.from({ length: 1000 }, (_, i) => derive.fraction(i));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
  });
});

describe("latency", () => {
  const reference = { p50Ms: 2000, p95Ms: 5000 };

  it("has median and 95th percentile of the reference", () => {
    const derive = new Derive("latency");
    const draws = Array.from({ length: 4000 }, (_, i) =>
      logNormal(reference, () => [derive.fraction("a", i), derive.fraction("b", i)]),
    );
    const sorted = draws.toSorted((x, y) => x - y);
    expect((sorted[2000] ?? 0) / reference.p50Ms).toBeCloseTo(1, 1);
    expect((sorted[3800] ?? 0) / reference.p95Ms).toBeCloseTo(1, 0);
  });

  it("zero waits for nothing and asks for no wait", () => {
    for (const profile of [latencyProfile("zero"), latencyProfile(0)]) {
      expect([
        profile.answerMs(reference, () => [0, 0]),
        profile.operationMs(reference, () => [0, 0]),
        profile.retryAfterSeconds(10),
      ]).toEqual([0, 0, undefined]);
    }
  });

  it("second takes about one", () => {
    const profile = latencyProfile("second");
    for (const draw of [0, 0.5, 0.999]) {
      const ms = profile.operationMs(reference, () => [draw, 0]);
      expect(ms).toBeGreaterThanOrEqual(700);
      expect(ms).toBeLessThanOrEqual(1300);
    }
    expect(profile.retryAfterSeconds(10)).toBeUndefined();
  });

  it("a factor scales, and drops Retry-After below 1", () => {
    const draws = () => [0.3, 0.6] as const;
    const [half, one, double] = [0.5, 1, 2].map((factor) => latencyProfile(factor));
    const base = one?.operationMs(reference, draws) ?? 0;
    expect((double?.operationMs(reference, draws) ?? 0) / base).toBeCloseTo(2, 2);
    expect([half, one, double].map((profile) => profile?.retryAfterSeconds(3))).toEqual([undefined, 3, 6]);
  });
});
