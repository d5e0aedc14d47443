import type { Clock } from "../../../base/clock.ts";
import { type JsonObject, numberAt, wordAt } from "../json.ts";
import type { Principal } from "./directory.ts";
import type { TokenSigner } from "./signing.ts";

/** Audiences of Azure Resource Manager, without a slash at their end. */
const ARM_AUDIENCES: readonly string[] = ["https://management.azure.com", "https://management.core.windows.net"];

/** Other services that tokens can be asked for. */
const OTHER_AUDIENCES: readonly string[] = [
  "https://storage.azure.com",
  "https://vault.azure.net",
  "https://graph.microsoft.com",
];

/** A token and how long it lasts. */
export interface IssuedToken {
  readonly token: string;
  readonly audience: string;
  readonly issuedAt: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly lifetimeSeconds: number;
}

/** What is wrong with a token. */
export type TokenProblem =
  | { readonly kind: "invalid" | "audience" | "tenant" | "revoked"; readonly detail: string }
  | { readonly kind: "expired"; readonly expiredMs: number; readonly nowMs: number };

/** What a {@link TokenOffice} is made with. */
export interface TokenOfficeParts {
  readonly clock: Clock;
  readonly signer: TokenSigner;
  readonly tenantId: string;
  readonly lifetimeSeconds: number;
}

/** Issues access tokens and tells good ones from bad ones. */
export class TokenOffice {
  readonly tenantId: string;
  readonly #clock: Clock;
  readonly #signer: TokenSigner;
  #lifetimeSeconds: number;
  /** Tokens are numbered: those up to {@link #revoked} and {@link #expired} count no more. */
  #issued = 0;
  #revoked = 0;
  #expired = { upTo: 0, atMs: 0 };

  constructor({ clock, signer, tenantId, lifetimeSeconds }: TokenOfficeParts) {
    this.tenantId = tenantId;
    this.#clock = clock;
    this.#signer = signer;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** Lets no token count that was issued until now, as after a password change. */
  revoke(): void {
    this.#revoked = this.#issued;
  }

  /** Lets every token that was issued until now end at this moment. */
  expire(): void {
    this.#expired = { upTo: this.#issued, atMs: this.#clock.now() };
  }

  /** How long tokens last that are issued from now on, seconds. */
  get lifetimeSeconds(): number {
    return this.#lifetimeSeconds;
  }

  set lifetimeSeconds(seconds: number) {
    this.#lifetimeSeconds = seconds;
  }

  /** Whether tokens can be asked for this audience. */
  knows(audience: string): boolean {
    return [...ARM_AUDIENCES, ...OTHER_AUDIENCES].includes(withoutSlashes(audience));
  }

  /** A new token. @param audience - goes into the token as it was asked for. */
  issue({ appId, objectId }: Principal, audience: string): IssuedToken {
    const issuedAt = Math.floor(this.#clock.now() / 1000);
    const expiresAt = issuedAt + this.#lifetimeSeconds;
    const claims: JsonObject = {
      aud: audience,
      iss: `https://sts.windows.net/${this.tenantId}/`,
      iat: issuedAt,
      nbf: issuedAt,
      exp: expiresAt,
      appid: appId,
      appidacr: "1",
      idp: `https://sts.windows.net/${this.tenantId}/`,
      idtyp: "app",
      oid: objectId,
      sub: objectId,
      tid: this.tenantId,
      uti: String(++this.#issued),
      ver: "1.0",
    };
    return {
      token: this.#signer.sign(claims),
      audience,
      issuedAt,
      expiresAt,
      lifetimeSeconds: this.#lifetimeSeconds,
    };
  }

  /** Who presents the token; what is wrong with it otherwise. */
  judge(token: string): Principal | TokenProblem {
    const claims = this.#signer.verified(token);
    if (claims === undefined) return { kind: "invalid", detail: "it was not issued here" };
    const problem = this.#problemOf(claims);
    return problem ?? { appId: wordAt(claims, "appid"), objectId: wordAt(claims, "oid") };
  }

  #problemOf(claims: JsonObject): TokenProblem | undefined {
    const nowMs = this.#clock.now();
    const number = Number(wordAt(claims, "uti"));
    const endMs = (numberAt(claims, "exp") ?? 0) * 1000;
    const expiredMs = number <= this.#expired.upTo ? Math.min(endMs, this.#expired.atMs) : endMs;
    if (wordAt(claims, "tid") !== this.tenantId) return { kind: "tenant", detail: wordAt(claims, "iss") };
    if (expiredMs <= nowMs) return { kind: "expired", expiredMs, nowMs };
    const audience = wordAt(claims, "aud");
    if (!ARM_AUDIENCES.includes(withoutSlashes(audience))) return { kind: "audience", detail: audience };
    return number <= this.#revoked ? { kind: "revoked", detail: "issued before the revocation" } : undefined;
  }
}

function withoutSlashes(audience: string): string {
  return audience.replace(/\/+$/, "").toLowerCase();
}
