import type { KubernetesObject } from "../object.ts";

/** The JSON text of each object that was sent once: lists and every watcher share it. */
export class WireText {
  readonly #texts = new WeakMap<KubernetesObject, string>();

  of(object: KubernetesObject): string {
    const known = this.#texts.get(object);
    if (known !== undefined) return known;
    const text = JSON.stringify(object);
    this.#texts.set(object, text);
    return text;
  }

  /** The text of an object within a list, where the real server leaves apiVersion and kind out. */
  asItem(object: KubernetesObject): string {
    const { apiVersion, kind } = object;
    const type = JSON.stringify({ apiVersion, kind }).slice(0, -1);
    const text = this.of(object);
    return text.startsWith(`${type},`) ? `{${text.slice(type.length + 1)}` : text;
  }
}
