/** Text; numbers and booleans are refused. */
export interface TextField {
  readonly kind: "text";
  readonly fallback?: string;
}

/** A whole number from `min` to `max`. */
export interface IntegerField {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
  readonly fallback?: number;
}

/** true or false. */
export interface FlagField {
  readonly kind: "flag";
  readonly fallback?: boolean;
}

/** One of a few words, in any case; comes back in the casing listed here. */
export interface ChoiceField {
  readonly kind: "choice";
  readonly of: readonly string[];
  readonly fallback?: string;
}

/** `{"id": ...}` of a resource of type `to`; an embedded whole object shrinks to its id. */
export interface ReferenceField {
  readonly kind: "reference";
  /** Full type name, such as `Microsoft.Network/virtualNetworks/subnets`. */
  readonly to: string;
}

/** A list; `always` prints it even when empty. */
export interface ListField {
  readonly kind: "list";
  readonly of: Field;
  readonly always: boolean;
}

/** Sub-resources: `{name, properties}` objects that get ids, etags and a provisioning state. */
export interface ChildrenField {
  readonly kind: "children";
  readonly shape: Shape;
  readonly always: boolean;
}

/** A nested object; `always` prints it, with its members' defaults, even when it was not given. */
export interface GroupField {
  readonly kind: "group";
  readonly always: boolean;
  readonly shape: Shape;
}

/** Taken as it is. */
export interface AnyField {
  readonly kind: "any";
}

/** What one member of a body may hold. */
export type Field =
  | TextField
  | IntegerField
  | FlagField
  | ChoiceField
  | ReferenceField
  | ListField
  | ChildrenField
  | GroupField
  | AnyField;

/** The members of a body that ARM knows, in the order it prints them. */
export type Shape = Readonly<Record<string, Field>>;

/** {@link TextField} */
export function text(fallback?: string): TextField {
  return { kind: "text", ...(fallback !== undefined && { fallback }) };
}

/** {@link IntegerField} */
export function integer(min: number, max: number, fallback?: number): IntegerField {
  return { kind: "integer", min, max, ...(fallback !== undefined && { fallback }) };
}

/** {@link FlagField} */
export function flag(fallback?: boolean): FlagField {
  return { kind: "flag", ...(fallback !== undefined && { fallback }) };
}

/** {@link ChoiceField} */
export function choice(of: readonly string[], fallback?: string): ChoiceField {
  return { kind: "choice", of, ...(fallback !== undefined && { fallback }) };
}

/** {@link ReferenceField} */
export function reference(to: string): ReferenceField {
  return { kind: "reference", to };
}

/** {@link ListField} that is absent when it was not given. */
export function list(of: Field): ListField {
  return { kind: "list", of, always: false };
}

/** {@link ListField} that is always printed. */
export function steadyList(of: Field): ListField {
  return { kind: "list", of, always: true };
}

/** {@link ChildrenField} that is always printed. */
export function children(shape: Shape): ChildrenField {
  return { kind: "children", shape, always: true };
}

/** {@link ChildrenField} that is absent when there are none. */
export function optionalChildren(shape: Shape): ChildrenField {
  return { kind: "children", shape, always: false };
}

/** {@link GroupField} that is absent when it was not given. */
export function group(shape: Shape): GroupField {
  return { kind: "group", shape, always: false };
}

/** {@link GroupField} that is always printed. */
export function steadyGroup(shape: Shape): GroupField {
  return { kind: "group", shape, always: true };
}

/** {@link AnyField} */
export function anything(): AnyField {
  return { kind: "any" };
}
