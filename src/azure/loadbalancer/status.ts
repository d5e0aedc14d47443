import type { LoadBalancer, PublicIPAddress } from "@azure/arm-network";
import type { LoadBalancerIngress, LoadBalancerStatus } from "../../cloudprovider/objects.ts";
import { idKey } from "../arm/resource-id.ts";
import { lookUp } from "./lookup.ts";
import { byId, frontendsServing } from "./ownership.ts";
import type { LoadBalancerSettings } from "./settings.ts";

/**
 * What to publish for a Service: the address of every frontend that serves it, in the balancer's order, then the
 * additional ones. A frontend without an address yet contributes nothing.
 *
 * @returns undefined when no frontend of the balancer serves the Service.
 */
export function statusOf(
  settings: LoadBalancerSettings,
  balancer: LoadBalancer,
  publicIps: readonly PublicIPAddress[],
): LoadBalancerStatus | undefined {
  const serving = frontendsServing(balancer, settings, publicIps);
  if (serving.length === 0) return undefined;
  const own = addressesOf(settings, balancer, publicIps);
  const ingress: readonly LoadBalancerIngress[] = [...own, ...settings.additionalAddresses].map((ip) => ({ ip }));
  return { ingress };
}

/** The addresses of a Service's frontends on a balancer, in the balancer's order; those not known yet are left out. */
export function addressesOf(
  settings: LoadBalancerSettings,
  balancer: LoadBalancer,
  publicIps: readonly PublicIPAddress[],
): readonly string[] {
  const addresses = frontendsServing(balancer, settings, publicIps).map(({ privateIPAddress, publicIPAddress }) => {
    const publicId = publicIPAddress?.id;
    if (publicId === undefined) return privateIPAddress;
    return lookUp(publicIps, byId, idKey(publicId))[0]?.ipAddress;
  });
  return addresses.filter((address): address is string => address !== undefined && address !== "");
}
