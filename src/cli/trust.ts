import { readFile } from "node:fs/promises";
import { getCACertificates } from "node:tls";

/**
 * PEM of the system's certificate authorities and of those in `caFile`: what TLS gets as `ca` takes the place of its own
 * list, and the login service still has to be believed.
 *
 * @throws Error when the file cannot be read or holds no certificate.
 */
export async function systemAuthoritiesAnd(caFile: string): Promise<string> {
  const pem = await readFile(caFile, "utf8").catch((error: unknown) => {
    throw new Error(`--ca-file: reading ${caFile}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) throw new Error(`--ca-file: ${caFile} holds no PEM certificate`);
  return [pem.trim(), ...getCACertificates("default")].join("\n");
}
