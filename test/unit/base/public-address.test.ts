import { describe, expect, it } from "vitest";
import { isPublicAddress } from "../../../src/base/public-address.ts";

describe("an address", () => {
  const cases: readonly { name: string; addresses: readonly string[]; want: boolean | undefined }[] = [
    { name: "of the Internet is public", addresses: ["20.1.2.3", "2603:1030::1", "::ffff:20.1.2.3"], want: true },
    {
      name: "around private ranges is public",
      addresses: ["11.0.0.0", "172.32.0.0", "192.169.0.0", "100.128.0.0"],
      want: true,
    },
    { name: "of RFC 1918 is not", addresses: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1"], want: false },
    { name: "of carrier-grade NAT is not", addresses: ["100.64.0.1", "100.127.255.255"], want: false },
    { name: "unique to a site is not", addresses: ["fc00::1", "fd12:3456::1"], want: false },
    { name: "of this machine is not", addresses: ["127.0.0.1", "::1"], want: false },
    { name: "of this link is not", addresses: ["169.254.169.254", "fe80::1"], want: false },
    { name: "of a group is not", addresses: ["224.0.0.1", "ff02::1", "255.255.255.255"], want: false },
    { name: "that is unspecified is not", addresses: ["0.0.0.0", "::", "::ffff:0.0.0.0"], want: false },
    { name: "mapped from a private one is not", addresses: ["::ffff:10.0.0.1"], want: false },
    { name: "must be one", addresses: ["", "web", "10.0.0.0/8", "010.0.0.1", "fe80::1%eth0"], want: undefined },
  ];
  for (const { name, addresses, want } of cases) {
    it(name, () => {
      expect(addresses.map(isPublicAddress)).toEqual(addresses.map(() => want));
    });
  }
});
