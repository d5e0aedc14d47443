import { CloudError } from "../../../cloudprovider/errors.ts";
import type { Call, CallScope } from "../call-scope.ts";
import type { ArmClients } from "../clients.ts";
import type { WireBody, Write } from "../engine.ts";
import { classifyWriteFailure, saysAbsent, toCloudError } from "../errors.ts";
import type { Listing, Tick } from "../inventory.ts";
import type { UnknownProperties } from "../policies/keep-unknown.ts";
import type { Document, ResourcePort, WriteCondition } from "../port.ts";
import { groupOf, parseResourceId } from "../resource-id.ts";
import { ARM_TYPE, type ArmTypeName } from "../resource-types.ts";
import type { Lane } from "../throttle/lane.ts";
import type { Names, SdkBinding, SdkOptions } from "./binding.ts";

/** What ports are made of. */
export interface PortDeps {
  readonly clients: ArmClients;
  readonly scope: CallScope;
  readonly unknown: UnknownProperties;
}

/** One resource type over the SDK. */
export interface ArmPort<T> {
  /** Every page, or a rejection with a CloudError. @param lane - in the queue for requests; `refresh` by default. */
  list(scope: string, signal: AbortSignal, lane?: Lane): Promise<Listing<T>>;

  /**
   * One resource, for the merge queue.
   *
   * @param learn - is told what every direct read and confirmed write brought.
   */
  resource(id: string, learn: Learn<T>): ResourcePort<T>;

  /** The body that a write of a model would send; nothing is sent. */
  wire(id: string, write: Write<T>, signal: AbortSignal): Promise<WireBody>;
}

/** Takes what an answer brought; undefined means that the resource is not there. */
export type Learn<T> = (document: Document<T> | undefined, since: Tick) => void;

/** What every model we read has in common. */
interface Model {
  readonly id?: string | undefined;
  readonly etag?: string | undefined;
}

/** The port of a resource type. */
export function portOf<T extends Model>(type: ArmTypeName, binding: SdkBinding<T>, deps: PortDeps): ArmPort<T> {
  return {
    list: (scope, signal, lane = "refresh") => list({ type, binding, deps }, scope, { signal, lane }),
    resource: (id, learn) => new BoundResource({ type, binding, deps }, id, learn),
    wire: (id, write, signal) => wire({ type, binding, deps }, { ...write, id }, signal),
  };
}

interface Bound<T> {
  readonly type: ArmTypeName;
  readonly binding: SdkBinding<T>;
  readonly deps: PortDeps;
}

async function list<T extends Model>(
  { type, binding, deps }: Bound<T>,
  scope: string,
  asked: Pick<Call, "signal" | "lane">,
): Promise<Listing<T>> {
  const at = scopeNames(scope);
  try {
    return await deps.scope.run(asked, async (call) => {
      const values: T[] = [];
      for await (const value of binding.list(deps.clients, at)) values.push(value);
      const wires = call.bodies.flatMap(elementsOf);
      const documents = values.map((value, index) => {
        const id = idOf(value, type);
        deps.unknown.learn(id, wires[index], value);
        return { id, document: documentOf(value), wire: wires[index] };
      });
      const { tick, atMs } = call.firstSent;
      return { documents, since: tick, atMs, pages: call.bodies.length };
    });
  } catch (caught) {
    asked.signal.throwIfAborted();
    throw toCloudError(caught, `listing ${type} of ${scope}`);
  }
}

async function wire<T extends Model>(
  { type, binding, deps }: Bound<T>,
  { id, value, condition }: Write<T> & { readonly id: string },
  signal: AbortSignal,
): Promise<WireBody> {
  const at = resourceNames(id, type);
  const { put } = binding;
  if (put === undefined) throw readOnly(`${ARM_TYPE[type]} ${at.names.join("/")}`);
  return await deps.scope.run({ signal, lane: "refresh", sketches: true }, async ({ bodies }) => {
    await put(deps.clients, at, value, headersOf(condition));
    return bodies.at(-1) as WireBody;
  });
}

class BoundResource<T extends Model> implements ResourcePort<T> {
  readonly #bound: Bound<T>;
  readonly #id: string;
  readonly #at: Names;
  readonly #learn: Learn<T>;

