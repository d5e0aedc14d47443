import type { ArmClients } from "../clients.ts";

/** Headers of one request of the SDK. */
export interface SdkOptions {
  readonly requestOptions?: { readonly headers: Record<string, string> };
}

/** The names in an id, outermost first, and the resource group that holds them. */
export interface Names {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly names: readonly string[];
}

/** What the SDK offers for one resource type, in one shape for all of them. */
export interface SdkBinding<T> {
  readonly get: (clients: ArmClients, at: Names) => Promise<T>;
  /** @param at - the scope: no names for a resource group, the parent's names for a child type. */
  readonly list: (clients: ArmClients, at: Names) => AsyncIterable<T>;
  /** Absent for types that are only read. The promise is the write's whole operation. */
  readonly put?: (clients: ArmClients, at: Names, value: T, options: SdkOptions) => PromiseLike<T>;
  readonly remove?: (clients: ArmClients, at: Names, options: SdkOptions) => PromiseLike<void>;
}

/** The name at a level of an id, outermost first; ids of the type were checked before. */
export function nameAt({ names }: Names, level: number): string {
  return names[level] ?? "";
}
