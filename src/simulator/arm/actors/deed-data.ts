import type { JsonObject } from "../json.ts";
import type { Deed } from "./deed.ts";
import { deeds } from "./deeds.ts";

/** A deed in data; which it is, its first member says. What is named by an id is a resource. */
export type DeedData =
  | { readonly put: string; readonly body: JsonObject }
  | { readonly remove: string }
  | { readonly tag: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly addSecurityRule: string; readonly name: string; readonly rule?: JsonObject }
  | { readonly addFrontend: string; readonly name: string; readonly publicIpId: string }
  | { readonly addFrontend: string; readonly name: string; readonly subnetId: string }
  | { readonly leavePools: string }
  | { readonly detachInterface: string };

/** The deed that data stand for. */
export function deedOf(data: DeedData): Deed {
  if ("put" in data) return (arm) => void arm.put(data.put, data.body);
  if ("remove" in data) return deeds.remove(data.remove);
  if ("tag" in data) return deeds.tag(data.tag, data.tags);
  if ("addSecurityRule" in data) return deeds.addSecurityRule(data.addSecurityRule, data.name, data.rule);
  if ("addFrontend" in data) return deeds.addFrontend(data.addFrontend, data.name, data);
  if ("leavePools" in data) return deeds.leavePools(data.leavePools);
  return deeds.detachInterface(data.detachInterface);
}
