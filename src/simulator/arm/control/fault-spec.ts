import { z } from "zod";
import type { Checked } from "../../../base/checked.ts";
import { FAULT_NAMES, type FaultName } from "../faults/catalogue.ts";
import type { SeededFaults } from "../faults/seeded.ts";
import type { CatalogueTarget, Faults, OperationFault, RequestFault, SetFault } from "../faults.ts";
import type { Json, JsonObject } from "../json.ts";
import { checkDocument } from "../read-document.ts";
import { defined, patternSchema, targetOf, targetSchema } from "./target-spec.ts";

/** A fault that was described in data, ready to be set. */
export type FaultSpec = (faults: Faults) => SetFault;

const json: z.ZodType<Json> = z.json();
const FAULT_NAME =
  "a name of the catalogue: F01 to F74, hang, slow, half-open, request-timeout, internal-error, server-timeout";
const faultName = z.enum(FAULT_NAMES as [FaultName, ...FaultName[]], FAULT_NAME);
const at = z.enum(["received", "admitted", "committed"], "received, admitted or committed");

const catalogued = targetSchema.extend({
  fault: faultName,
  at: at.optional(),
  retryAfterSeconds: z.number().min(0, "seconds, 0 or more").optional(),
  about: z.string().optional(),
});

const answer = z.strictObject({
  status: z.int("an HTTP status").min(100, "an HTTP status").max(599, "an HTTP status"),
  headers: z.record(z.string(), z.string()).exactOptional(),
  body: z.union([z.string(), z.record(z.string(), json)]).exactOptional(),
});

const onRequest = targetSchema.extend({
  at: at.default("received"),
  answer: answer.optional(),
  cut: z.enum(["reset", "hang"], "reset or hang").optional(),
});

const onOperation = targetSchema.extend({
  operation: z.enum(["Failed", "Canceled"], "Failed or Canceled"),
  code: z.string(),
  message: z.string().optional(),
  details: z.array(z.strictObject({ code: z.string(), message: z.string() })).optional(),
});

const drawn = z.strictObject({
  rate: z.number().min(0, "a share from 0 to 1").max(1, "a share from 0 to 1"),
  kinds: z.array(faultName).optional(),
  seed: z.string().optional(),
  pattern: patternSchema.optional(),
});

/**
 * Reads a fault as people write it. Which kind it is, one of its members says: `fault` names one of the catalogue,
 * `operation` ends an operation badly, `rate` draws faults, `answer` or `cut` is a request's fate.
 *
 * @param place - where it stands in a larger document: `faults[2]`.
 */
export function checkFault(input: unknown, place = ""): Checked<FaultSpec> {
  if (has(input, "fault")) return specOf(checkDocument(catalogued, input, place), catalogueSpec);
  if (has(input, "operation")) return specOf(checkDocument(onOperation, input, place), operationSpec);
  if (has(input, "rate")) return specOf(checkDocument(drawn, input, place), drawnSpec);
  if (has(input, "answer") || has(input, "cut")) return specOf(checkDocument(onRequest, input, place), requestSpec);
  const got = input === undefined ? undefined : JSON.stringify(input);
  const want = "an object with one of fault, operation, rate, answer and cut";
  return { ok: false, problems: [{ field: place === "" ? "fault" : place, got, want }] };
}

function specOf<T>(result: Checked<T>, make: (value: T) => FaultSpec): Checked<FaultSpec> {
  return result.ok ? { ok: true, value: make(result.value) } : result;
}

function catalogueSpec({ fault, ...rest }: z.output<typeof catalogued>): FaultSpec {
  const { at: stage, retryAfterSeconds, about } = rest;
  const more = defined<CatalogueTarget>({ at: stage, retryAfterSeconds, about });
  const places = defined<CatalogueTarget>({ ...targetOf(rest), path: rest.pattern ?? rest.path });
  return (faults) => faults.catalogue(fault, { ...places, ...more });
}

function operationSpec({ operation, code, message, details, ...rest }: z.output<typeof onOperation>): FaultSpec {
  const fault: OperationFault = {
    ...targetOf(rest),
    status: operation,
    code,
    ...defined<Partial<OperationFault>>({ message, details }),
  };
  return (faults) => faults.failOperation(fault);
}

function drawnSpec({ rate, kinds, seed, pattern: path }: z.output<typeof drawn>): FaultSpec {
  return (faults) => faults.seeded({ rate, ...defined<Partial<SeededFaults>>({ kinds, seed, path }) });
}

function requestSpec({ answer: sent, cut, at: stage, ...rest }: z.output<typeof onRequest>): FaultSpec {
  const fault: RequestFault = { ...targetOf(rest), at: stage, with: sent ?? cut ?? "reset" };
  return (faults) => faults.script(fault);
}

function has(input: unknown, key: keyof JsonObject & string): boolean {
  return typeof input === "object" && input !== null && key in input;
}
