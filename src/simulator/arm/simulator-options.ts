import type { Clock } from "../../base/clock.ts";
import type { Behaviour } from "./behaviour.ts";
import type { SeededFaults } from "./faults/seeded.ts";
import type { TokenChecks } from "./identity/authentication.ts";
import type { IdentityOptions } from "./identity/identity.ts";
import type { Latency } from "./latency.ts";
import type { Limiting } from "./limits/options.ts";
import type { PageSizes } from "./paging.ts";

/** How the Azure behind the sockets is; a reset may change all of it. */
export interface WorldOptions {
  /** Time of operations and answers; the system's when absent. */
  readonly clock?: Clock;
  /**
   * Shares the time of `clock`, an automatic `VirtualClock`, with other processes, and lets it stand until so many have
   * joined, 1 or more. Requests of anybody else are refused then. Time is nobody else's when absent.
   */
  readonly participants?: number;
  /** How long operations and answers take; `zero` when absent. */
  readonly latency?: Latency;
  /** Guids, addresses and delays follow from it and from resource ids; the same seed gives the same ones. Default `azure`. */
  readonly seed?: string;
  /** Items on a page of a list, 1 or more; one number for all lists, or one for each provider. Default 100. */
  readonly pageSize?: number | Partial<PageSizes>;
  /** The subscription that exists from the start; one that follows from the seed when absent. */
  readonly subscriptionId?: string;
  /** The tenant of that subscription; one that follows from the seed when absent. */
  readonly tenantId?: string;
  /** Whether ARM takes any bearer token, or only good ones that it has issued. Default `any`. */
  readonly tokens?: TokenChecks;
  /** Applications, managed identities and the machine whose metadata are served. */
  readonly identity?: IdentityOptions;
  /** Denies every action outside this list, such as `Microsoft.Network/loadBalancers/*`; all are allowed when absent. */
  readonly allowedActions?: readonly string[];
  /** How many requests and resources there may be. Default `none`: no end of them. */
  readonly limits?: Limiting;
  /** Lets a share of all requests go wrong from the start. */
  readonly faults?: SeededFaults;
  /** Faults that are set from the start, each as `POST /simulator/faults` takes it. */
  readonly script?: readonly unknown[];
  /** Switches for what the evidence about real ARM leaves open. */
  readonly behaviour?: Partial<Behaviour>;
}

/** How an ARM simulator is started. */
export interface ArmSimulatorOptions extends WorldOptions {
  /** Also listen on https. Default false; costs some 50 ms at start. */
  readonly tls?: boolean;
  /** Loopback ports; the system chooses where there is none, or 0. */
  readonly ports?: { readonly http?: number | undefined; readonly https?: number | undefined };
  /** How many requests the journal keeps at least; all of them when absent. A simulator that runs for days needs an end. */
  readonly journal?: { readonly keep: number };
}
