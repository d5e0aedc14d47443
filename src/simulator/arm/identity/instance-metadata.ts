import { type ArmId, parseArmId } from "../arm-id.ts";
import {
  type Json,
  type JsonObject,
  objectAt,
  objectsAt,
  propertiesOf,
  referenceAt,
  textAt,
  textsAt,
  wordAt,
} from "../json.ts";

/** What instance metadata reads: see `ResourceReader`. */
export interface MetadataSource {
  get(id: string): JsonObject | undefined;
  inEffect(id: string): JsonObject | undefined;
  list(type: string): readonly JsonObject[];
}

/** Types of machines. */
const MACHINES = ["Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"];

/** The machine with this id, name or host name, without case; the first of all when nothing is said. */
export function findMachine(source: MetadataSource, which: string | undefined): JsonObject | undefined {
  const machines = MACHINES.flatMap((type) => source.list(type));
  if (which === undefined) return machines[0];
  const wanted = which.toLowerCase();
  const hostName = (machine: JsonObject): string =>
    wordAt(objectAt(propertiesOf(machine), "osProfile"), "computerName");
  return machines.find((machine) =>
    [wordAt(machine, "id"), wordAt(machine, "name"), hostName(machine)].some((text) => text.toLowerCase() === wanted),
  );
}

/** The document below `/metadata/instance`. */
export function instanceDocument(machine: JsonObject, source: MetadataSource): JsonObject {
  return {
    compute: computeOf(machine),
    network: { interface: interfacesOf(machine, source).map((nic) => interfaceOf(nic, source)) },
  };
}

/** The interfaces of a machine, as they are in effect. */
export function interfacesOf(machine: JsonObject, source: MetadataSource): readonly JsonObject[] {
  const profile = objectAt(propertiesOf(machine), "networkProfile");
  return objectsAt(profile, "networkInterfaces").flatMap((nic) => {
    const id = wordAt(nic, "id");
    const found = source.get(id) ?? source.inEffect(id);
    return found === undefined ? [] : [found];
  });
}

function computeOf(machine: JsonObject): JsonObject {
  const id = parseArmId(wordAt(machine, "id"));
  const properties = propertiesOf(machine);
  const osDisk = objectAt(objectAt(properties, "storageProfile"), "osDisk");
  const tags = tagsOf(machine);
  return {
    azEnvironment: "AzurePublicCloud",
    isHostCompatibilityLayerVm: "false",
    ...placeOf(id, properties),
    location: wordAt(machine, "location"),
    name: wordAt(machine, "name"),
    offer: "",
    osProfile: { computerName: wordAt(objectAt(properties, "osProfile"), "computerName") },
    osType: textAt(osDisk, "osType") ?? "Linux",
    platformFaultDomain: "0",
    platformSubFaultDomain: "",
    platformUpdateDomain: "0",
    provider: "Microsoft.Compute",
    sku: "",
    tags: tags.map(({ name, value }) => `${name}:${value}`).join(";"),
    tagsList: tags,
    version: "",
    vmId: wordAt(properties, "vmId"),
    vmSize: sizeOf(machine),
    zone: textsAt(machine, "zones")[0] ?? "",
  };
}

function placeOf(id: ArmId | undefined, properties: JsonObject): JsonObject {
  if (id === undefined) return {};
  return {
    resourceGroupName: id.resourceGroup,
    resourceId: id.text,
    subscriptionId: id.subscription,
    vmScaleSetName: scaleSetOf(id, properties),
  };
}

function tagsOf(machine: JsonObject): readonly { readonly name: string; readonly value: string }[] {
  const tags = objectAt(machine, "tags");
  return Object.keys(tags).map((name) => ({ name, value: wordAt(tags, name) }));
}

function sizeOf(machine: JsonObject): string {
  const profile = objectAt(propertiesOf(machine), "hardwareProfile");
  return textAt(profile, "vmSize") ?? wordAt(objectAt(machine, "sku"), "name");
}

function scaleSetOf(id: ArmId, properties: JsonObject): string {
  if (id.types.length > 1) return id.names[0] ?? "";
  return referenceAt(properties, "virtualMachineScaleSet")?.split("/").at(-1) ?? "";
}

function interfaceOf(nic: JsonObject, source: MetadataSource): JsonObject {
  const configurations = objectsAt(propertiesOf(nic), "ipConfigurations").map(propertiesOf);
  const family = (version: string): readonly JsonObject[] =>
    configurations.filter((one) => (textAt(one, "privateIPAddressVersion") ?? "IPv4") === version);
  return {
    ipv4: {
      ipAddress: family("IPv4").map((one) => ({
        privateIpAddress: wordAt(one, "privateIPAddress"),
        publicIpAddress: publicAddress(one, source),
      })),
      subnet: family("IPv4").flatMap((one) => subnetOf(one, source)),
    },
    ipv6: { ipAddress: family("IPv6").map((one) => ({ privateIpAddress: wordAt(one, "privateIPAddress") })) },
    macAddress: wordAt(propertiesOf(nic), "macAddress").replaceAll("-", ""),
  };
}

function publicAddress(configuration: JsonObject, source: MetadataSource): string {
  const id = referenceAt(configuration, "publicIPAddress");
  const address = id === undefined ? undefined : source.get(id);
  return address === undefined ? "" : wordAt(propertiesOf(address), "ipAddress");
}

function subnetOf(configuration: JsonObject, source: MetadataSource): readonly JsonObject[] {
  const id = referenceAt(configuration, "subnet");
  const properties = id === undefined ? {} : propertiesOf(source.get(id) ?? {});
  const block = textAt(properties, "addressPrefix") ?? textsAt(properties, "addressPrefixes")[0];
  const [address = "", prefix = ""] = (block ?? "").split("/");
  return block === undefined ? [] : [{ address, prefix }];
}

/** What a path below the document leads to: `compute/location`, `network/interface/0/macAddress`. */
export function memberAt(document: Json, path: readonly string[]): Json | undefined {
  let found: Json | undefined = document;
  for (const word of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as JsonObject)[word];
  }
  return found;
}
