import { dirname, join, matchesGlob } from "node:path/posix";
import { type Door, type Package, PURE, ROOMS, type Room } from "./rooms.ts";
import { codeOnly, type Import, importsOf, withoutComments } from "./source.ts";

/** Texts of the files of a tree, by path below `src`. */
export type Tree = ReadonlyMap<string, string>;

/** One house rule: the sentences in which a file breaks it. */
export interface Rule {
  readonly name: string;
  broken(file: string, text: string, tree: Tree): readonly string[];
}

/** The room a file is in: the one with the longest name that its path starts with; undefined for a folder without room. */
export function roomOf(file: string): string | undefined {
  if (!file.includes("/")) return "";
  const names = Object.keys(ROOMS).filter((name) => name !== "" && file.startsWith(`${name}/`));
  const room = names.toSorted((a, b) => b.length - a.length)[0];
  // azure, controller and simulator are halls: files stand in them, folders are rooms with a row of their own
  const isHall =
    room !== undefined && Object.keys(ROOMS).some((name) => name.startsWith(`${room}/`)) && room !== "cloudprovider";
  return isHall && file.slice(room.length + 1).includes("/") ? undefined : room;
}

/** Path below `src` that a relative import of `file` leads to; undefined for packages and Node's modules. */
function targetOf(file: string, from: string): string | undefined {
  return from.startsWith(".") ? join(dirname(file), from) : undefined;
}

/** {@link PURE} as one pattern per entry. */
export const PURE_PATTERNS: readonly string[] = Object.entries(PURE).flatMap(([folder, names]) =>
  names.map((name) => `${folder}/${name}.ts`),
);

/** Whether a file is on the list of those that only decide. */
function isPure(file: string): boolean {
  return !file.endsWith("/index.ts") && PURE_PATTERNS.some((pattern) => matchesGlob(file, pattern));
}

/** All house rules. */
export const RULES: readonly Rule[] = [
  {
    name: "lives in a room",
    broken: (file) => (roomOf(file) === undefined ? [`no room of the table has ${file}`] : []),
  },
  {
    name: "uses only the doors of its room",
    broken: (file, text) => importsOf(text).flatMap((found) => closedDoor(file, found) ?? []),
  },
  {
    name: "imports only the packages of its room",
    broken: (file, text) => importsOf(text).flatMap((found) => closedPackage(file, found) ?? []),
  },
  {
    name: "decides only, when it is on the list of pure files",
    broken: (file, text, tree) => (isPure(file) ? impurities(file, text, tree) : []),
  },
  {
    name: "is a door only, when it is an index.ts",
    broken: (file, text) =>
      file.endsWith("index.ts") && !isDoor(text) ? ["an index.ts holds re-exports and nothing else"] : [],
  },
  {
    name: "has a name that says what is in it",
    broken: (file) => badName(file),
  },
  {
    name: "says of everything it exports what it is",
    broken: (_file, text) => undocumented(text),
  },
  {
    name: "stands in no circle of imports",
    broken: (file, _text, tree) => circleAt(file, tree),
  },
  {
    name: "leaves nothing for later",
    broken: (_file, text) => [...text.matchAll(/\b(?:TODO|FIXME|XXX|HACK)\b/g)].map(([word]) => word),
  },
  {
    name: "is at most 300 lines long",
    broken: (_file, text) => {
      const lines = text.trimEnd().split("\n").length;
      return lines > 300 ? [`${lines} lines`] : [];
    },
  },
];

function closedDoor(file: string, found: Import): string | undefined {
  const target = targetOf(file, found.from);
  const room = roomOf(file);
  if (target === undefined || room === undefined) return undefined;
  const other = roomOf(target);
  if (room === other) return undefined;
  if (other === undefined) return `${target} is in no room`;
  const door = ROOMS[room]?.doors.map(asDoor).find((candidate) => candidate.room === other || candidate.room === "*");
  return door === undefined ? `${room} must not import ${target}` : narrowDoor(room, door, target, found);
}

function narrowDoor(room: string, { only, typesOnly }: Door, target: string, found: Import): string | undefined {
  if (only?.includes(target) === false) return `${room} may import ${only.join(", ")}, not ${target}`;
  if (typesOnly === true && !found.typeOnly) return `${room} may import types of ${target}, not values`;
  return undefined;
}

function closedPackage(file: string, found: Import): string | undefined {
  const room = ROOMS[roomOf(file) ?? ""] as Room;
  if (found.from.startsWith(".")) return undefined;
  if (found.from.startsWith("node:")) {
    return room.builtins?.includes(found.from) === false ? `${found.from} is not among this room's` : undefined;
  }
  const known = room.packages.map(asPackage).find(({ name }) => covers(name, found.from));
  return known === undefined ? `${found.from} does not belong into this room` : narrowPackage(file, known, found);
}

function narrowPackage(file: string, known: Package, { from, typeOnly, lazy }: Import): string | undefined {
  if (known.in !== undefined && known.in !== file) return `${from} belongs into ${known.in}`;
  if (typeOnly) return undefined;
  if (known.typesOnly === true) return `${from} may be imported as types only`;
  return known.lazyOnly === true && !lazy ? `${from} must be imported lazily` : undefined;
}

