/**
 * The api-version of every resource type that we touch; the only place where one is written. They are what
 * cloud-provider-azure sends, so that both controllers see the same bodies.
 *
 * A key stands for its type and everything below it; the longest key that fits decides.
 */
const API_VERSIONS: Readonly<Record<string, string>> = {
  "microsoft.network": "2025-05-01",
  "microsoft.network/privatednszones": "2024-06-01",
  "microsoft.compute": "2025-04-01",
  "microsoft.compute/disks": "2025-01-02",
  "microsoft.compute/snapshots": "2025-01-02",
  "microsoft.compute/diskencryptionsets": "2025-01-02",
  "microsoft.compute/galleries": "2025-03-03",
  "microsoft.compute/skus": "2021-07-01",
  // Network resources seen through a scale set: the network provider serves them, in this version only.
  "microsoft.compute/virtualmachinescalesets/networkinterfaces": "2018-10-01",
  "microsoft.compute/virtualmachinescalesets/publicipaddresses": "2018-10-01",
  "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces": "2018-10-01",
};

/** The version for an ARM path; undefined when the table has none and the path keeps its own. */
export function apiVersionOf(pathname: string): string | undefined {
  const steps = typeOfPath(pathname).split("/");
  for (let length = steps.length; length > 0; length--) {
    const version = API_VERSIONS[steps.slice(0, length).join("/")];
    if (version !== undefined) return version;
  }
  return undefined;
}

/**
 * The lower-case type a path is about, names left out: `microsoft.network/loadbalancers` for a balancer, for the list of
 * them, and for an action on one. Empty for paths without a provider.
 */
export function typeOfPath(pathname: string): string {
  const parts = pathname.toLowerCase().split("/");
  const at = parts.lastIndexOf("providers");
  if (at < 0) return "";
  const [provider = "", ...rest] = parts.slice(at + 1).filter((part) => part !== "");
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

/** What the throttle gate must know of a path: its subscription and provider, empty where it has none. */
export function ownerOfPath(pathname: string): { readonly subscriptionId: string; readonly provider: string } {
  const [, subscriptionId = ""] = /^\/subscriptions\/([^/]+)/i.exec(pathname) ?? [];
  return { subscriptionId, provider: typeOfPath(pathname).split("/", 1)[0] ?? "" };
}
