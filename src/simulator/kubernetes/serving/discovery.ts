import { noSuchResource } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { Registry } from "../registry.ts";

/**
 * Answers `/api`, `/apis` and everything below them that names no resource.
 *
 * @param accept - decides whether the two roots answer in the aggregated form, which kubectl prefers.
 * @throws `ApiError` 404 for a group or version that is not served.
 */
export function discover(registry: Registry, path: string, accept: string): JsonObject {
  const groups = registry.groups();
  const [root = "", ...rest] = path.split("/").filter(Boolean);
  const isCore = root === "api";
  if (rest.length > 0) return discoverBelow(groups, isCore ? ["", ...rest] : rest);
  if (AGGREGATED.test(accept)) return aggregated(groups, isCore);
  return isCore ? CORE_VERSIONS : groupList(groups);
}

function discoverBelow(groups: ReadonlyMap<string, readonly Kind[]>, parts: readonly string[]): JsonObject {
  const [group = "", version] = parts;
  const kinds = groups.get(group);
  if (kinds === undefined || parts.length > 2) throw noSuchResource();
  if (version === undefined) return groupOf(group, kinds);
  const served = kinds.filter((kind) => kind.version === version);
  if (served.length === 0) throw noSuchResource();
  return resourceList(served);
}

/** Media type of an answer of {@link discover} in the aggregated form. */
export const AGGREGATED_TYPE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** True when `accept` asks for the aggregated form and `path` has one. */
export function isAggregated(path: string, accept: string): boolean {
  return /^\/apis?\/?$/.test(path) && AGGREGATED.test(accept);
}

const AGGREGATED = /g=apidiscovery\.k8s\.io;v=v2;as=APIGroupDiscoveryList/;

const CORE_VERSIONS: JsonObject = {
  kind: "APIVersions",
  versions: ["v1"],
  serverAddressByClientCIDRs: [],
};

function groupList(groups: ReadonlyMap<string, readonly Kind[]>): JsonObject {
  const named = [...groups].filter(([group]) => group !== "");
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: named.map(([group, kinds]) => {
      const { kind: _, apiVersion: __, ...rest } = groupOf(group, kinds);
      return rest;
    }),
  };
}

function groupOf(name: string, kinds: readonly Kind[]): JsonObject {
  const versions = versionsOf(kinds).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { kind: "APIGroup", apiVersion: "v1", name, versions, preferredVersion: versions[0] ?? null };
}

function resourceList(kinds: readonly Kind[]): JsonObject {
  const first = kinds[0];
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: first === undefined ? "" : apiVersionOf(first),
    resources: kinds.flatMap((kind) => {
      const { plural, singular, namespaced, verbs, shortNames, categories } = kind;
      const entry: JsonObject = {
        name: plural,
        singularName: singular,
        namespaced,
        kind: kind.kind,
        verbs,
        ...(shortNames.length > 0 && { shortNames }),
        ...(categories.length > 0 && { categories }),
      };
      const status = { name: `${plural}/status`, singularName: "", namespaced, kind: kind.kind, verbs: STATUS_VERBS };
      return kind.hasStatus ? [entry, status] : [entry];
    }),
  };
}

function aggregated(groups: ReadonlyMap<string, readonly Kind[]>, isCore: boolean): JsonObject {
  const wanted = [...groups].filter(([group]) => (group === "") === isCore);
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: wanted.map(([group, kinds]) => ({
      metadata: { ...(group !== "" && { name: group }), creationTimestamp: null },
      versions: versionsOf(kinds).map((version) => ({
        version,
        freshness: "Current",
        resources: kinds.filter((kind) => kind.version === version).map(aggregatedResource),
      })),
    })),
  };
}

function aggregatedResource(kind: Kind): JsonObject {
  const { group, version, plural, singular, namespaced, verbs, shortNames, categories } = kind;
  const responseKind = { group, version, kind: kind.kind };
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(kind.hasStatus && { subresources: [{ subresource: "status", responseKind, verbs: STATUS_VERBS }] }),
  };
}

const STATUS_VERBS: readonly string[] = ["get", "patch", "update"];

function versionsOf(kinds: readonly Kind[]): readonly string[] {
  return [...new Set(kinds.map(({ version }) => version))];
}
