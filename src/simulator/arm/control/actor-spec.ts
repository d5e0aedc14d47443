import { z } from "zod";
import type { Checked } from "../../../base/checked.ts";
import type { ScriptedActor } from "../actors/actors.ts";
import { type DeedData, deedOf } from "../actors/deed-data.ts";
import type { JsonObject } from "../json.ts";
import { checkDocument } from "../read-document.ts";
import { targetOf, targetSchema } from "./target-spec.ts";

const ID = "the id of a resource";
const id = z.string(ID).startsWith("/", ID);
const name = z.string("a name");
const document: z.ZodType<JsonObject> = z.record(z.string(), z.json(), "a JSON object");

const deed: z.ZodType<DeedData> = z.union(
  [
    z.strictObject({ put: id, body: document }),
    z.strictObject({ remove: id }),
    z.strictObject({ tag: id, tags: z.record(z.string(), z.string("text"), "tags by name") }),
    z.strictObject({ addSecurityRule: id, name, rule: document.exactOptional() }),
    z.strictObject({ addFrontend: id, name, publicIpId: id }),
    z.strictObject({ addFrontend: id, name, subnetId: id }),
    z.strictObject({ leavePools: id }),
    z.strictObject({ detachInterface: id }),
  ],
  "one of put with body, remove, tag with tags, addSecurityRule with name, addFrontend with name and publicIpId or subnetId, leavePools and detachInterface, each with the id of a resource",
);

const cue = targetSchema.extend({
  at: z.enum(["received", "admitted", "committed", "answered"], "received, admitted, committed or answered"),
});

const schema = z.strictObject({ when: cue, do: deed });

/** Reads an actor as people write it. */
export function checkActor(input: unknown): Checked<ScriptedActor> {
  const result = checkDocument(schema, input);
  if (!result.ok) return result;
  const { at, ...target } = result.value.when;
  return { ok: true, value: { when: { at, ...targetOf(target) }, do: deedOf(result.value.do) } };
}
