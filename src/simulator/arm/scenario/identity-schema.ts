import { z } from "zod";
import type { TokenChecks } from "../identity/authentication.ts";
import type { Application, ClientSecret, FederatedCredential, ManagedIdentity } from "../identity/directory.ts";
import type { IdentityOptions } from "../identity/identity.ts";

const TEXT = "text";
const text = z.string(TEXT);
const WHEN = "milliseconds since the epoch";
const SECONDS = "whole seconds, 1 or more";

const secret: z.ZodType<ClientSecret> = z.strictObject({ value: text, expiresMs: z.number(WHEN).exactOptional() });

const federated: z.ZodType<FederatedCredential> = z.strictObject({
  issuer: text,
  subject: text,
  audience: text.exactOptional(),
});

const application: z.ZodType<Application> = z.strictObject({
  clientId: text,
  secrets: z.array(secret, "a list of secrets").exactOptional(),
  certificates: z.array(text, "a list of certificates in PEM").exactOptional(),
  federated: z.array(federated, "a list of issuers and subjects").exactOptional(),
});

const managedIdentity: z.ZodType<ManagedIdentity> = z.strictObject({
  clientId: text,
  objectId: text,
  resourceId: text.exactOptional(),
});

/** Members that a scenario and a change at run time have in common. */
export const IDENTITY_MEMBERS = {
  applications: z.array(application, "a list of applications").exactOptional(),
  managedIdentities: z.array(managedIdentity, "a list of managed identities").exactOptional(),
  tokenLifetimeSeconds: z.int(SECONDS).min(1, SECONDS).exactOptional(),
  machine: text.exactOptional(),
} satisfies Record<keyof IdentityOptions, z.ZodType>;

/** Who exists, as people write it. */
export const identitySchema: z.ZodType<IdentityOptions> = z.strictObject(IDENTITY_MEMBERS);

/** Whether tokens are checked, as people write it. */
export const tokensSchema: z.ZodType<TokenChecks> = z.enum(["any", "checked"], "any or checked");

/** What roles allow, as people write it. */
export const allowedActionsSchema = z.array(
  z.string("an action such as Microsoft.Network/*/read"),
  "a list of actions such as Microsoft.Network/*/read",
);
