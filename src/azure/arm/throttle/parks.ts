/** Resources that ARM asked to leave alone for a while, by the bucket whose refusal it was. */
export class Parks {
  readonly #parked = new Map<string, Map<string, number>>();

  /** Buckets with parked resources. */
  get size(): number {
    return this.#parked.size;
  }

  /** When a resource may be asked again, clock milliseconds; 0 when it is not parked. */
  until(bucket: string, resource: string): number {
    return this.#parked.get(bucket)?.get(resource) ?? 0;
  }

  /**
   * Parks a resource; a shorter pause never ends a longer one. Forgets those whose time is over.
   *
   * @returns for how much longer it is parked than it was, milliseconds.
   */
  park(bucket: string, resource: string, untilMs: number, nowMs: number): number {
    this.#forget(nowMs);
    const resources = this.#parked.get(bucket) ?? new Map<string, number>();
    const before = Math.max(nowMs, resources.get(resource) ?? 0);
    resources.set(resource, Math.max(before, untilMs));
    this.#parked.set(bucket, resources);
    return Math.max(0, untilMs - before);
  }

  /** The resources of a bucket that are parked now. */
  in(bucket: string, nowMs: number): readonly string[] {
    return [...(this.#parked.get(bucket) ?? [])].flatMap(([resource, until]) => (until > nowMs ? [resource] : []));
  }

  #forget(nowMs: number): void {
    for (const [bucket, resources] of this.#parked) {
      for (const [resource, until] of resources) if (until <= nowMs) resources.delete(resource);
      if (resources.size === 0) this.#parked.delete(bucket);
    }
  }
}
