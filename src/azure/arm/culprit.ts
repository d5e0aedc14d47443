import type { ArmErrorBody } from "./failure.ts";
import { idKey, parseResourceId } from "./resource-id.ts";

/** Ids end at a blank, a quote or a comma; the full stop of a sentence is not part of them. */
const ID = /\/subscriptions\/[^\s'",;()]+/gi;

/** Sentences of ARM that name a child, the more telling one of two. First match wins. */
const NAMED: readonly RegExp[] = [
  /two child resources with the same name \((?<name>[^)]+)\)/i,
  /load balancing rules \S+ and (?<name>\S+) /i,
  /security rule (?<name>\S+) conflicts with/i,
  /security rule (?<name>\S+) has invalid/i,
  /rule with Id (?<name>\S+)/i,
  /referenced by resource (?<name>\S+) was not found/i,
  /backend address pool (?<name>\S+) from load balancer/i,
];

/**
 * The child or resource that ARM blames for a refused body, in lower case: the name of a child of the written resource
 * (a rule, a frontend, a pool), or else the full id of a resource that the body refers to. Undefined when it names none.
 */
export function culpritOf(body: ArmErrorBody): string | undefined {
  for (const { message } of [...body.details, body]) {
    for (const pattern of NAMED) {
      const name = pattern.exec(message)?.groups?.["name"];
      if (name !== undefined) return childNameIn(name);
    }
    const [first] = idsIn(message);
    if (first !== undefined) return childNameIn(first);
  }
  return undefined;
}

/** The resource that is not provisioned, from ARM's sentence about it, in lower case; undefined when it names none. */
export function unprovisionedResourceOf(body: ArmErrorBody): string | undefined {
  for (const { message } of [...body.details, body]) {
    const [first] = idsIn(message);
    if (first !== undefined) return idKey(first);
  }
  return undefined;
}

function idsIn(message: string): readonly string[] {
  return (message.match(ID) ?? []).map(trimSentence);
}

function trimSentence(text: string): string {
  return text.replace(/[.,;:'"]+$/, "");
}

function childNameIn(text: string): string {
  const trimmed = trimSentence(text).toLowerCase();
  const child = parseResourceId(trimmed)?.path.at(-1);
  const isChild = (parseResourceId(trimmed)?.path.length ?? 0) > 1;
  return isChild && child !== undefined ? child.name : trimmed;
}
