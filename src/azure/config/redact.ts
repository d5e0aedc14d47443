import type { CloudConfig } from "./cloud-config.ts";
import { CONFIG_KEYS } from "./schema.ts";

/** The configuration as it may be logged or printed: secrets are replaced, whether they are long, short or empty. */
export function redacted(config: CloudConfig): Readonly<Record<string, unknown>> {
  const shown = Object.entries(config).map(([key, value]) => [
    key,
    CONFIG_KEYS[key]?.secret === true ? "[redacted]" : value,
  ]);
  return Object.fromEntries(shown) as Readonly<Record<string, unknown>>;
}
