import { propertiesOf, referenceAt } from "./json.ts";
import type { ResourceRecord } from "./record.ts";

/**
 * Whether a list's `$filter` keeps a resource. One filter is known, the machines of a scale set, with the quotes around
 * the property name that the service wants: `'virtualMachineScaleSet/id' eq '{id}'`. Others keep everything.
 */
export function keepsFilter(filter: string | undefined, { shown }: ResourceRecord): boolean {
  const match = /^'?(\w+)\/id'? eq '([^']*)'$/i.exec(filter?.trim() ?? "");
  if (match === null) return true;
  const [, member = "", id = ""] = match;
  return referenceAt(propertiesOf(shown), member)?.toLowerCase() === id.toLowerCase();
}
