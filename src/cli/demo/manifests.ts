import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { isMap, isScalar, LineCounter, type ParsedNode, parseAllDocuments, type Document as YamlDocument } from "yaml";

/** One Kubernetes object of a manifest, and where it stands. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The whole object. */
  readonly object: Readonly<Record<string, unknown>>;
  /** `FILE:LINE` of its first line, for messages. */
  readonly at: string;
  /** `FILE:LINE` of a field, given its path; of the nearest enclosing one when the field has no line of its own. */
  readonly locate: (path: readonly (string | number)[]) => string;
}

const EXTENSIONS = [".yaml", ".yml", ".json"];

/**
 * Reads manifests: files, directories (their .yaml, .yml and .json files, by name) and `-` for standard input.
 * Documents of several objects and objects of kind List are taken apart; empty documents are skipped.
 *
 * @throws Error naming file and line of what cannot be understood.
 */
export async function readManifests(paths: readonly string[]): Promise<readonly Manifest[]> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const contents = await Promise.all(files.map(async (file) => parseManifests(await read(file), file)));
  return contents.flat();
}

/** Parses the text of one manifest file. @param file - its name, for messages. */
export function parseManifests(content: string, file: string): readonly Manifest[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(content, { lineCounter: lines, prettyErrors: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      const line = error.linePos?.[0].line ?? 1;
      throw new Error(`${file}:${line}: broken YAML: ${firstLine(error.message)}`);
    }
    if (isEmpty(document)) return [];
    return objectsOf(document, (offset) => `${file}:${lines.linePos(offset).line}`);
  });
}

function isEmpty({ contents }: YamlDocument.Parsed): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

type Position = (offset: number) => string;

function objectsOf(document: YamlDocument.Parsed, position: Position): readonly Manifest[] {
  const at = position(document.contents?.range[0] ?? 0);
  if (!isMap(document.contents))
    throw new Error(`${at}: not a Kubernetes object: want a mapping with apiVersion and kind`);
  const content = document.toJS() as Record<string, unknown>;
  if (!isList(content)) return [manifest(content, document, position, [])];
  const items = content["items"] ?? [];
  if (!Array.isArray(items)) throw new Error(`${at}: kind List without items`);
  return items.map((item, index) => manifest(item, document, position, ["items", index]));
}

function isList(content: Record<string, unknown>): boolean {
  return typeof content["kind"] === "string" && content["kind"].endsWith("List") && "items" in content;
}

function manifest(
  content: unknown,
  document: YamlDocument.Parsed,
  position: Position,
  prefix: readonly (string | number)[],
): Manifest {
  const locate = (path: readonly (string | number)[]): string => position(offsetOf(document, [...prefix, ...path]));
  const at = locate([]);
  const object = asRecord(content) ?? fail(at, "not a Kubernetes object: want a mapping with apiVersion and kind");
  const metadata = asRecord(object["metadata"]);
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string") fail(at, "apiVersion is missing, want for example v1");
  if (typeof kind !== "string") fail(at, "kind is missing, want for example Service");
  const name = metadata?.["name"];
  if (typeof name !== "string") fail(at, "metadata.name is missing, want the object's name");
  const namespace = metadata?.["namespace"];
  return {
    apiVersion,
    kind,
    name,
    namespace: typeof namespace === "string" ? namespace : undefined,
    object,
    at,
    locate,
  };
}

function offsetOf(document: YamlDocument.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as ParsedNode | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return start;
  }
  return document.contents?.range[0] ?? 0;
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function fail(at: string, sentence: string): never {
  throw new Error(`${at}: ${sentence}`);
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (path === "-") return [path];
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Error(`${path}: no such file or directory`);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => EXTENSIONS.includes(extname(name)));
  if (names.length === 0) throw new Error(`${path}: no manifest in this directory, want ${EXTENSIONS.join(", ")}`);
  return names.toSorted().map((name) => join(path, name));
}

function read(file: string): Promise<string> {
  return file === "-" ? text(process.stdin) : readFile(file, "utf8");
}

function firstLine(message: string): string {
  return message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? message;
}
