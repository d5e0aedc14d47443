import { describe, expect, it } from "vitest";
import { addToNodeAddresses, type NodeAddress, nodeAddressesFromNodeIP } from "../../../src/cloudprovider/index.ts";

const internal = (address: string): NodeAddress => ({ type: "InternalIP", address });
const external = (address: string): NodeAddress => ({ type: "ExternalIP", address });
const hostname: NodeAddress = { type: "Hostname", address: "node-a" };

describe("adding addresses", () => {
  it("keeps order and adds each once, also among the added", () => {
    const list = [internal("10.0.0.4"), hostname];
    const added = [external("20.0.0.1"), internal("10.0.0.4"), external("20.0.0.1"), external("10.0.0.4")];
    expect(addToNodeAddresses(list, added)).toEqual([...list, external("20.0.0.1"), external("10.0.0.4")]);
    expect(list).toHaveLength(2);
  });
});

describe("the provided node IP", () => {
  const cloud = [internal("10.0.0.4"), internal("2001:db8::4"), hostname, external("20.0.0.1"), external("2603::1")];
  const good: readonly { name: string; text: string; want: readonly NodeAddress[] }[] = [
    {
      name: "comes first, others of its type go",
      text: "2001:db8::4",
      want: [internal("2001:db8::4"), hostname, external("20.0.0.1"), external("2603::1")],
    },
    {
      name: "may be a pair, in its order",
      text: "2001:db8::4,10.0.0.4",
      want: [internal("2001:db8::4"), internal("10.0.0.4"), hostname, external("20.0.0.1"), external("2603::1")],
    },
    {
      name: "is compared as an address; the cloud's spelling stays",
      text: "2001:0DB8:0::4",
      want: [internal("2001:db8::4"), hostname, external("20.0.0.1"), external("2603::1")],
    },
    {
      name: "may have leading zeros",
      text: "010.000.000.004",
      want: [internal("10.0.0.4"), hostname, external("20.0.0.1"), external("2603::1")],
    },
    {
      name: "may be an external one",
      text: "20.0.0.1",
      want: [external("20.0.0.1"), internal("10.0.0.4"), internal("2001:db8::4"), hostname],
    },
  ];
  for (const { name, text, want } of good) {
    it(name, () => {
      expect(nodeAddressesFromNodeIP(text, cloud)).toEqual({ ok: true, value: want });
    });
  }

  const bad: readonly { name: string; text: string; got?: string }[] = [
    { name: "must not be empty", text: "" },
    { name: "must be an address", text: "node-a" },
    { name: "must not hold blanks", text: "10.0.0.4, 2001:db8::4" },
    { name: "must not be three", text: "10.0.0.4,2001:db8::4,20.0.0.1" },
    { name: "must not be two of a family", text: "10.0.0.4,20.0.0.1" },
    { name: "must not be unspecified in a pair", text: "0.0.0.0,2001:db8::4" },
    { name: "must not be unspecified in a pair on IPv6", text: "10.0.0.4,::" },
    { name: "must be one that the cloud reports", text: "10.0.0.5" },
    { name: "must be reported in both parts", text: "10.0.0.4,2001:db8::5", got: "2001:db8::5" },
  ];
  for (const { name, text, got = text } of bad) {
    it(name, () => {
      const answer = nodeAddressesFromNodeIP(text, cloud);
      expect(answer.ok ? [] : answer.problems.map((problem) => problem.got)).toEqual([got]);
    });
  }
});
