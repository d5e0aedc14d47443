import { type JsonObject, objectAt, propertiesOf, wordAt } from "../json.ts";
import type { ResourceRecord } from "../record.ts";
import { computeTime } from "./compute-time.ts";
import { isGeneralized } from "./machine-generalize.ts";
import { shownPower } from "./machine-power.ts";
import { disksIn } from "./machine-storage.ts";

/** What a machine says about itself: provisioning, power, agent, disks. */
export function instanceView(record: ResourceRecord, more: JsonObject = {}): JsonObject {
  const time = computeTime(record.createdMs);
  const power = shownPower(record);
  const ready = { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Provisioning succeeded", time };
  const running = power === "running";
  return {
    ...more,
    ...(running && {
      computerName: wordAt(objectAt(propertiesOf(record.shown), "osProfile"), "computerName"),
      osName: "ubuntu",
      osVersion: "24.04",
    }),
    hyperVGeneration: "V2",
    ...(running && {
      vmAgent: {
        vmAgentVersion: "2.9",
        statuses: [{ ...ready, displayStatus: "Ready", message: "Guest Agent is running" }],
      },
    }),
    disks: disksIn(record.effect ?? {}).map((disk) => ({ name: wordAt(disk, "name"), statuses: [ready] })),
    statuses: [
      provisioningStatus(record, time),
      ...(isGeneralized(record)
        ? [{ code: "OSState/generalized", level: "Info", displayStatus: "VM generalized" }]
        : []),
      ...(power === undefined ? [] : [{ code: `PowerState/${power}`, level: "Info", displayStatus: `VM ${power}` }]),
    ],
  };
}

function provisioningStatus({ state, failure }: ResourceRecord, time: string): JsonObject {
  if (state === "Succeeded") {
    return { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Provisioning succeeded", time };
  }
  if (state !== "Failed") {
    return { code: `ProvisioningState/${state.toLowerCase()}`, level: "Info", displayStatus: state, time };
  }
  const [code, message] = [wordAt(failure ?? {}, "code"), wordAt(failure ?? {}, "message")];
  const suffix = code === "" ? "" : `/${code}`;
  return {
    code: `ProvisioningState/failed${suffix}`,
    level: "Error",
    displayStatus: "Provisioning failed",
    message,
    time,
  };
}
