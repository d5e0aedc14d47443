import type { Manifest } from "./manifests.ts";

/** What applying manifests came to. */
export interface Applied {
  /** Objects that the API server took, as it returned them, beside the manifest they came from. */
  readonly created: readonly { readonly manifest: Manifest; readonly object: Readonly<Record<string, unknown>> }[];
  /** Manifests of kinds that the API server does not serve. */
  readonly skipped: readonly Manifest[];
}

interface ApiResource {
  readonly kind: string;
  readonly name: string;
  readonly namespaced: boolean;
}

/** Fields that an API server's answer names: its own path, or the one in the sentence of a strict decoder. */
interface Refusal {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string }[] };
}

/**
 * Creates the objects of `manifests` through the API server, namespaces first, with strict checking of fields.
 * Namespaces that are named and do not exist are made.
 *
 * @param server - `http://host:port`.
 * @throws Error with every refusal, each naming file, line and field. What came before is created by then.
 */
export async function applyManifests(server: string, manifests: readonly Manifest[]): Promise<Applied> {
  const api = new Api(server);
  const created: Applied["created"][number][] = [];
  const skipped: Manifest[] = [];
  const refused: string[] = [];
  for (const manifest of namespacesFirst(manifests)) {
    const resource = await api.find(manifest);
    if (resource === undefined) {
      skipped.push(manifest);
      continue;
    }
    const answer = await api.create(manifest, resource);
    if (answer.ok) created.push({ manifest, object: answer.object });
    else refused.push(...explain(manifest, answer.refusal));
  }
  if (refused.length > 0) throw new Error(refused.join("\n"));
  return { created, skipped };
}

function namespacesFirst(manifests: readonly Manifest[]): readonly Manifest[] {
  const isNamespace = ({ kind }: Manifest): boolean => kind === "Namespace";
  return [...manifests.filter(isNamespace), ...manifests.filter((manifest) => !isNamespace(manifest))];
}

type Answer =
  | { readonly ok: true; readonly object: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly refusal: Refusal };

class Api {
  readonly #server: string;
  readonly #resources = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(server: string) {
    this.#server = server;
  }

  async find({ apiVersion, kind }: Manifest): Promise<ApiResource | undefined> {
    const known = this.#resources.get(apiVersion) ?? this.#discover(apiVersion);
    this.#resources.set(apiVersion, known);
    return (await known).find((resource) => resource.kind === kind && !resource.name.includes("/"));
  }

  async create(manifest: Manifest, resource: ApiResource): Promise<Answer> {
    const namespace = manifest.namespace ?? "default";
    if (resource.namespaced) await this.#ensureNamespace(namespace);
    const scope = resource.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : "";
    const answer = await this.#post(`${root(manifest.apiVersion)}${scope}/${resource.name}`, manifest.object);
    const exists = !answer.ok && answer.refusal.reason === "AlreadyExists" && manifest.kind === "Namespace";
    return exists ? { ok: true, object: manifest.object } : answer;
  }

  async #ensureNamespace(name: string): Promise<void> {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    const answer = await this.#post("/api/v1/namespaces", namespace);
    if (!answer.ok && answer.refusal.reason !== "AlreadyExists") throw new Error(answer.refusal.message);
  }

  async #discover(apiVersion: string): Promise<readonly ApiResource[]> {
    const response = await fetch(`${this.#server}${root(apiVersion)}`);
    if (!response.ok) return [];
    return ((await response.json()) as { resources?: readonly ApiResource[] }).resources ?? [];
  }

  async #post(path: string, object: object): Promise<Answer> {
    const response = await fetch(`${this.#server}${path}?fieldValidation=Strict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(object),
    });
    const body = (await response.json()) as Record<string, unknown>;
    return response.ok ? { ok: true, object: body } : { ok: false, refusal: body };
  }
}

/** `/api/v1` for the core group, `/apis/GROUP/VERSION` for the others. */
function root(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** One line per cause: where it stands in the file, which field, what is wrong. */
function explain(manifest: Manifest, { message = "refused", details }: Refusal): readonly string[] {
  const who = `${manifest.kind} ${manifest.name}`;
  const unknown = [...message.matchAll(/unknown field "([^"]+)"/g)].map(([, field = ""]) => field);
  if (unknown.length > 0) {
    return unknown.map((field) => `${manifest.locate(pathOf(field))}: ${who}: unknown field ${JSON.stringify(field)}`);
  }
  const causes = details?.causes ?? [];
  if (causes.length === 0) return [`${manifest.at}: ${who}: ${message}`];
  return causes.map(({ field = "", message: cause = "" }) => {
    return `${manifest.locate(pathOf(field))}: ${who}: ${field}: ${cause}`;
  });
}

/** `spec.ports[0].port` as the steps `spec`, `ports`, 0, `port`. */
function pathOf(field: string): readonly (string | number)[] {
  return [...field.matchAll(/\[(\d+)\]|\[([^\]]+)\]|([^.[\]]+)/g)].map(([, index, key, name]) =>
    index === undefined ? (key ?? name ?? "") : Number(index),
  );
}
