import type { LoadBalancer } from "@azure/arm-network";

/** `balancer` with other lists; itself when every list is the one it has. The lists stay the objects they are. */
export function withLists(
  balancer: LoadBalancer,
  parts: { readonly [K in keyof LoadBalancer]?: Readonly<LoadBalancer[K]> | undefined },
): LoadBalancer {
  const changed = Object.entries(parts).filter(([key, value]) => isChanged(balancer[key as keyof LoadBalancer], value));
  return changed.length === 0 ? balancer : { ...balancer, ...Object.fromEntries(changed) };
}

function isChanged(before: unknown, after: unknown): boolean {
  if (before === undefined && Array.isArray(after)) return after.length > 0;
  return before !== after;
}
