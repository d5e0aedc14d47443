import type { ArmId } from "./arm-id.ts";
import type { JsonObject } from "./json.ts";
import type { Link } from "./links.ts";
import type { Operation } from "./operations.ts";
import type { ResourceType } from "./resource-type.ts";

/** `properties.provisioningState`. */
export type ProvisioningState = "Succeeded" | "Creating" | "Updating" | "Deleting" | "Failed";

/** What a new record starts from. */
export interface RecordStart {
  readonly id: ArmId;
  readonly type: ResourceType;
  /** How many resources had this id before. */
  readonly generation: number;
  readonly createdMs: number;
}

/** One resource that ARM knows. Its documents are normalised bodies: no ids, etags or back-references in them. */
export class ResourceRecord {
  readonly id: ArmId;
  readonly type: ResourceType;
  readonly generation: number;
  readonly createdMs: number;
  /** The body accepted last: what ARM shows. A failed or cancelled operation leaves it. */
  shown: JsonObject = {};
  /** The body that the last successful operation put into effect. */
  effect: JsonObject | undefined;
  /** The document whose private addresses are in the address book. */
  leased: JsonObject = {};
  /** Members of `properties` that ARM has assigned for good: a public address. */
  computed: JsonObject = {};
  state: ProvisioningState = "Succeeded";
  /** Error of the last operation, while {@link state} is Failed. */
  failure: JsonObject | undefined;
  /** What ARM knows of it and prints in no document: power state, number of the next instance. */
  hidden: JsonObject = {};
  /** Id in lower case of the only child that {@link state} is about, when a child was written by itself. */
  busyChild: string | undefined;
  /** The operation that runs, if one does. */
  operation: Operation | undefined;
  /** How many operations were started on it. */
  operationCount = 0;
  /** Name of the last operation: `PutPublicIpAddressOperation`. */
  lastOperation = "";
  /** References to other resources, as the other side's back-references see them. */
  links: readonly Link[] = [];
  /** References that count only when the operation ends: nothing they point to may go meanwhile. */
  pendingLinks: readonly Link[] = [];
  /** Counts every change that ARM shows in the etag. */
  etagNumber = 1;
  /** Counts every change of what is printed. */
  revision = 1;

  /** Called after each change of what is printed. */
  changed: () => void = () => {};

  constructor({ id, type, generation, createdMs }: RecordStart) {
    this.id = id;
    this.type = type;
    this.generation = generation;
    this.createdMs = createdMs;
  }

  /** Something about the resource changed: a new etag. */
  bump(): void {
    this.etagNumber++;
    this.touch();
  }

  /** What is printed changed, but ARM keeps the etag. */
  touch(): void {
    this.revision++;
    this.changed();
  }

  /** `location` of the document; empty for resources without one. */
  get location(): string {
    return typeof this.shown["location"] === "string" ? this.shown["location"] : "";
  }
}
