/**
 * What a document on the wire holds and the SDK's model of it does not: the SDK drops it when it reads, so a full PUT of
 * what was read would strip what a newer tool has set. Plain data.
 */
export interface Unknown {
  /** Properties of this object that the model does not have, as they came. */
  readonly own: Readonly<Record<string, unknown>>;
  /** Objects below this one that hold unknown properties. */
  readonly fields: Readonly<Record<string, Unknown>>;
  /** When this is a list: its elements that hold unknown properties. */
  readonly elements: readonly UnknownElement[];
}

/** An element of a list, and how to find it again: by its name, else its id, else its place in a list of the same length. */
export interface UnknownElement {
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly index: number;
  readonly length: number;
  readonly unknown: Unknown;
}

/**
 * Finds what `model` does not know of `wire`; undefined when it knows everything.
 *
 * The SDK lifts the members of `properties` to the level above, keeps every key it knows (absent ones as undefined), and
 * at a few places changes the case of a key.
 */
export function setAside(wire: unknown, model: unknown): Unknown | undefined {
  if (Array.isArray(wire)) return Array.isArray(model) ? setAsideElements(wire, model) : undefined;
  return isRecord(wire) && isRecord(model) ? setAsideMembers(wire, model) : undefined;
}

function setAsideMembers(wire: WireRecord, model: WireRecord): Unknown | undefined {
  const known = new Map(Object.keys(model).map((key) => [key.toLowerCase(), key]));
  const own: Record<string, unknown> = {};
  const fields: Record<string, Unknown> = {};
  for (const [key, value] of Object.entries(wire)) {
    const knownAs = known.get(key.toLowerCase());
    const lifted = knownAs === undefined && key === "properties";
    if (knownAs === undefined && !lifted) {
      own[key] = value;
      continue;
    }
    const below = setAside(value, lifted ? model : model[knownAs!]);
    if (below !== undefined) fields[key] = below;
  }
  const nothing = Object.keys(own).length === 0 && Object.keys(fields).length === 0;
  return nothing ? undefined : { own, fields, elements: [] };
}

function setAsideElements(wire: readonly unknown[], model: readonly unknown[]): Unknown | undefined {
  if (wire.length !== model.length) return undefined;
  const elements = wire.flatMap((element, index): readonly UnknownElement[] => {
    const unknown = setAside(element, model[index]);
    return unknown === undefined ? [] : [{ ...identityOf(element), index, length: wire.length, unknown }];
  });
  return elements.length === 0 ? undefined : { own: {}, fields: {}, elements };
}

/**
 * Puts what was set aside back into a body that the SDK is about to send. Returns a new body.
 *
 * What the body says wins. What was taken out of the body (a rule, a list) takes its unknown properties with it.
 */
export function putBack(body: unknown, unknown: Unknown): unknown {
  if (Array.isArray(body)) return body.map((element, index) => putBackElement(element, index, body.length, unknown));
  if (!isRecord(body)) return body;
  const whole: Record<string, unknown> = { ...body };
  for (const [key, below] of Object.entries(unknown.fields)) {
    // The SDK leaves `properties` out when all that it knows of it is absent.
    if (whole[key] === undefined && key === "properties") whole[key] = {};
    if (key in whole) whole[key] = putBack(whole[key], below);
  }
  for (const [key, value] of Object.entries(unknown.own)) {
    if (whole[key] === undefined) whole[key] = value;
  }
  return whole;
}

function putBackElement(element: unknown, index: number, length: number, unknown: Unknown): unknown {
  const { name, id } = identityOf(element);
  const found = unknown.elements.find((each) => {
    if (each.name !== undefined && name !== undefined) return each.name === name;
    if (each.id !== undefined && id !== undefined) return each.id === id;
    if (each.name !== undefined || each.id !== undefined) return false;
    return each.index === index && each.length === length;
  });
  return found === undefined ? element : putBack(element, found.unknown);
}

function identityOf(element: unknown): Pick<UnknownElement, "name" | "id"> {
  if (!isRecord(element)) return { name: undefined, id: undefined };
  const { name, id } = element as { readonly name?: unknown; readonly id?: unknown };
  return { name: comparable(name), id: comparable(id) };
}

// ARM ignores case in both.
function comparable(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.toLowerCase() : undefined;
}

type WireRecord = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is WireRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
