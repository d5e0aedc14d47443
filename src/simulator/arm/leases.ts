import { type JsonObject, objectsAt, propertiesOf, referenceAt, textAt, wordAt } from "./json.ts";
import type { Shape } from "./shape.ts";

/** A private address that an IP configuration or frontend has in a subnet. */
export interface LeaseClaim {
  /** Id of the IP configuration or frontend. */
  readonly owner: string;
  readonly subnetKey: string;
  readonly address: string;
}

/** The private addresses that the children of a document have. */
export function leasesIn(shape: Shape, document: JsonObject, id: string): readonly LeaseClaim[] {
  const properties = propertiesOf(document);
  const lists = Object.keys(shape).filter((key) => shape[key]?.kind === "children");
  return lists.flatMap((list) =>
    objectsAt(properties, list).flatMap((child) => {
      const subnetKey = referenceAt(propertiesOf(child), "subnet")?.toLowerCase();
      const address = textAt(propertiesOf(child), "privateIPAddress");
      if (subnetKey === undefined || address === undefined) return [];
      return { owner: `${id}/${list}/${wordAt(child, "name")}`, subnetKey, address };
    }),
  );
}
