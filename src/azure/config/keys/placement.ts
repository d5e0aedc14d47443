import { choiceOr, flag, scalarText, wholeIn } from "../key.ts";

const OWN_GROUP = "resourceGroup";

/** Keys that say where the cluster is and of what its nodes are made. */
export const PLACEMENT_KEYS = {
  resourceGroup: scalarText({ doc: "Resource group of the nodes. Kept in lower case." }),
  location: scalarText({ doc: "Azure region of the cluster, in lower case without blanks: eastus." }),
  extendedLocationName: scalarText({ doc: "Edge zone; in effect only together with `extendedLocationType`." }),
  extendedLocationType: scalarText({ doc: "EdgeZone, the only type there is; any other value is read as EdgeZone." }),
  vnetName: scalarText({ doc: "Virtual network of the nodes." }),
  vnetResourceGroup: scalarText({ doc: "Resource group of the virtual network.", shown: OWN_GROUP }),
  subnetName: scalarText({ doc: "Subnet of the nodes; internal load balancers take their address from it." }),
  securityGroupName: scalarText({
    doc: "Network security group of the nodes' subnet, where the rules of a Service are written. Required as soon as a Service wants an address.",
  }),
  securityGroupResourceGroup: scalarText({ doc: "Resource group of the network security group.", shown: OWN_GROUP }),
  routeTableName: scalarText({ doc: "Route table of the nodes' subnet." }),
  routeTableResourceGroup: scalarText({ doc: "Resource group of the route table.", shown: OWN_GROUP }),
  privateLinkServiceResourceGroup: scalarText({ doc: "Resource group of private link services.", shown: OWN_GROUP }),
  primaryAvailabilitySetName: scalarText({ doc: "Availability set whose nodes a basic load balancer serves." }),
  primaryScaleSetName: scalarText({ doc: "Scale set whose nodes a basic load balancer serves." }),
  vmType: {
    ...choiceOr(["vmss", "standard", "vmssflex"], "vmss", {
      doc: "What nodes are: instances of uniform scale sets (vmss, which also finds all others), standalone machines and availability sets (standard), instances of flexible scale sets (vmssflex). Any other word is read as standard.",
      because: "it recognises every kind of node",
    }),
    otherwise: "standard",
  },
  disableAvailabilitySetNodes: flag({
    doc: "There are no standalone machines among the nodes. Only with `vmType: vmss`.",
  }),
  enableVmssFlexNodes: flag({
    doc: "There are instances of flexible scale sets among the nodes; matters only with `disableAvailabilitySetNodes`.",
  }),
  useInstanceMetadata: flag({ doc: "Ask the instance metadata service about the machine we run on." }),
  nodeInstanceNotFoundGracePeriodInSeconds: wholeIn([0, 86_400], 0, {
    doc: "How long a young node may lack a machine before it counts as gone.",
    because: "off, as in the original",
  }),
} as const;
