import { type Lister, mayReceiveTraffic, type Node } from "../../cloudprovider/index.ts";
import { type Members, membersOf, sameMembers } from "./nodes.ts";

/** The nodes that may be members now. */
export interface Eligible {
  readonly nodes: readonly Node[];
  /** One object for as long as the members stay the same, so that ten thousand Services remember it once. */
  readonly members: Members;
}

/** Filters the nodes once per change of a node, not once per Service. */
export class EligibleNodes {
  readonly #lister: Lister<Node>;
  #current: Eligible | undefined;
  #members: Members = new Map();

  constructor(lister: Lister<Node>) {
    this.#lister = lister;
  }

  /** To be called when any node has changed in any way. */
  invalidate(): void {
    this.#current = undefined;
  }

  /** The nodes of now, sorted by name. */
  now(): Eligible {
    if (this.#current !== undefined) return this.#current;
    const byName = (a: Node, b: Node): number => (a.metadata.name < b.metadata.name ? -1 : 1);
    const nodes = this.#lister.list().filter(mayReceiveTraffic).toSorted(byName);
    const members = membersOf(nodes);
    if (!sameMembers(members, this.#members)) this.#members = members;
    this.#current = { nodes, members: this.#members };
    return this.#current;
  }
}
