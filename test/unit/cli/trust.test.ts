import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemAuthoritiesAnd } from "../../../src/cli/trust.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nb3Vycw==\n-----END CERTIFICATE-----\n";

describe("--ca-file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "trust-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function file(text: string): Promise<string> {
    const name = join(folder, "ca.pem");
    await writeFile(name, text);
    return name;
  }

  it("adds its authorities to those of the system, which the login service still needs", async () => {
    const trusted = await systemAuthoritiesAnd(await file(PEM));
    expect(trusted).toContain(PEM.trim());
    expect(trusted.match(/BEGIN CERTIFICATE/g)).toHaveLength(getCACertificates("default").length + 1);
  });

  it("is refused when it is not there or holds no certificate", async () => {
    await expect(systemAuthoritiesAnd(join(folder, "no.pem"))).rejects.toThrow(/^--ca-file: reading .*no\.pem: ENOENT/);
    await expect(systemAuthoritiesAnd(await file("hello"))).rejects.toThrow(/^--ca-file: .*ca\.pem holds no PEM/);
  });
});
