import type { Clock } from "../../base/clock.ts";
import type { JsonObject } from "./json.ts";
import { allKinds } from "./kinds/all-kinds.ts";
import type { ServiceNetworkOptions } from "./kinds/service-network.ts";
import type { KubernetesObject } from "./object.ts";
import type { Edit } from "./patch/edit.ts";
import { Registry, type Resource } from "./registry.ts";
import { type Removed, type RemoveOptions, Remover } from "./remover.ts";
import { type Target, type WriteOptions, Writer, type Written } from "./writer.ts";

/** What a cluster is made of. */
export interface ClusterOptions {
  readonly clock: Clock;
  readonly historyLimit: number;
  readonly network: ServiceNetworkOptions;
}

/** All objects and all rules of the API, without HTTP: what the handlers and the tests' direct access share. */
export class Cluster {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly #writer: Writer;
  readonly #remover: Remover;

  constructor({ clock, historyLimit, network }: ClusterOptions) {
    this.clock = clock;
    this.registry = new Registry(allKinds(network), historyLimit);
    this.#writer = new Writer(this.registry, clock);
    this.#remover = new Remover(this.registry, this.#writer);
  }

  /** @throws `ApiError` as the real server refuses a GET. */
  find(resource: Resource, target: Target): KubernetesObject {
    return this.#writer.find(resource, target);
  }

  /** @throws `ApiError` as the real server refuses a POST. */
  create(resource: Resource, namespace: string | undefined, body: JsonObject, options?: WriteOptions): Written {
    return this.#writer.create(resource, namespace, body, options);
  }

  /** @throws `ApiError` as the real server refuses a PUT. */
  replace(resource: Resource, target: Target, body: JsonObject, options?: WriteOptions): Written {
    return this.#swept(this.#writer.replace(resource, target, body, options));
  }

  /** @throws `ApiError` as the real server refuses a PATCH. */
  patch(resource: Resource, target: Target, edit: Edit, options?: WriteOptions): Written {
    return this.#swept(this.#writer.patch(resource, target, edit, options));
  }

  /** @throws `ApiError` as the real server refuses a DELETE. */
  remove(resource: Resource, target: Target, options?: RemoveOptions): Removed {
    return this.#remover.remove(resource, target, options);
  }

  /** The loss of a last finalizer may have emptied a namespace that is being deleted. */
  #swept(written: Written): Written {
    if (written.object.metadata.deletionTimestamp !== undefined) this.#remover.sweep(written.object);
    return written;
  }
}
