import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiVersionOf, ownerOfPath, typeOfPath } from "../../../../src/azure/arm/api-versions.ts";
import { type CredentialSettings, chooseIdentity, type Identity } from "../../../../src/azure/arm/identity.ts";
import { sameModel } from "../../../../src/azure/arm/same-model.ts";
import { DEFAULT_TTL_MS, timesToLive } from "../../../../src/azure/arm/time-to-live.ts";

const GROUP = "/subscriptions/s/resourceGroups/rg";

describe("the api-version", () => {
  const cases: readonly [path: string, version: string | undefined][] = [
    [`${GROUP}/providers/Microsoft.Network/loadBalancers/lb`, "2025-05-01"],
    [`${GROUP}/providers/microsoft.network/LOADBALANCERS`, "2025-05-01"],
    [`${GROUP}/providers/Microsoft.Network/loadBalancers/lb/migrateToIpBased`, "2025-05-01"],
    [`${GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`, "2025-05-01"],
    [`${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/v`, "2025-04-01"],
    [`${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/v/virtualMachines/0`, "2025-04-01"],
    [`${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/v/networkInterfaces`, "2018-10-01"],
    [
      `${GROUP}/providers/microsoft.Compute/virtualMachineScaleSets/v/virtualMachines/0/networkInterfaces/n`,
      "2018-10-01",
    ],
    [
      `${GROUP}/providers/microsoft.Compute/virtualMachineScaleSets/v/virtualMachines/0/networkInterfaces/n/ipConfigurations/i/publicIPAddresses/p`,
      "2018-10-01",
    ],
    [`${GROUP}/providers/Microsoft.Compute/disks/d`, "2025-01-02"],
    [`${GROUP}/providers/Microsoft.Unheard/of/x`, undefined],
    ["/subscriptions/s", undefined],
  ];
  for (const [path, version] of cases) {
    it(`of ${path} is ${version ?? "left alone"}`, () => {
      expect(apiVersionOf(path)).toBe(version);
    });
  }

  it("comes from the type, names left out", () => {
    expect(typeOfPath(`${GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`)).toBe(
      "microsoft.network/virtualnetworks/subnets",
    );
    expect(ownerOfPath(`${GROUP}/providers/Microsoft.Network/x`)).toEqual({
      subscriptionId: "s",
      provider: "microsoft.network",
    });
    expect(ownerOfPath("/providers")).toEqual({ subscriptionId: "", provider: "" });
  });
});

describe("who we are", () => {
  const nobody: CredentialSettings = {
    useManagedIdentityExtension: false,
    useFederatedWorkloadIdentityExtension: false,
  };
  const everything: CredentialSettings = {
    tenantId: "t",
    aadClientId: "c",
    aadClientSecret: "s",
    aadClientCertPath: "/cert.pem",
    aadFederatedTokenFile: "/token",
    useManagedIdentityExtension: true,
    useFederatedWorkloadIdentityExtension: true,
  };
  const cases: readonly [name: string, settings: CredentialSettings, identity: Identity][] = [
    [
      "workload identity comes first",
      everything,
      { kind: "workload", tenantId: "t", clientId: "c", tokenFilePath: "/token" },
    ],
    [
      "INS 21: managed identity comes before secret and certificate",
      { ...everything, useFederatedWorkloadIdentityExtension: false },
      { kind: "managed", which: undefined },
    ],
    [
      "a secret comes before a certificate",
      { ...everything, useFederatedWorkloadIdentityExtension: false, useManagedIdentityExtension: false },
      { kind: "secret", tenantId: "t", clientId: "c", secret: "s" },
    ],
    [
      "a certificate",
      { ...nobody, tenantId: "t", aadClientId: "c", aadClientCertPath: "/cert.pem" },
      { kind: "certificate", tenantId: "t", clientId: "c", path: "/cert.pem" },
    ],
    [
      "INS 25: a user-assigned identity by resource id",
      { ...nobody, useManagedIdentityExtension: true, userAssignedIdentityID: "/Subscriptions/x/id" },
      { kind: "managed", which: { resourceId: "/Subscriptions/x/id" } },
    ],
    [
      "a user-assigned identity by client id",
      { ...nobody, useManagedIdentityExtension: true, userAssignedIdentityID: "guid" },
      { kind: "managed", which: { clientId: "guid" } },
    ],
  ];
  for (const [name, settings, identity] of cases) {
    it(name, () => {
      expect(chooseIdentity(settings)).toEqual(identity);
    });
  }

  const refusals: readonly [name: string, settings: CredentialSettings, says: RegExp][] = [
    ["nobody", nobody, /no credentials provided/],
    ["workload identity without a client", { ...everything, aadClientId: "" }, /no client ID/],
    ["workload identity without a token file", { ...everything, aadFederatedTokenFile: undefined }, /no token file/],
    ["a secret without a tenant", { ...nobody, aadClientId: "c", aadClientSecret: "s" }, /invalid tenantID ""/],
    [
      "a tenant that is a path",
      { ...nobody, tenantId: "a/b", aadClientId: "c", aadClientSecret: "s" },
      /invalid tenantID "a\/b"/,
    ],
  ];
  for (const [name, settings, says] of refusals) {
    it(`cannot be ${name}`, () => {
      expect(() => chooseIdentity(settings)).toThrow(says);
    });
  }

  it("never tells the secret", () => {
    const settings = { ...nobody, aadClientSecret: "hunter2" };
    expect(() => chooseIdentity(settings)).toThrow(/^(?!.*hunter2)/);
  });
});

describe("times to live", () => {
  it("are the defaults for zero and for nothing", () => {
    expect(timesToLive({ loadBalancerCacheTTLInSeconds: 0 })).toEqual(DEFAULT_TTL_MS);
  });

  it("are seconds in azure.json; below zero is never", () => {
    const times = timesToLive({ loadBalancerCacheTTLInSeconds: 30, nsgCacheTTLInSeconds: -1 });
    expect(times).toMatchObject({ loadBalancers: 30_000, networkSecurityGroups: -1_000 });
  });

  it("are never for everything without a cache", () => {
    expect(new Set(Object.values(timesToLive({ disableAPICallCache: true })))).toEqual(new Set([-1]));
  });
});

describe("two models", () => {
  const cases: readonly [name: string, left: unknown, right: unknown, same: boolean][] = [
    ["are the same when one has undefined where the other has nothing", { a: 1, b: undefined }, { a: 1 }, true],
    ["are the same when one has an empty list where the other has nothing", { list: [] }, {}, true],
    [
      "are the same when only ARM's own members differ",
      { a: 1, etag: "1", provisioningState: "Updating" },
      { a: 1, etag: "2" },
      true,
    ],
    ["differ in a value", { a: { b: 1 } }, { a: { b: 2 } }, false],
    ["differ in the order of a list", [1, 2], [2, 1], false],
    ["differ in length", [{ a: 1 }], [{ a: 1 }, { a: 2 }], false],
    ["differ when a list is emptied", { list: [1] }, { list: [] }, false],
    ["differ in null and nothing", { a: null }, {}, false],
    ["differ in moments", { at: new Date(1) }, { at: new Date(2) }, false],
    ["are the same in moments", { at: new Date(1) }, { at: new Date(1) }, true],
  ];
  for (const [name, left, right, same] of cases) {
    it(name, () => {
      expect(sameModel(left, right)).toBe(same);
      expect(sameModel(right, left)).toBe(same);
    });
  }

  it("law: a copy is the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameModel(value, structuredClone(value))).toBe(true);
      }),
    );
  });
});
