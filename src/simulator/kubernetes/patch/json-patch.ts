import { isJsonList, isJsonObject, type Json, sameJson } from "../json.ts";
import { PatchError } from "./patch-error.ts";

/** One operation of a JSON patch after its shape was checked. */
interface Operation {
  readonly op: string;
  readonly path: readonly string[];
  readonly from: readonly string[] | undefined;
  readonly value: Json | undefined;
}

/**
 * Applies a JSON patch (RFC 6902), all operations or none.
 *
 * @throws {@link PatchError} `format` for something that is no list of operations, `content` where an operation does not fit.
 */
export function applyJsonPatch(target: Json, patch: Json): Json {
  if (!isJsonList(patch)) throw new PatchError("format", "a JSON patch is a list of operations");
  return patch.map(readOperation).reduce(applyOperation, target);
}

function readOperation(raw: Json): Operation {
  if (!isJsonObject(raw) || typeof raw["op"] !== "string" || typeof raw["path"] !== "string") {
    throw new PatchError("format", "each operation of a JSON patch has an op and a path");
  }
  const from = raw["from"];
  return {
    op: raw["op"],
    path: readPointer(raw["path"]),
    from: typeof from === "string" ? readPointer(from) : undefined,
    value: raw["value"],
  };
}

function readPointer(pointer: string): readonly string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/"))
    throw new PatchError("format", `the path ${JSON.stringify(pointer)} does not start with /`);
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function applyOperation(target: Json, { op, path, from, value }: Operation): Json {
  switch (op) {
    case "add":
      return edit(target, path, () => given(value, op), "insert");
    case "replace":
      read(target, path);
      return edit(target, path, () => given(value, op), "set");
    case "remove":
      read(target, path);
      return edit(target, path, () => undefined, "set");
    case "test":
      return test(target, path, value);
    case "copy":
      return edit(target, path, () => read(target, source(from, op)), "insert");
    case "move": {
      const moved = read(target, source(from, op));
      const rest = edit(target, source(from, op), () => undefined, "set");
      return edit(rest, path, () => moved, "insert");
    }
    default:
      throw new PatchError("format", `unexpected kind of operation: ${JSON.stringify(op)}`);
  }
}

function given(value: Json | undefined, op: string): Json {
  if (value === undefined) throw new PatchError("format", `the operation ${op} needs a value`);
  return value;
}

function source(from: readonly string[] | undefined, op: string): readonly string[] {
  if (from === undefined) throw new PatchError("format", `the operation ${op} needs a from`);
  return from;
}

function test(target: Json, path: readonly string[], value: Json | undefined): Json {
  const found = lookUp(target, path);
  if (!sameJson(found ?? null, value ?? null)) {
    throw new PatchError("content", `testing value /${path.join("/")} failed`);
  }
  return target;
}

function read(target: Json, path: readonly string[]): Json {
  const found = lookUp(target, path);
  if (found === undefined) throw new PatchError("content", `there is nothing at /${path.join("/")}`);
  return found;
}

function lookUp(target: Json | undefined, path: readonly string[]): Json | undefined {
  let at = target;
  for (const part of path) {
    if (isJsonList(at)) at = /^\d+$/.test(part) ? at[Number(part)] : undefined;
    else at = isJsonObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }
  return at;
}

/** Rebuilds `target` with what `make` returns at `path`; undefined removes it. Lists move up on `insert`. */
function edit(target: Json, path: readonly string[], make: () => Json | undefined, how: "insert" | "set"): Json {
  const [part, ...rest] = path;
  if (part === undefined) return make() ?? null;
  if (isJsonList(target)) return editList(target, { part, rest }, make, how);
  if (!isJsonObject(target)) throw new PatchError("content", `there is no place for ${JSON.stringify(part)}`);
  if (rest.length > 0) return { ...target, [part]: edit(read(target, [part]), rest, make, how) };
  const value = make();
  const { [part]: _, ...others } = target;
  return value === undefined ? others : { ...target, [part]: value };
}

function editList(
  target: readonly Json[],
  { part, rest }: { readonly part: string; readonly rest: readonly string[] },
  make: () => Json | undefined,
  how: "insert" | "set",
): Json {
  const index = part === "-" ? target.length : Number(part);
  if (!Number.isInteger(index) || index < 0 || index > target.length) {
    throw new PatchError("content", `invalid index ${JSON.stringify(part)} in a list of ${target.length}`);
  }
  if (rest.length > 0) return target.with(index, edit(read(target, [part]), rest, make, how));
  const value = make();
  const replaced = how === "set" ? 1 : 0;
  return target.toSpliced(index, replaced, ...(value === undefined ? [] : [value]));
}
