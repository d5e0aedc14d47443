import { type FaultRow, gateway, network, refuse } from "./fault-row.ts";

const PUT = { methods: ["PUT"] };
const DELETE = { methods: ["DELETE"] };

/** F14 to F33: the network provider's refusals of content, and what stands above the resource. */
export const NETWORK_ROWS = {
  F14: refuse(
    "address still in use",
    network(
      400,
      "PublicIPAddressCannotBeDeleted",
      "Public IP address {id} can not be deleted since it is still allocated to resource {about}. In order to delete the public IP, disassociate/detach the Public IP address from the resource.",
    ),
    DELETE,
  ),
  F15: refuse(
    "address used twice",
    network(
      400,
      "PublicIPAddressInUse",
      "Resource {id} is referencing public IP address {about} that is already allocated to another resource.",
    ),
    PUT,
  ),
  F16: refuse(
    "balancer held by a scale set",
    network(
      400,
      "LoadBalancerInUseByVirtualMachineScaleSet",
      "Cannot delete load balancer {id} since its child resources {name} are in use by virtual machine scale set {about}.",
    ),
    DELETE,
  ),
  F17: refuse(
    "backend pool held by a scale set",
    network(
      400,
      "LoadBalancerBackendAddressPoolInUse",
      "Load balancer backend address pool {id} is in use by virtual machine scale set {about}.",
    ),
    { methods: ["PUT", "DELETE"] },
  ),
  F18: refuse(
    "two rules clash",
    network(
      400,
      "RulesUseSameBackendPortProtocolAndPool",
      "Load balancing rules {id}/loadBalancingRules/a and {id}/loadBalancingRules/b with floating IP disabled use the same backend port 80 and protocol Tcp, and must not be used with the same backend address pool.",
    ),
    PUT,
  ),
  F19: refuse(
    "outbound rule against SNAT",
    network(
      400,
      "LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule",
      "Load balancing rule {about} must disable SNAT since it uses a frontend IP configuration that an outbound rule references.",
    ),
    PUT,
  ),
  F20: refuse(
    "two security rules clash",
    network(
      400,
      "SecurityRuleConflict",
      "Security rule {about} conflicts with rule {id}/securityRules/other. Rules cannot have the same Priority and Direction.",
    ),
    PUT,
  ),
  F21: refuse(
    "too many public addresses",
    network(
      400,
      "PublicIPCountLimitReached",
      "Cannot create more than 10 public IP addresses for this subscription in this region.",
    ),
    PUT,
  ),
  F23: refuse(
    "DNS label taken",
    network(
      400,
      "DnsRecordInUse",
      "DNS record {about} is already used by another public IP. A DNS record with the same name already exists in this region.",
    ),
    PUT,
  ),
  F24: refuse(
    "private address taken",
    network(
      400,
      "PrivateIPAddressIsAllocated",
      "IP configuration {id} is using the private IP address {about} which is already allocated to another resource.",
    ),
    PUT,
  ),
  F25: refuse(
    "subnet exhausted",
    network(
      400,
      "SubnetIsFull",
      "Subnet {about} with address prefix 10.0.0.0/24 does not have enough capacity for 1 IP addresses.",
    ),
    PUT,
  ),
  F26: refuse(
    "subnet in use",
    network(
      400,
      "InUseSubnetCannotBeDeleted",
      "Subnet {name} is in use by {about} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
    ),
    DELETE,
  ),
  F27: refuse(
    "reference to nothing",
    network(
      400,
      "InvalidResourceReference",
      "Resource {about} referenced by resource {id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.",
    ),
    PUT,
  ),
  F28: refuse(
    "resource gone",
    gateway(
      404,
      "ResourceNotFound",
      "The Resource '{namespace}/{types}/{name}' under resource group '{group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    ),
    { methods: ["GET", "PATCH"] },
  ),
  F29: refuse(
    "resource group gone",
    gateway(404, "ResourceGroupNotFound", "Resource group '{group}' could not be found."),
  ),
  F30: refuse(
    "resource group going",
    gateway(
      409,
      "ResourceGroupBeingDeleted",
      "The resource group '{group}' is in deprovisioning state and cannot perform this operation.",
    ),
    PUT,
  ),
  F31: refuse(
    "parent gone",
    gateway(
      404,
      "ParentResourceNotFound",
      "Failed to perform 'write' on resource(s) of type '{types}', because the parent resource '{parent}' could not be found.",
    ),
    PUT,
  ),
  F32: refuse(
    "subscription disabled",
    gateway(
      409,
      "ReadOnlyDisabledSubscription",
      "The subscription '{subscription}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.",
    ),
    { methods: ["PUT", "PATCH", "POST", "DELETE"] },
  ),
  F33: refuse(
    "provider not registered",
    {
      status: 409,
      headers: { "x-ms-failure-cause": "gateway" },
      body: {
        error: {
          code: "MissingSubscriptionRegistration",
          message:
            "The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.",
          details: [
            {
              code: "MissingSubscriptionRegistration",
              target: "{namespace}",
              message:
                "The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.",
            },
          ],
        },
      },
    },
    PUT,
  ),
} as const satisfies Readonly<Record<string, FaultRow>>;
