/** One thing that can be well or not. */
export interface Check {
  readonly name: string;
  readonly ok: () => boolean;
}

/** An answer to "are you well?". */
export interface HealthReport {
  readonly ok: boolean;
  /** In the form of Kubernetes' own components. */
  readonly text: string;
}

/**
 * Runs `checks` in their order. A list without any has one, `ping`, that is always well.
 *
 * @param endpoint - `healthz`, `livez` or `readyz`, for the last line.
 * @param asked - `verbose` lists checks that are well, too; checks in `exclude` are not run.
 */
export function healthReport(
  endpoint: string,
  checks: readonly Check[],
  asked: { readonly verbose: boolean; readonly exclude: readonly string[] },
): HealthReport {
  const all = checks.length > 0 ? checks : [{ name: "ping", ok: () => true }];
  const results = all.map(({ name, ok }) => ({ name, excluded: asked.exclude.includes(name), ok }));
  const failed = results.filter(({ excluded, ok }) => !excluded && !ok());
  const lines = results.map((result) => {
    if (result.excluded) return `[+]${result.name} excluded: ok`;
    return failed.includes(result) ? `[-]${result.name} failed: reason withheld` : `[+]${result.name} ok`;
  });
  const unknown = asked.exclude.filter((name) => !all.some((check) => check.name === name));
  if (unknown.length > 0) {
    const names = unknown.map((name) => JSON.stringify(name)).join(",");
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`);
  }
  if (failed.length > 0) return { ok: false, text: `${[...lines, `${endpoint} check failed`].join("\n")}\n` };
  return { ok: true, text: asked.verbose ? `${[...lines, `${endpoint} check passed`].join("\n")}\n` : "ok" };
}
