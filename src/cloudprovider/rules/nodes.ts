import { type Checked, checked, type Problem } from "../../base/checked.ts";
import { canonicalAddressLenient, familyOf, sameAddress } from "../../base/cidr.ts";
import type { Node, NodeAddress } from "../objects.ts";

/** Annotation in which a kubelet says under which address, or dual-stack pair of addresses, its node shall be known. */
export const PROVIDED_NODE_IP_ANNOTATION = "alpha.kubernetes.io/provided-node-ip";

/** Label with which people keep a node out of balancers. */
const EXCLUDE_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Taint that the cluster autoscaler puts on a node it is about to delete. */
const AUTOSCALER_TAINT = "ToBeDeletedByClusterAutoscaler";

/** What Go's ParseBool takes for false; any other value of {@link EXCLUDE_LABEL} excludes, mistyped ones too. */
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** Whether people keep the node out of balancers. */
export function isExcludedFromBalancers({ metadata }: Node): boolean {
  const value = metadata.labels?.[EXCLUDE_LABEL];
  return value !== undefined && !FALSE.has(value);
}

/**
 * Whether the node may be a member of a balancer, whatever the cloud. Readiness does not count: the balancer's own probes
 * are faster, and a cluster whose nodes all flap would lose every member.
 */
export function mayReceiveTraffic(node: Node): boolean {
  if (node.metadata.deletionTimestamp !== undefined || isExcludedFromBalancers(node)) return false;
  return node.spec.taints?.some(({ key }) => key === AUTOSCALER_TAINT) !== true;
}

/** `list` and those of `added` that it does not hold yet, each once; the order of both is kept. */
export function addToNodeAddresses(
  list: readonly NodeAddress[],
  added: readonly NodeAddress[],
): readonly NodeAddress[] {
  const all = [...list];
  for (const candidate of added) {
    if (!all.some(({ type, address }) => type === candidate.type && address === candidate.address)) all.push(candidate);
  }
  return all;
}

/**
 * The cloud's addresses, reduced to what the kubelet asked for in {@link PROVIDED_NODE_IP_ANNOTATION}: first those equal
 * to a provided address (the cloud's spelling stays), then the addresses of types that no provided address has.
 *
 * @param providedNodeIP - the annotation's value, one address or two of different families, separated by one comma.
 * @returns a problem when the value is malformed, or names an address that the cloud does not report.
 */
export function nodeAddressesFromNodeIP(
  providedNodeIP: string,
  cloudAddresses: readonly NodeAddress[],
): Checked<readonly NodeAddress[]> {
  const provided = parseNodeIP(providedNodeIP);
  if (!provided.ok) return provided;
  const problems: Problem[] = [];
  const chosen = provided.value.flatMap((ip) => {
    const matches = cloudAddresses.filter(({ address }) => sameAddress(address, ip));
    if (matches.length === 0) problems.push(refuse(ip, "an address that the cloud reports for this machine"));
    return matches;
  });
  const types = new Set(chosen.map(({ type }) => type));
  return checked([...chosen, ...cloudAddresses.filter(({ type }) => !types.has(type))], problems);
}

function parseNodeIP(text: string): Checked<readonly string[]> {
  const parts = text.split(","); // untrimmed, as the kubelet reads it
  const addresses = parts.map(canonicalAddressLenient).filter((address) => address !== undefined);
  if (addresses.length < parts.length)
    return { ok: false, problems: [refuse(text, "one IP address, or two separated by a comma")] };
  const families = new Set(addresses.map(familyOf));
  if (addresses.length > 2 || families.size < addresses.length) {
    return { ok: false, problems: [refuse(text, "either a single IP address or a dual-stack pair of them")] };
  }
  if (addresses.length === 2 && (addresses.includes("0.0.0.0") || addresses.includes("::"))) {
    return { ok: false, problems: [refuse(text, "a dual-stack pair without 0.0.0.0 and ::")] };
  }
  return { ok: true, value: addresses };
}

function refuse(got: string, want: string): Problem {
  return { field: PROVIDED_NODE_IP_ANNOTATION, got, want };
}
