import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "vitest";
import {
  formatProviderId,
  type MachineAddress,
  machineAddressOf,
  parseProviderId,
  providerIdOf,
} from "../../../../src/azure/machines/index.ts";

const COMPUTE = "azure:///subscriptions/sub/resourceGroups/rg/providers/Microsoft.Compute";
const place = { subscriptionId: "sub", resourceGroup: "rg" };

describe("provider ids", () => {
  const cases: readonly { name: string; text: string; want: MachineAddress | undefined }[] = [
    {
      name: "a machine of its own",
      text: `${COMPUTE}/virtualMachines/vm1`,
      want: { kind: "single", ...place, name: "vm1" },
    },
    {
      name: "an instance of a flexible scale set, which looks the same",
      text: `${COMPUTE}/virtualMachines/flexprofile-mp-0_df53ee36`,
      want: { kind: "single", ...place, name: "flexprofile-mp-0_df53ee36" },
    },
    {
      name: "an instance of a uniform scale set",
      text: `${COMPUTE}/virtualMachineScaleSets/s/virtualMachines/3`,
      want: { kind: "instance", ...place, scaleSet: "s", instanceId: "3" },
    },
    {
      name: "INS 53 an instance written with its name",
      text: `${COMPUTE}/virtualMachineScaleSets/k8s-agentpool-36841236-vmss/virtualMachines/k8s-agentpool-36841236-vmss_1`,
      want: { kind: "instance", ...place, scaleSet: "k8s-agentpool-36841236-vmss", instanceId: "1" },
    },
    {
      name: "INS 53 an instance written with its name in another letter case",
      text: `${COMPUTE}/virtualMachineScaleSets/Pool_a/virtualMachines/pool_A_12`,
      want: { kind: "instance", ...place, scaleSet: "Pool_a", instanceId: "12" },
    },
    {
      name: "fixed parts in another letter case",
      text: "azure:///Subscriptions/sub/resourcegroups/RG/Providers/microsoft.compute/VirtualMachines/Vm1",
      want: { kind: "single", ...place, name: "Vm1" },
    },
    {
      name: "an instance that is no number",
      text: `${COMPUTE}/virtualMachineScaleSets/s/virtualMachines/x`,
      want: undefined,
    },
    { name: "INS 52 another cloud", text: "aws:///eu-west-1/i-1", want: undefined },
    {
      name: "INS 52 another scheme before the same path",
      text: `${COMPUTE.replace("azure", "aws")}/virtualMachines/vm`,
      want: undefined,
    },
    { name: "INS 52 no scheme", text: ":///subscriptions/sub", want: undefined },
    { name: "INS 52 a scheme alone", text: "azure://", want: undefined },
    { name: "INS 52 a plain name", text: "k8s-agent-0", want: undefined },
    { name: "a type that does not exist", text: `${COMPUTE}/virtualMachine/vm3`, want: undefined },
    { name: "something below a machine", text: `${COMPUTE}/virtualMachines/vm/extensions/x`, want: undefined },
    { name: "a scale set", text: `${COMPUTE}/virtualMachineScaleSets/s`, want: undefined },
  ];
  for (const { name, text, want } of cases) {
    it(`${name}: ${want === undefined ? "no machine of Azure" : want.kind}`, () => {
      assert.deepEqual(parseProviderId(text), want);
    });
  }

  it("INS 51 of ARM ids only the resource group is put in lower case", () => {
    const id = "/subscriptions/AA-11/resourceGroups/MyRG/providers/Microsoft.Compute/VirtualMachines/MyRG-Vm1";
    assert.equal(providerIdOf(id), `azure://${id.replace("/MyRG/", "/myrg/")}`);
  });

  it("INS 51 a group whose name is in the subscription id too is found in its own place", () => {
    const id = "/subscriptions/RG-1/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/v";
    assert.equal(providerIdOf(id), `azure://${id.replace("/RG/", "/rg/")}`);
  });

  it("INS 51 what is no id has no provider id", () => {
    assert.equal(providerIdOf("invalid-id"), undefined);
    assert.equal(machineAddressOf("invalid-id"), undefined);
  });

  const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._()-]{0,20}$/);
  const group = word.map((text) => text.toLowerCase());
  const plain = { noNullPrototype: true } as const;
  const anyPlace = { subscriptionId: word, resourceGroup: group };
  const anyAddress: fc.Arbitrary<MachineAddress> = fc.oneof(
    fc.record({ kind: fc.constant("single" as const), ...anyPlace, name: word }, plain),
    fc.record(
      { kind: fc.constant("instance" as const), ...anyPlace, scaleSet: word, instanceId: fc.nat().map(String) },
      plain,
    ),
  );

  it("law: parse(format(address)) is address", () => {
    fc.assert(
      fc.property(anyAddress, (address) => assert.deepEqual(parseProviderId(formatProviderId(address)), address)),
    );
  });

  it("law: letter case of the fixed parts and of the group never matters", () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const shouted = formatProviderId(address)
          .replace(
            `/resourceGroups/${address.resourceGroup}/`,
            `/RESOURCEGROUPS/${address.resourceGroup.toUpperCase()}/`,
          )
          .replace("/virtualMachines/", "/VIRTUALMACHINES/");
        assert.deepEqual(parseProviderId(shouted), address);
      }),
    );
  });
});