function asDoor(door: string | Door): Door {
  return typeof door === "string" ? { room: door } : door;
}

function asPackage(entry: string | Package): Package {
  return typeof entry === "string" ? { name: entry } : entry;
}

function covers(pattern: string, name: string): boolean {
  if (pattern.endsWith("*")) return name.startsWith(pattern.slice(0, -1));
  return name === pattern || name.startsWith(`${pattern}/`);
}

/** What a file that only decides may take from Node: names without effect. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  "node:net": ["isIP", "isIPv4", "isIPv6", "BlockList"],
  "node:crypto": ["createHash", "hash"],
  "node:util": ["isDeepStrictEqual"],
  "node:buffer": ["Buffer"],
};

/** Packages without effect: they compute. */
const COMPUTING: readonly string[] = ["ipaddr.js", "zod"];

/** Ways to the clock, to chance and to the world; nothing that a pure file loads may use them. */
const EFFECTS: readonly RegExp[] = [
  /\bDate\.now\b/,
  /\bnew Date\(\s*\)/,
  /\bMath\.random\b/,
  /\bperformance\.now\b/,
  /\bset(?:Timeout|Interval|Immediate)\s*\(/,
  /\bqueueMicrotask\b/,
  /\brandom(?:UUID|Bytes|Int)\b/,
  /\bprocess\.(?!versions\b)/,
  /\bfetch\s*\(/,
];

/** Waiting; a pure file itself has none of it. */
const WAITING: readonly RegExp[] = [/\basync\b/, /\bawait\b/, /\bnew Promise\b/, /\bPromise\.\w+/];

function impurities(file: string, text: string, tree: Tree): readonly string[] {
  const code = codeOnly(text);
  const waits = WAITING.flatMap((pattern) => pattern.exec(code)?.slice(0, 1) ?? []).map((word) => `waits: ${word}`);
  return [...waits, ...effects(file, tree, new Set())];
}

/** Effects of a file and of everything that is loaded with it. */
function effects(file: string, tree: Tree, seen: Set<string>): readonly string[] {
  const text = tree.get(file);
  if (text === undefined || seen.has(file)) return [];
  seen.add(file);
  const code = codeOnly(text);
  const own = EFFECTS.flatMap((pattern) => pattern.exec(code)?.slice(0, 1) ?? []).map((word) => `${file} uses ${word}`);
  const loaded = importsOf(text).filter(({ typeOnly }) => !typeOnly);
  const outside = loaded.filter((found) => !isHarmless(found)).map(({ from }) => `${file} imports ${from}`);
  const inside = loaded.flatMap(({ from }) => effects(targetOf(file, from) ?? "", tree, seen));
  return [...own, ...outside, ...inside];
}

function isHarmless({ from, names }: Import): boolean {
  if (from.startsWith(".")) return true;
  if (COMPUTING.includes(from)) return true;
  const harmless = HARMLESS[from];
  return harmless !== undefined && names.length > 0 && names.every((name) => harmless.includes(name));
}

/** A record has its type and a type's rules take records: their types name each other, nothing is loaded in a circle. */
const KNIT: readonly string[] = ["action", "record", "resource-type", "store"].map(
  (name) => `simulator/arm/${name}.ts`,
);

/** The shortest way on which the imports of a file, types included, lead back to it. */
function circleAt(file: string, tree: Tree): readonly string[] {
  const cameFrom = new Map<string, string>();
  const ahead = [file];
  for (let at = ahead.shift(); at !== undefined; at = ahead.shift()) {
    for (const target of importsOf(tree.get(at) ?? "").flatMap(({ from, lazy }) =>
      lazy ? [] : (targetOf(at, from) ?? []),
    )) {
      if (KNIT.includes(at) && KNIT.includes(target)) continue;
      if (target === file) return [[...way(at, cameFrom), file].join(" -> ")];
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, at);
      ahead.push(target);
    }
  }
  return [];
}

function way(to: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const before = cameFrom.get(to);
  return before === undefined ? [to] : [...way(before, cameFrom), to];
}

function isDoor(text: string): boolean {
  const rest = withoutComments(text).replace(
    /export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s*from\s*"[^"]+";?/g,
    "",
  );
  return rest.trim() === "";
}

/** Exported declarations without a docstring right above them; a further signature of a function needs none of its own. */
function undocumented(text: string): readonly string[] {
  const lines = text.split("\n");
  let last = "";
  return lines.flatMap((line, index) => {
    const name = /^export (?:async |abstract |declare )*(?:function\*?|const|class|interface|type|let) (\w+)/.exec(
      line,
    )?.[1];
    if (name === undefined) return [];
    const isFurther = name === last;
    last = name;
    return isFurther || lines[index - 1]?.trimEnd().endsWith("*/") === true ? [] : [`${name} has no docstring`];
  });
}

const EMPTY_NAMES: readonly string[] = [
  "utils",
  "util",
  "helpers",
  "helper",
  "common",
  "misc",
  "types",
  "shared",
  "lib",
];

function badName(file: string): readonly string[] {
  const parts = file.replace(/\.ts$/, "").split("/");
  return parts.flatMap((part) => {
    if (EMPTY_NAMES.includes(part)) return [`"${part}" says nothing`];
    return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part) ? [] : [`"${part}" is not kebab-case`];
  });
}
