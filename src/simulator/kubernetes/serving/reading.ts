import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { badRequest, expired, tooLargeResourceVersion } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import { type KubernetesObject, keyOf } from "../object.ts";
import type { Resource } from "../registry.ts";
import { expiredContinue, readContinue, writeContinue } from "./continue-token.ts";
import { type Form, type ListMeta, listType, partial, readForm, table } from "./form.ts";
import { type Route, readNumber } from "./route.ts";
import { readSelection, type Selection } from "./selection.ts";
import type { WireText } from "./wire-text.ts";

/** What answering a read needs. */
export interface Reading {
  readonly cluster: Cluster;
  readonly texts: WireText;
}

const JSON_TYPE = { "content-type": "application/json" };

/** Answers GET of one object. @throws `ApiError` */
export function answerGet(
  { cluster, texts }: Reading,
  route: Route & { readonly name: string },
  request: SimulatedRequest,
): Answer {
  const object = cluster.find(route.resource, route);
  const form = readForm(request.headers, route.query);
  return { status: 200, headers: JSON_TYPE, body: inForm({ cluster, texts }, route, object, form) };
}

/** `object` as the client wants it. */
export function inForm({ cluster, texts }: Reading, { resource }: Route, object: KubernetesObject, form: Form): string {
  switch (form.kind) {
    case "plain":
      return texts.of(object);
    case "metadata":
      return JSON.stringify(partial(object));
    case "table": {
      const metadata = { resourceVersion: object.metadata.resourceVersion ?? "" };
      const { rowObject } = form;
      return JSON.stringify(table(resource.kind, [object], { rowObject, nowMs: cluster.clock.now(), metadata }));
    }
    default:
      throw badRequest("unknown form");
  }
}

/** Answers GET of a collection. @throws `ApiError` */
export function answerList(reading: Reading, route: Route, request: SimulatedRequest): Answer {
  const selection = readSelection(route);
  const form = readForm(request.headers, route.query);
  const { revision, after } = readStart(reading.cluster, route);
  const { store } = route.resource;
  const objects = revision === undefined ? store.all() : store.allAt(revision);
  const rest = objects.filter((object) => (after === undefined || keyOf(object) > after) && selection.matches(object));
  const limit = readNumber(route.query, "limit") ?? 0;
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const shown = revision ?? reading.cluster.registry.revisions.current;
  const metadata = listMeta({ page, rest, revision: shown, selection });
  return { status: 200, headers: JSON_TYPE, body: listBody(reading, route, { page, metadata, form }) };
}

interface Start {
  /** The version to show; undefined for the newest. */
  readonly revision: number | undefined;
  readonly after: string | undefined;
}

function readStart(cluster: Cluster, { resource, query }: Route): Start {
  const token = query.get("continue") ?? "";
  return token === "" ? readFirst(cluster, resource, query) : readNext(resource, token);
}

function readNext({ store }: Resource, token: string): Start {
  const { revision, after } = readContinue(token);
  if (revision !== undefined && !store.remembers(revision)) throw expiredContinue(after);
  return { revision, after };
}

function readFirst({ registry }: Cluster, { store }: Resource, query: URLSearchParams): Start {
  const asked = readNumber(query, "resourceVersion") ?? 0;
  if (asked > registry.revisions.current) throw tooLargeResourceVersion(asked, registry.revisions.current);
  if (query.get("resourceVersionMatch") !== "Exact") return { revision: undefined, after: undefined };
  if (asked === 0) {
    throw badRequest(
      'resourceVersionMatch: Forbidden: resourceVersionMatch "Exact" is forbidden for resourceVersion "0"',
    );
  }
  if (!store.remembers(asked)) throw expired("The resourceVersion for the provided list is too old.");
  return { revision: asked, after: undefined };
}

function listMeta({
  page,
  rest,
  revision,
  selection,
}: {
  readonly page: readonly KubernetesObject[];
  readonly rest: readonly KubernetesObject[];
  readonly revision: number;
  readonly selection: Selection;
}): ListMeta {
  const last = page.at(-1);
  const resourceVersion = String(revision);
  if (last === undefined || page.length === rest.length) return { resourceVersion };
  return {
    resourceVersion,
    continue: writeContinue({ revision, after: keyOf(last) }),
    ...(!selection.isNarrowed && { remainingItemCount: rest.length - page.length }),
  };
}

function listBody(
  { cluster, texts }: Reading,
  { resource }: Route,
  {
    page,
    metadata,
    form,
  }: { readonly page: readonly KubernetesObject[]; readonly metadata: ListMeta; readonly form: Form },
): string {
  if (form.kind === "table") {
    const { rowObject } = form;
    return JSON.stringify(table(resource.kind, page, { rowObject, nowMs: cluster.clock.now(), metadata }));
  }
  const isPlain = form.kind === "plain";
  const type = isPlain ? listType(resource.kind) : { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1" };
  // Each object's text is made once and kept; a list of ten thousand is then no more than a join.
  const items = page.map(isPlain ? (object) => texts.asItem(object) : (object) => JSON.stringify(partial(object)));
  const head = JSON.stringify({ ...type, metadata });
  return `${head.slice(0, -1)},"items":[${items.join(",")}]}`;
}
