import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aggregate,
  type Cidr,
  canonicalAddress,
  canonicalAddressLenient,
  containsAddress,
  containsCidr,
  familyOf,
  formatCidr,
  parseCidr,
  parseCidrLenient,
  sameAddress,
  singleAddress,
} from "../../../src/base/cidr.ts";

const text = (cidr: Cidr | undefined): string | undefined => (cidr === undefined ? undefined : formatCidr(cidr));

/** The range of a text that a test knows to be one. */
function range(input: string): Cidr {
  const cidr = parseCidr(input);
  if (cidr === undefined) throw new Error(`${input} is no range`);
  return cidr;
}

describe("an address", () => {
  const cases: readonly { name: string; raw: string; canonical?: string; family?: string }[] = [
    { name: "of IPv4 stays as it is", raw: "10.0.0.1", canonical: "10.0.0.1", family: "IPv4" },
    { name: "of IPv6 is compressed and lower case", raw: "2001:DB8:0:0::1", canonical: "2001:db8::1", family: "IPv6" },
    {
      name: "of IPv6 keeps a lone zero group",
      raw: "2001:db8:0:1:1:1:1:1",
      canonical: "2001:db8:0:1:1:1:1:1",
      family: "IPv6",
    },
    { name: "mapped into IPv6 keeps its dots", raw: "::ffff:a00:1", canonical: "::ffff:10.0.0.1", family: "IPv6" },
    { name: "with an octal look is refused", raw: "010.0.0.1" },
    { name: "in short form is refused", raw: "10.1" },
    { name: "as one number is refused", raw: "167772161" },
    { name: "with a zone is refused", raw: "fe80::1%eth0" },
    { name: "with blanks is refused", raw: " 10.0.0.1" },
    { name: "with a prefix is refused", raw: "10.0.0.1/32" },
    { name: "that is empty is refused", raw: "" },
  ];
  for (const { name, raw, canonical, family } of cases) {
    it(name, () => {
      expect([canonicalAddress(raw), familyOf(raw)]).toEqual([canonical, family]);
    });
  }

  it("equals another spelling of itself, and nothing that is no address", () => {
    expect(sameAddress("2001:db8::1", "2001:DB8:0::0:1")).toBe(true);
    expect(sameAddress("10.0.0.1", "::ffff:10.0.0.1")).toBe(false);
    expect(sameAddress("none", "none")).toBe(false);
  });

  it("is read with leading zeros as decimal where Kubernetes does so", () => {
    expect(canonicalAddressLenient("010.000.00.1")).toBe("10.0.0.1");
    expect(canonicalAddressLenient("10.0.0.100")).toBe("10.0.0.100");
    expect(canonicalAddressLenient("2001:db8::0001")).toBe("2001:db8::1");
    expect(canonicalAddressLenient("10.0.0.0256")).toBeUndefined();
  });
});

describe("a range", () => {
  const cases: readonly { name: string; raw: string; strict?: string; lenient?: string }[] = [
    { name: "is a network and its bits", raw: "10.0.0.0/8", strict: "10.0.0.0/8", lenient: "10.0.0.0/8" },
    { name: "may hold everything", raw: "0.0.0.0/0", strict: "0.0.0.0/0", lenient: "0.0.0.0/0" },
    { name: "may hold one address", raw: "2001:db8::1/128", strict: "2001:db8::1/128", lenient: "2001:db8::1/128" },
    { name: "with host bits is cut only by the lenient", raw: "192.168.0.1/24", lenient: "192.168.0.0/24" },
    { name: "of IPv6 with host bits is cut only by the lenient", raw: "2001:db8::1/32", lenient: "2001:db8::/32" },
    { name: "of all IPv4 with host bits is everything to the lenient", raw: "192.168.0.0/0", lenient: "0.0.0.0/0" },
    { name: "with leading zeros is read only by the lenient", raw: "010.0.0.0/08", lenient: "10.0.0.0/8" },
    { name: "without bits is refused", raw: "10.0.0.1" },
    { name: "with an empty mask is refused", raw: "10.0.0.0/" },
    { name: "with too many bits is refused", raw: "10.0.0.1/33" },
    { name: "of IPv6 with too many bits is refused", raw: "::/129" },
    { name: "with a dotted mask is refused", raw: "10.0.0.0/255.0.0.0" },
    { name: "with a sign is refused", raw: "10.0.0.0/+8" },
    { name: "with a zone is refused", raw: "fe80::%eth0/64" },
    { name: "of words is refused", raw: "foo.bar" },
    { name: "that is a star is refused", raw: "*" },
    { name: "that is empty is refused", raw: "" },
    { name: "without an address is refused", raw: "/8" },
  ];
  for (const { name, raw, strict, lenient } of cases) {
    it(name, () => {
      expect([text(parseCidr(raw)), text(parseCidrLenient(raw))]).toEqual([strict, lenient]);
    });
  }

  it("contains the addresses of its network and family", () => {
    const inside = ["10.0.0.0", "10.255.255.255"];
    const outside = ["9.255.255.255", "11.0.0.0", "::10.0.0.1", "10.0.0", ""];
    for (const address of inside) expect(containsAddress(range("10.0.0.0/8"), address), address).toBe(true);
    for (const address of outside) expect(containsAddress(range("10.0.0.0/8"), address), address).toBe(false);
  });
});

