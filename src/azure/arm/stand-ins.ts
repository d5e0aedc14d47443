/**
 * Addresses that stand in for those that ARM has yet to choose, while a plan is made: out of ranges that never are
 * anybody's (240.0.0.0/4 is reserved, 100::/64 discards), so that a real address is never taken for one.
 */
export class StandIns {
  readonly #made = new Map<string, string>();

  /** The stand-in for the address of something, such as `public IP web`; the same each time. */
  addressOf(what: string, family: "IPv4" | "IPv6"): string {
    const key = `${family} ${what}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const next = this.#made.size + 1;
    const address =
      family === "IPv6" ? `100::${next.toString(16)}` : `240.${next >> 16}.${(next >> 8) & 255}.${next & 255}`;
    this.#made.set(key, address);
    return address;
  }

  /** Every stand-in, and the words to show in its place. */
  get words(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#made].map(([what, address]) => [address, `(known after apply: address of ${nameIn(what)})`]),
    );
  }
}

function nameIn(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}
