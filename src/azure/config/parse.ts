import type { Checked, Problem } from "../../base/checked.ts";
import { type CloudConfig, settle } from "./cloud-config.ts";
import { crossChecks } from "./cross-checks.ts";
import { type ConfigSource, decodeConfig } from "./decode.ts";
import { type Normalised, normalise, quoted, type Remark, sortedProblems } from "./normalise.ts";
import { configSchema } from "./schema.ts";

/** Where a configuration comes from: a file, a Secret or both, and the environment variables of the process. */
export interface ConfigInput {
  readonly file?: ConfigSource;
  readonly secret?: ConfigSource;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A configuration that was accepted, and what is worth a warning in it. */
export interface ParsedConfig {
  readonly config: CloudConfig;
  /** Unknown and ineffective keys; sorted by field. */
  readonly remarks: readonly Remark[];
}

/**
 * azure.json (from a file, a Secret or both) as a {@link CloudConfig}: every problem at once. Pure.
 *
 * With both, the file's `cloudConfigType` decides: `file`, `secret`, or `merge` (default), where the Secret's keys lie
 * over the file's; maps are put together key by key, lists replaced. With neither, all defaults.
 */
export function parseCloudConfig(input: ConfigInput): Checked<ParsedConfig> {
  const raw = normalisedInput(input);
  if (!raw.ok) return raw;
  const { values, remarks } = raw.value;
  const complete = withEnvironment(values, input.env ?? {});
  const parsed = configSchema.safeParse(complete);
  const problems = parsed.success ? crossChecks(parsed.data) : allProblems(parsed.error.issues, complete);
  if (!parsed.success || problems.length > 0) return { ok: false, problems: sortedProblems(problems) };
  const settled = settle(parsed.data);
  const all = [...remarks, ...settled.remarks].toSorted((a, b) => (a.field < b.field ? -1 : 1));
  return { ok: true, value: { config: settled.config, remarks: all } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The refused keys, and what is wrong between the others: a key that was refused is not called missing as well. */
function allProblems(issues: readonly Issue[], values: Readonly<Record<string, unknown>>): readonly Problem[] {
  const refused = new Set(issues.map(({ path }) => String(path[0])));
  const others = configSchema.parse(Object.fromEntries(Object.entries(values).filter(([key]) => !refused.has(key))));
  const between = crossChecks(others).filter(({ field }) => !refused.has(field.split("[")[0] ?? ""));
  return [...issues.map((issue) => asProblem(issue, values)), ...between];
}

function normalisedInput({ file, secret }: ConfigInput): Checked<Normalised> {
  const below = normalisedSource(file);
  if (!below.ok || secret === undefined || below.value.values["cloudConfigType"] === "file") return below;
  const above = normalisedSource(secret);
  if (!above.ok || below.value.values["cloudConfigType"] === "secret") return above;
  const values = laidOver(below.value.values, above.value.values);
  return { ok: true, value: { values, remarks: [...below.value.remarks, ...above.value.remarks] } };
}

function normalisedSource(source: ConfigSource | undefined): Checked<Normalised> {
  if (source === undefined) return { ok: true, value: { values: {}, remarks: [] } };
  const decoded = decodeConfig(source);
  return decoded.ok ? { ok: true, value: normalise(decoded.value) } : decoded;
}

function laidOver(
  below: Readonly<Record<string, unknown>>,
  above: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const before = merged[key];
    merged[key] = isMap(before) && isMap(value) ? { ...before, ...value } : value;
  }
  return merged;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// The original lets the first and the last three win for files and reads all four again when it signs in.
function withEnvironment(
  values: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, unknown>> {
  const overrides: readonly (readonly [key: string, variable: string])[] = [
    ["tenantId", "AZURE_TENANT_ID"],
    ["aadClientId", "AZURE_CLIENT_ID"],
    ["aadClientSecret", "AZURE_CLIENT_SECRET"],
    ["aadFederatedTokenFile", "AZURE_FEDERATED_TOKEN_FILE"],
  ];
  const result: Record<string, unknown> = { ...values };
  for (const [key, variable] of overrides) {
    const value = env[variable] ?? "";
    if (value !== "") result[key] = value;
  }
  if ((env["AZURE_FEDERATED_TOKEN_FILE"] ?? "") !== "") result["useFederatedWorkloadIdentityExtension"] = true;
  return result;
}

function asProblem(issue: Issue, values: Readonly<Record<string, unknown>>): Problem {
  const [key, ...inner] = issue.path.map(String);
  let got: unknown = values[key ?? ""];
  for (const step of inner) got = (got as Readonly<Record<string, unknown>> | undefined)?.[step];
  const path = inner.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join("");
  return { field: `${key}${path}`, got: quoted(key ?? "", got), want: issue.message };
}