describe("one range in another", () => {
  const cases: readonly { outer: string; inner: string; want: boolean }[] = [
    { outer: "10.0.0.0/8", inner: "10.0.0.0/8", want: true },
    { outer: "10.0.0.0/8", inner: "10.255.255.255/32", want: true },
    { outer: "10.0.0.0/8", inner: "10.0.0.0/7", want: false },
    { outer: "10.0.0.0/8", inner: "11.0.0.0/16", want: false },
    { outer: "0.0.0.0/0", inner: "::/0", want: false },
    { outer: "::/0", inner: "2001:db8::/32", want: true },
  ];
  for (const { outer, inner, want } of cases) {
    it(`${outer} ${want ? "contains" : "does not contain"} ${inner}`, () => {
      expect(containsCidr(range(outer), range(inner))).toBe(want);
    });
  }

  it("is a lone address, as the smallest of all", () => {
    expect(text(singleAddress("10.0.0.1"))).toBe("10.0.0.1/32");
    expect(text(singleAddress("2001:DB8::1"))).toBe("2001:db8::1/128");
    expect(singleAddress("10.0.0.0/8")).toBeUndefined();
  });
});

describe("aggregation", () => {
  const cases: readonly { name: string; ranges: readonly string[]; want: readonly string[] }[] = [
    { name: "of nothing is nothing", ranges: [], want: [] },
    { name: "drops doubles", ranges: ["10.0.0.0/8", "10.0.0.0/8"], want: ["10.0.0.0/8"] },
    { name: "drops what another contains", ranges: ["10.1.0.0/16", "10.0.0.0/8"], want: ["10.0.0.0/8"] },
    { name: "merges halves", ranges: ["192.168.0.1/32", "192.168.0.0/32"], want: ["192.168.0.0/31"] },
    {
      name: "merges halves of halves",
      ranges: ["10.0.0.0/26", "10.0.0.128/25", "10.0.0.64/26"],
      want: ["10.0.0.0/24"],
    },
    {
      name: "leaves neighbours that are no halves",
      ranges: ["10.0.0.1/32", "10.0.0.2/32"],
      want: ["10.0.0.1/32", "10.0.0.2/32"],
    },
    { name: "merges up to everything", ranges: ["128.0.0.0/1", "0.0.0.0/1"], want: ["0.0.0.0/0"] },
    {
      name: "keeps families apart, IPv4 first",
      ranges: ["::/1", "8000::/1", "10.0.0.0/8"],
      want: ["10.0.0.0/8", "::/0"],
    },
    { name: "sorts by address, not by text", ranges: ["100.0.0.0/8", "9.0.0.0/8"], want: ["9.0.0.0/8", "100.0.0.0/8"] },
  ];
  for (const { name, ranges, want } of cases) {
    it(name, () => {
      expect(aggregate(ranges.map(range)).map(formatCidr)).toEqual(want);
    });
  }

  // few bits, so that ranges meet often and every address can be tried
  const small = fc
    .record({ address: fc.nat(63), prefixLength: fc.integer({ min: 26, max: 32 }) })
    .map(({ address, prefixLength }) => parseCidrLenient(`10.0.0.${address}/${prefixLength}`) as Cidr);
  const addresses = Array.from({ length: 64 }, (_, last) => `10.0.0.${last}`);
  const held = (ranges: readonly Cidr[]): readonly string[] =>
    addresses.filter((address) => ranges.some((cidr) => containsAddress(cidr, address)));

  it("law: the same addresses are held before and after", () => {
    fc.assert(
      fc.property(fc.array(small), (ranges) => {
        expect(held(aggregate(ranges))).toEqual(held(ranges));
      }),
    );
  });

  it("law: the order of ranges does not matter, and twice is once", () => {
    fc.assert(
      fc.property(fc.array(small), (ranges) => {
        const once = aggregate(ranges);
        expect(aggregate(ranges.toReversed())).toEqual(once);
        expect(aggregate(once)).toEqual(once);
      }),
    );
  });

  it("law: no two ranges overlap or are halves of one", () => {
    fc.assert(
      fc.property(fc.array(small), (ranges) => {
        const once = aggregate(ranges);
        for (const address of addresses) {
          expect(once.filter((cidr) => containsAddress(cidr, address)).length).toBeLessThanOrEqual(1);
        }
        const wholes = once.map((cidr) =>
          text(parseCidrLenient(formatCidr({ ...cidr, prefixLength: cidr.prefixLength - 1 }))),
        );
        const sizes = once.map(({ prefixLength }, index) => `${prefixLength} of ${wholes[index]}`);
        expect(new Set(sizes).size).toBe(sizes.length);
      }),
    );
  });
});

it("law: parse(format(range)) is the range", () => {
  const anyRange = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
  );
  fc.assert(
    fc.property(anyRange, ([address, bits]) => {
      const cidr = parseCidrLenient(`${address}/${bits}`);
      expect(cidr).toBeDefined();
      expect(parseCidr(formatCidr(cidr as Cidr))).toEqual(cidr);
    }),
  );
});
