import type { KubernetesObject } from "../../simulator/index.ts";
import type { DemoResult, ServiceResult } from "./result.ts";

/** How one Service stands. */
export interface Standing {
  readonly namespace: string;
  readonly name: string;
  readonly ips: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  readonly readyAtMs: number | undefined;
  /** Its newest failure; undefined when there was none or it has an address since. */
  readonly failure: string | undefined;
  /** Waiting longer cannot help: the Service itself must change. */
  readonly hopeless: boolean;
}

/** The addresses in a Service's status. */
export function addressesOf(service: KubernetesObject): readonly string[] {
  const status = service["status"] as { loadBalancer?: { ingress?: readonly { ip?: string; hostname?: string }[] } };
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
}

/** Whether there is nothing left to wait for. */
export function isSettled(standings: readonly Standing[]): boolean {
  return standings.every(({ ips, hopeless }) => ips.length > 0 || hopeless);
}

/** The result of a demo. @param timeoutSeconds - what a Service without address or failure is told it was given. */
export function resultOf(standings: readonly Standing[], arm: DemoResult["arm"], timeoutSeconds: number): DemoResult {
  return { services: standings.map((standing) => serviceResult(standing, timeoutSeconds)), arm };
}

function serviceResult(standing: Standing, timeoutSeconds: number): ServiceResult {
  const { namespace, name, ips, createdAtMs, readyAtMs, failure } = standing;
  const waiting = ips.length > 0 ? null : `no address within ${timeoutSeconds} seconds`;
  return {
    namespace,
    name,
    ip: ips[0] ?? null,
    ips,
    seconds: readyAtMs === undefined ? null : Math.round((readyAtMs - createdAtMs) / 100) / 10,
    error: ips.length > 0 ? null : (failure ?? waiting),
  };
}
