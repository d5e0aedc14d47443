import { describe, expect, it } from "vitest";
import { createdBy, judgeCreate, tellingOf } from "../../../../../src/azure/arm/completion/told-by.ts";

const GROUP = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";
const PIP = `${GROUP}/publicIPAddresses/pip`;

interface Facts {
  readonly state?: string;
  readonly guid?: string;
  readonly etag?: string;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly id?: string;
}

/** A public IP on the wire; as the answer to its create shows it, unless `facts` say otherwise. */
function pip({ state = "Updating", guid = "g1", etag = "e1", more = {}, tags = { a: "1" }, id = PIP }: Facts = {}) {
  return {
    name: "pip",
    id,
    etag,
    location: "westeurope",
    tags,
    zones: ["1", "2"],
    properties: { provisioningState: state, resourceGuid: guid, publicIPAddressVersion: "IPv4", ipTags: [], ...more },
  };
}

const DONE = { state: "Succeeded", etag: "e2", more: { ipAddress: "20.1.2.3" } };

describe("a write whose end can be seen in the resource", () => {
  const cases: readonly [name: string, told: readonly [string, string, number, unknown], is: boolean][] = [
    ["is a create of a public IP", ["PUT", PIP, 201, pip()], true],
    ["is no update: that may look like an older version", ["PUT", PIP, 200, pip()], false],
    ["is no delete", ["DELETE", PIP, 202, undefined], false],
    ["is none whose answer tells no incarnation", ["PUT", PIP, 201, pip({ guid: "" })], false],
    ["is none whose answer says Succeeded", ["PUT", PIP, 201, pip({ state: "Succeeded" })], false],
    ["is none that was answered without a body", ["PUT", PIP, 201, undefined], false],
    [
      "is no create of a balancer: that says Succeeded all the while",
      ["PUT", `${GROUP}/loadBalancers/lb`, 201, pip()],
      false,
    ],
    [
      "is no create of a security group: those are large",
      ["PUT", `${GROUP}/networkSecurityGroups/n`, 201, pip()],
      false,
    ],
    ["is none of a type that we do not know", ["PUT", `${GROUP}/bastions/b`, 201, pip()], false],
  ];
  for (const [name, [method, path, status, body], is] of cases) {
    it(name, () => {
      expect(createdBy(method, path, status, body) !== undefined).toBe(is);
    });
  }
});

describe("a copy of what a create makes", () => {
  const created = createdBy("PUT", PIP, 201, pip())!;
  const cases: readonly [name: string, copy: unknown, verdict: ReturnType<typeof judgeCreate>][] = [
    ["that says Updating is not done", pip(), "running"],
    ["that says Updating is another's while it is of another incarnation", pip({ guid: "g0" }), "unclear"],
    ["with more in a list was overtaken by another write", { ...pip(DONE), zones: ["1", "2", "3"] }, "unclear"],
    ["that says Succeeded, with address and new etag, is done", pip(DONE), "done"],
    ["may hold more than the write asked for", pip({ ...DONE, tags: { a: "1", policy: "x" } }), "done"],
    ["may spell its id in another case", pip({ ...DONE, id: PIP.toUpperCase() }), "done"],
    ["that is missing proves nothing", undefined, "unclear"],
    ["that says Failed leaves the reason to the operation", pip({ state: "Failed" }), "unclear"],
    ["that says Canceled leaves the reason to the operation", pip({ state: "Canceled" }), "unclear"],
    ["that is being deleted is not ours any more", pip({ state: "Deleting" }), "unclear"],
    ["of an earlier incarnation proves nothing, however well it looks", pip({ ...DONE, guid: "g0" }), "unclear"],
    ["without an incarnation proves nothing", pip({ ...DONE, guid: "" }), "unclear"],
    ["with another content was overtaken by another write", pip({ ...DONE, tags: { a: "2" } }), "unclear"],
    ["that lost something was overtaken by another write", pip({ ...DONE, tags: {} }), "unclear"],
    ["without a state proves nothing", { ...pip(DONE), properties: { resourceGuid: "g1" } }, "unclear"],
    ["that is no object proves nothing", "pip", "unclear"],
  ];
  for (const [name, copy, verdict] of cases) {
    it(name, () => {
      expect(judgeCreate(created, copy)).toBe(verdict);
    });
  }
});

describe("what is told where", () => {
  it("an answer is final for balancers only", () => {
    const final = (
      ["loadBalancers", "publicIPAddresses", "networkSecurityGroups", "networkInterfaces"] as const
    ).filter((type) => tellingOf(type).answerIsFinal);
    expect(final).toEqual(["loadBalancers"]);
  });

  it("what we do not know is followed by its operation and read after it", () => {
    expect(tellingOf(undefined)).toEqual({ createEndsIn: "operation", answerIsFinal: false, absenceInLists: false });
  });
});
