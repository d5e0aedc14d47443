/** What became of one Service of type LoadBalancer. */
export interface ServiceResult {
  readonly namespace: string;
  readonly name: string;
  /** The first address; null while there is none. */
  readonly ip: string | null;
  readonly ips: readonly string[];
  /** Seconds from its creation to its address, one decimal; null without an address. */
  readonly seconds: number | null;
  /** Why there is no address yet: the newest failure, or that the time was up; null when all is well. */
  readonly error: string | null;
}

/** What `azure-ccm demo --json` prints: a stable format for scripts. */
export interface DemoResult {
  readonly services: readonly ServiceResult[];
  readonly arm: {
    /** Requests that ARM answered, polls included. */
    readonly requests: number;
    /** Accepted PUT, PATCH and DELETE by resource type. */
    readonly writes: {
      readonly loadBalancers: number;
      readonly networkSecurityGroups: number;
      readonly publicIPAddresses: number;
    };
  };
}

/** Whether every Service has an address and none failed. */
export function succeeded({ services }: DemoResult): boolean {
  return services.every(({ ip, error }) => ip !== null && error === null);
}
