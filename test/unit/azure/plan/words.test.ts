import { describe, expect, it } from "vitest";
import { StandIns } from "../../../../src/azure/arm/stand-ins.ts";
import { inWords } from "../../../../src/azure/plan/words.ts";

describe("words for stand-ins", () => {
  const standIns = new StandIns();
  const web = standIns.addressOf("public IP web", "IPv4");
  const webV6 = standIns.addressOf("public IP web", "IPv6");

  it("are the same for the same thing", () => {
    expect(standIns.addressOf("public IP web", "IPv4")).toBe(web);
    expect([web, webV6]).toEqual(["240.0.0.1", "100::2"]);
  });

  it("stand wherever the stand-ins stood", () => {
    const words = "(known after apply: address of public IP web)";
    const document = { a: [web, `to ${web}, ${webV6}.`], b: { c: webV6 }, d: null, e: 7 };
    expect(inWords(document, standIns.words)).toEqual({
      a: [words, `to ${words}, ${webV6}.`],
      b: { c: words },
      d: null,
      e: 7,
    });
  });

  it("stand nowhere else", () => {
    expect(inWords({ a: `${web}1 1${web} ${web}.5` }, standIns.words)).toEqual({ a: `${web}1 1${web} ${web}.5` });
    expect(inWords({ a: web }, new Map())).toEqual({ a: web });
  });

  it("stand for numbers too", () => {
    expect(inWords({ port: 70000, ports: ["70000"], other: 7000 }, new Map([["70000", "some port"]]))).toEqual({
      port: "some port",
      ports: ["some port"],
      other: 7000,
    });
  });
});
