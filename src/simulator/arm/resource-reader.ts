import type { JsonObject } from "./json.ts";

/** Reads of the simulator's state without a request. Documents are wire JSON; do not change them. */
export interface ResourceReader {
  /** A resource, child, resource group or subscription as GET would print it; `undefined` when there is none. */
  get(id: string): JsonObject | undefined;
  /**
   * What is in effect of a resource, a child or an interface of a scale set's instance: the body that its last
   * successful operation put into effect, with assigned members and with back-references from whatever else is in
   * effect. It changes when operations end; one that fails or is superseded changes nothing. `undefined` before the
   * first success and after a deletion.
   */
  inEffect(id: string): JsonObject | undefined;
  /** The private address of an IP configuration or frontend, in any subnet. */
  addressOf(ipConfigurationId: string): string | undefined;
  /** Every resource of a type such as `Microsoft.Network/loadBalancers`, sorted by id. */
  list(type: string): readonly JsonObject[];
}
