import { type JsonObject, objectAt, textAt, wordAt } from "../json.ts";

/** Whether a storage and OS profile are those of a Windows machine. */
export function isWindows(storageProfile: JsonObject, osProfile: JsonObject): boolean {
  const osType = textAt(objectAt(storageProfile, "osDisk"), "osType");
  if (osType !== undefined) return osType.toLowerCase() === "windows";
  if (osProfile["windowsConfiguration"] !== undefined) return true;
  const image = objectAt(storageProfile, "imageReference");
  return `${wordAt(image, "publisher")} ${wordAt(image, "offer")}`.toLowerCase().includes("windows");
}

/** What an OS profile is printed with: passwords go in and never come out, and the agent's settings have defaults. */
export function osProfileOf(given: JsonObject, windows: boolean, full: boolean): JsonObject {
  const { adminPassword: _, customData: __, ...rest } = given;
  const own = windows ? "windowsConfiguration" : "linuxConfiguration";
  const defaults = windows ? WINDOWS : LINUX;
  const patches = windows ? "AutomaticByOS" : "ImageDefault";
  return {
    ...rest,
    [own]: {
      ...defaults,
      ...(full && { patchSettings: { patchMode: patches, assessmentMode: "ImageDefault" } }),
      ...(full && windows && { enableVMAgentPlatformUpdates: true }),
      ...objectAt(given, own),
    },
    secrets: given["secrets"] ?? [],
    allowExtensionOperations: given["allowExtensionOperations"] ?? true,
    requireGuestProvisionSignal: given["requireGuestProvisionSignal"] ?? true,
  };
}

const WINDOWS: JsonObject = { provisionVMAgent: true, enableAutomaticUpdates: true };
const LINUX: JsonObject = { disablePasswordAuthentication: false, provisionVMAgent: true };

/** An image of the marketplace with the version that `latest` stands for. */
export function imageOf(image: JsonObject): JsonObject {
  const version = wordAt(image, "version");
  if (image["exactVersion"] !== undefined || version === "") return image;
  return { ...image, exactVersion: version === "latest" ? "24.04.202501010" : version };
}
