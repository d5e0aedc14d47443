import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { idKey } from "../resource-id.ts";
import { putBack, setAside, type Unknown } from "../unknown-properties.ts";

/** Versions of one resource whose unknown properties are remembered: a stale list must not displace a fresh read. */
const VERSIONS = 4;

interface Version {
  readonly etag: string | undefined;
  readonly unknown: Unknown | undefined;
}

/**
 * Remembers, per resource and version, what the SDK's models do not know of it. Only resources that hold unknown
 * properties take memory.
 */
export class UnknownProperties {
  readonly #versions = new Map<string, readonly Version[]>();

  /** Compares what came over the wire with what the SDK made of it. Call it for every document that is read or written. */
  learn(id: string, wire: unknown, model: unknown): void {
    const unknown = setAside(wire, model);
    const key = idKey(id);
    const known = this.#versions.get(key);
    if (unknown === undefined && known === undefined) return;
    const etag = etagOf(wire);
    const others = (known ?? []).filter((each) => each.etag !== etag);
    const versions = [{ etag, unknown }, ...others].slice(0, VERSIONS);
    if (versions.every((each) => each.unknown === undefined)) this.#versions.delete(key);
    else this.#versions.set(key, versions);
  }

  /** The resource is gone. */
  forget(id: string): void {
    this.#versions.delete(idKey(id));
  }

  /**
   * What to put back into a write.
   *
   * @param etag - the version that the write was made from; the newest one read when it names none, or an unknown one.
   */
  of(id: string, etag: string | undefined): Unknown | undefined {
    const versions = this.#versions.get(idKey(id)) ?? [];
    return (versions.find((each) => each.etag === etag) ?? versions[0])?.unknown;
  }
}

/** Puts back into every PUT what the SDK's model could not carry. */
export function keepUnknown(properties: UnknownProperties): PipelinePolicy {
  return {
    name: "keepUnknown",
    sendRequest(request, next) {
      if (request.method === "PUT" && typeof request.body === "string") {
        const id = decodeURIComponent(new URL(request.url).pathname);
        const unknown = properties.of(id, request.headers.get("if-match"));
        // A create has no version to be made from; what is remembered then belongs to a resource that is gone.
        const create = request.headers.get("if-none-match") === "*";
        if (unknown !== undefined && !create) {
          request.body = JSON.stringify(putBack(JSON.parse(request.body), unknown));
        }
      }
      return next(request);
    },
  };
}

function etagOf(wire: unknown): string | undefined {
  const { etag } = wire as { readonly etag?: unknown };
  return typeof etag === "string" ? etag : undefined;
}
