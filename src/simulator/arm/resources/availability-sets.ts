import { COMPUTE_VERSIONS } from "../api-versions.ts";
import { ArmError } from "../arm-error.ts";
import { nameOf } from "../arm-id.ts";
import { type Json, type JsonObject, propertiesOf } from "../json.ts";
import type { Draft, ResourceType } from "../resource-type.ts";
import { anything, choice, integer, reference, steadyGroup } from "../shape.ts";
import { seconds, timing } from "../timing.ts";

/** Availability sets: no operations, no etag, no provisioning state. */
export const availabilitySets: ResourceType = {
  name: "Microsoft.Compute/availabilitySets",
  apiVersions: COMPUTE_VERSIONS,
  provider: "compute",
  envelope: { sku: steadyGroup({ name: choice(["Classic", "Aligned"], "Classic") }) },
  shape: {
    platformUpdateDomainCount: integer(1, 20, 5),
    platformFaultDomainCount: integer(1, 3, 2),
    proximityPlacementGroup: reference("Microsoft.Compute/proximityPlacementGroups"),
    scheduledEventsPolicy: anything(),
    virtualMachineScaleSetMigrationInfo: anything(),
  },
  computed: ["virtualMachines", "statuses"],
  writableChildren: [],
  computedChildren: [],
  operationNoun: "AvailabilitySet",
  put: "synchronous",
  createdStatus: 200,
  etagAtCompletion: "same",
  noop: "ordinary",
  update: "merge",
  overlap: "preempt",
  deleteStatus: 200,
  deletes: "synchronous",
  withoutEtag: true,
  withoutState: true,
  timing: {
    put: timing(seconds(0.5, 0.8), seconds(0.1, 0.2)),
    delete: timing(seconds(0.5, 0.8), seconds(0.1, 0.2)),
  },
  linksAt: "accept",
  validate: (draft) => {
    const problem = frozen(draft);
    if (problem !== undefined) throw problem;
  },
  view: ({ id }, world) => ({ own: { virtualMachines: world.inbound(id.key).map(({ from }) => ({ id: from })) } }),
  blocked: ({ id }, world) => {
    if (world.inboundOrPending(id.key).length === 0) return undefined;
    const message = `Availability Set '${nameOf(id)}' cannot be deleted. Before deleting an Availability Set please ensure that it does not contain any VM.`;
    return new ArmError(409, "OperationNotAllowed", message);
  },
};

const FROZEN = ["platformUpdateDomainCount", "platformFaultDomainCount"] as const;

function frozen({ document, previous }: Draft): ArmError | undefined {
  if (previous === undefined) return undefined;
  const member = FROZEN.find((key) => at(previous.shown, key) !== at(document, key));
  if (member === undefined) return undefined;
  const message = `Changing property '${member}' is not allowed.`;
  return new ArmError(409, "PropertyChangeNotAllowed", message, { target: member });
}

function at(document: JsonObject, key: string): Json | undefined {
  return propertiesOf(document)[key];
}