  constructor(bound: Bound<T>, id: string, learn: Learn<T>) {
    this.#bound = bound;
    this.#id = id;
    this.#at = resourceNames(id, bound.type);
    this.#learn = learn;
  }

  async read(signal: AbortSignal): Promise<Document<T> | undefined> {
    const { binding, deps } = this.#bound;
    let sent = 0;
    try {
      return await deps.scope.run({ signal, lane: "refresh" }, async (call) => {
        const value = await binding.get(deps.clients, this.#at).finally(() => {
          sent = call.asOf;
        });
        return this.#confirmed(value, call);
      });
    } catch (caught) {
      if (saysAbsent(caught)) {
        this.#gone(sent);
        return undefined;
      }
      signal.throwIfAborted();
      throw toCloudError(caught, `reading ${this.#name}`);
    }
  }

  put(next: T, condition: WriteCondition, signal: AbortSignal): Promise<Document<T>> {
    const { binding, deps } = this.#bound;
    const { put } = binding;
    if (put === undefined) return Promise.reject(readOnly(this.#name));
    const lane: Lane = condition !== "unconditional" && "ifNoneMatch" in condition ? "create" : "batch";
    return deps.scope.run({ signal, lane }, async (call) => {
      const value = await put(deps.clients, this.#at, next, headersOf(condition));
      return this.#confirmed(value, call);
    });
  }

  async remove(condition: WriteCondition, signal: AbortSignal): Promise<void> {
    const { binding, deps } = this.#bound;
    const { remove } = binding;
    if (remove === undefined) throw readOnly(this.#name);
    await deps.scope.run({ signal, lane: "restore" }, async () => {
      try {
        await remove(deps.clients, this.#at, headersOf(condition));
      } catch (caught) {
        if (!saysAbsent(caught)) throw caught;
      }
    });
    this.#gone(deps.scope.tick());
  }

  classify(error: unknown) {
    return classifyWriteFailure(error, `writing ${this.#name}`);
  }

  #confirmed(value: T, { bodies, asOf }: Call): Document<T> {
    const document = documentOf(value);
    this.#bound.deps.unknown.learn(this.#id, bodies.at(-1), value);
    this.#learn(document, asOf);
    return document;
  }

  #gone(since: Tick): void {
    this.#bound.deps.unknown.forget(this.#id);
    this.#learn(undefined, since);
  }

  get #name(): string {
    return `${ARM_TYPE[this.#bound.type]} ${this.#at.names.join("/")}`;
  }
}

function documentOf<T extends Model>(value: T): Document<T> {
  return { value, etag: value.etag };
}

function headersOf(condition: WriteCondition): SdkOptions {
  if (condition === "unconditional") return {};
  const headers: Record<string, string> =
    "ifMatch" in condition ? { "If-Match": condition.ifMatch } : { "If-None-Match": condition.ifNoneMatch };
  return { requestOptions: { headers } };
}

function resourceNames(id: string, type: ArmTypeName): Names {
  const parsed = parseResourceId(id);
  const wanted = ARM_TYPE[type];
  const found = parsed && [parsed.provider, ...parsed.path.map((each) => each.type)].join("/");
  if (parsed === undefined || found?.toLowerCase() !== wanted.toLowerCase()) {
    throw new CloudError("InvalidArgument", `${JSON.stringify(id)} is not the id of a resource of type ${wanted}`);
  }
  const { subscriptionId, resourceGroup, path } = parsed;
  return { subscriptionId, resourceGroup, names: path.map(({ name }) => name) };
}

function scopeNames(scope: string): Names {
  const group = groupOf(scope);
  if (group === undefined) {
    throw new CloudError(
      "InvalidArgument",
      `${JSON.stringify(scope)} is not the id of a resource group or of a resource`,
    );
  }
  return { ...group, names: parseResourceId(scope)?.path.map(({ name }) => name) ?? [] };
}

function idOf({ id }: Model, type: ArmTypeName): string {
  if (id === undefined) throw new CloudError("Unavailable", `a list of ${type} holds an element without an id`);
  return id;
}

function elementsOf(body: unknown): readonly unknown[] {
  const { value } = body as { readonly value?: unknown };
  return Array.isArray(value) ? value : [];
}

function readOnly(name: string): CloudError {
  return new CloudError("NotImplemented", `${name} is only read here, never written`);
}
