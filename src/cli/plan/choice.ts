import { keyOf, type Service } from "../../cloudprovider/index.ts";

/** Which Services are to be planned, as the command line gives it; all of them when it says nothing. */
export interface Choice {
  readonly filename?: readonly string[];
  readonly namespace?: string;
  readonly all?: boolean;
}

/**
 * Keys of the Services to plan; undefined for all.
 *
 * @param services - of the cluster, manifests applied.
 * @param inManifests - those that manifests were given for.
 */
export function chosen(
  { filename, namespace, all }: Choice,
  services: readonly Service[],
  inManifests: readonly Service[],
): readonly string[] | undefined {
  if (all === true) return undefined;
  if (namespace !== undefined) {
    return services.filter(({ metadata }) => metadata.namespace === namespace).map(keyOf);
  }
  return filename === undefined ? undefined : inManifests.map(keyOf);
}

/** What to say when there was nothing to plan for what was named: a misspelt name looks the same as an empty namespace. */
export function nothingChosen({ filename, namespace, all }: Choice): string | undefined {
  const none = "there is no Service of type LoadBalancer in";
  if (all === true) return undefined;
  if (namespace !== undefined) return `${none} namespace ${namespace}`;
  return filename === undefined ? undefined : `${none} ${filename.join(", ")}`;
}
