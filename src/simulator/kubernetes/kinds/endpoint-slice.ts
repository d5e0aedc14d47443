import { type Cause, invalidValue, notSupported, required } from "../api-error.ts";
import type { KubernetesObject, ObjectMeta } from "../object.ts";
import { anything, flag, int32, kept, list, map, object, text } from "../schema.ts";
import { ageOf } from "./age.ts";
import { column, type Kind, PLAIN } from "./kind.ts";
import { TYPE_AND_META } from "./metadata.ts";
import { subdomain1123Problem } from "./names.ts";

type Slice = {
  readonly metadata: ObjectMeta;
  readonly addressType?: string;
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[];
};

const ADDRESS_TYPES = ["FQDN", "IPv4", "IPv6"];

/** Most items that a cell of the table spells out. */
const SHOWN = 3;

/** discovery.k8s.io/v1 EndpointSlices. */
export const endpointSliceKind: Kind = {
  ...PLAIN,
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  singular: "endpointslice",
  namespaced: true,
  countsGenerations: true,
  schema: object("EndpointSlice", {
    ...TYPE_AND_META,
    addressType: kept(text),
    endpoints: kept(
      list(
        object("Endpoint", {
          addresses: kept(list(text)),
          conditions: object("EndpointConditions", { ready: kept(flag), serving: kept(flag), terminating: kept(flag) }),
          hostname: kept(text),
          targetRef: anything,
          deprecatedTopology: map(text),
          nodeName: kept(text),
          zone: kept(text),
          hints: anything,
        }),
      ),
    ),
    ports: kept(
      list(
        object("EndpointPort", { name: kept(text), protocol: kept(text), port: kept(int32), appProtocol: kept(text) }),
      ),
    ),
  }),
  columns: [
    column("AddressType", "The type of address carried by this EndpointSlice."),
    column("Ports", "The list of network ports exposed by each endpoint in this slice."),
    column("Endpoints", "The addresses of the endpoints in this slice."),
    column("Age", "Time since creation."),
  ],
  cells: (slice, { nowMs }) => cells(slice as Slice, nowMs),
  nameProblem: subdomain1123Problem,
  defaults: defaultSlice,
  validate: (next, old) => validate(next as Slice, old as Slice | undefined),
};

function defaultSlice(slice: KubernetesObject): KubernetesObject {
  const { ports = [], endpoints = [] } = slice as Slice;
  const filled = ports.map((port) => ({ ...port, name: port.name ?? "", protocol: port.protocol ?? "TCP" }));
  return { ...slice, endpoints: endpoints as KubernetesObject["endpoints"], ports: filled };
}

function cells({ metadata, addressType = "", ports = [], endpoints = [] }: Slice, nowMs: number): readonly string[] {
  return [
    metadata.name,
    addressType,
    shortList(ports.map(({ port, name }) => (port === undefined ? (name ?? "*") : String(port)))),
    shortList(endpoints.flatMap(({ addresses = [] }) => addresses)),
    ageOf(metadata.creationTimestamp, nowMs),
  ];
}

function shortList(items: readonly string[]): string {
  if (items.length === 0) return "<unset>";
  const shown = items.slice(0, SHOWN).join(",");
  return items.length > SHOWN ? `${shown} + ${items.length - SHOWN} more...` : shown;
}

function validate({ addressType = "", endpoints = [] }: Slice, old: Slice | undefined): readonly Cause[] {
  const causes: Cause[] = [];
  if (addressType === "") causes.push(required("addressType"));
  else if (!ADDRESS_TYPES.includes(addressType)) causes.push(notSupported("addressType", addressType, ADDRESS_TYPES));
  if (old !== undefined && old.addressType !== addressType) {
    causes.push(invalidValue("addressType", addressType, "field is immutable"));
  }
  endpoints.forEach(({ addresses = [] }, index) => {
    if (addresses.length === 0) {
      causes.push(required(`endpoints[${index}].addresses`, "must contain at least 1 address"));
    }
  });
  return causes;
}
