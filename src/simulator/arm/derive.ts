import { hash } from "node:crypto";

/**
 * Values that look random and are not: each follows from the simulator's seed and the parts it is made of, so that two
 * runs give the same guids and addresses whatever order requests arrive in.
 */
export class Derive {
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** 40 lower-case hex digits. */
  hex(...parts: readonly (string | number)[]): string {
    return hash("sha1", `${this.#seed}\n${parts.join("\n")}`);
  }

  /** A version 4 guid in lower case. */
  guid(...parts: readonly (string | number)[]): string {
    const digits = this.hex(...parts);
    const variant = "89ab"[Number.parseInt(digits.charAt(16), 16) % 4] ?? "8";
    const groups = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`];
    return [...groups, `${variant}${digits.slice(17, 20)}`, digits.slice(20, 32)].join("-");
  }

  /** At least 0, below 1, uniform. */
  fraction(...parts: readonly (string | number)[]): number {
    return Number.parseInt(this.hex(...parts).slice(0, 12), 16) / 2 ** 48;
  }
}
