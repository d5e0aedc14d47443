import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import type { Json } from "../json.ts";
import { balancersDocument } from "./instance-balancers.ts";
import { findMachine, instanceDocument, type MetadataSource, memberAt } from "./instance-metadata.ts";
import { metadataRefusal } from "./managed-identity.ts";

/** `/metadata/instance` and `/metadata/loadbalancer`, as the machine sees them. */
export class MetadataEndpoint {
  readonly #source: MetadataSource;
  /** Id, name or host name of the machine whose metadata are served; the first of all when undefined. */
  machine: string | undefined;

  constructor(source: MetadataSource, machine: string | undefined) {
    this.#source = source;
    this.machine = machine;
  }

  /**
   * @param area - `instance` or `loadbalancer`.
   * @param path - what follows it.
   * @param machine - named in the URL: `/machines/{name}/metadata/...`.
   */
  serve(request: SimulatedRequest, area: string, path: string, machine: string | undefined): Answer {
    const refused = refusalOf(request);
    if (refused !== undefined) return refused;
    const found = findMachine(this.#source, machine ?? this.machine);
    if (found === undefined) return NOT_FOUND;
    if (area === "loadbalancer") return answerWith(balancersDocument(found, this.#source));
    const words = path.split("/").filter((word) => word !== "");
    return answerWith(memberAt(instanceDocument(found, this.#source), words));
  }
}

function refusalOf(request: SimulatedRequest): Answer | undefined {
  if (metadataRefusal(request) !== undefined) {
    return { status: 400, body: { error: "Bad request. Required metadata header not specified" } };
  }
  if (request.method !== "GET") return { status: 405, body: { error: "Method not allowed" } };
  const query = [...request.url.searchParams.keys()].map((key) => key.toLowerCase());
  if (query.includes("api-version")) return undefined;
  return { status: 400, body: { error: "Bad request. api-version was not specified in the request" } };
}

const NOT_FOUND: Answer = { status: 404, body: { error: "Not found" } };

/** Leaves are sent as text. */
function answerWith(member: Json | undefined): Answer {
  if (member === undefined) return NOT_FOUND;
  if (typeof member === "object" && member !== null) return { status: 200, body: member };
  return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: String(member) };
}
