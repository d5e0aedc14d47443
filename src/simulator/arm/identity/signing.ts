import { createECDH, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Derive } from "../derive.ts";
import type { JsonObject } from "../json.ts";
import { encodePart, readJwt } from "./jwt.ts";

/** Signs tokens with a key that follows from the simulator's seed, so that tokens outlive a restart. */
export class TokenSigner {
  readonly #keyId: string;
  readonly #public: JsonObject;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  constructor(derive: Derive) {
    // A private key of this curve is any number below its order; a leading 7 keeps it there.
    const d = Buffer.from(`7${derive.hex("key", 1)}${derive.hex("key", 2)}`.slice(0, 64), "hex");
    const ecdh = createECDH("prime256v1");
    ecdh.setPrivateKey(d);
    const point = ecdh.getPublicKey();
    const [x, y] = [point.subarray(1, 33).toString("base64url"), point.subarray(33).toString("base64url")];
    const jwk = { kty: "EC", crv: "P-256", x, y };
    this.#keyId = derive.guid("signing key");
    this.#public = { ...jwk, use: "sig", alg: "ES256", kid: this.#keyId };
    this.#privateKey = createPrivateKey({ key: { ...jwk, d: d.toString("base64url") }, format: "jwk" });
    this.#publicKey = createPublicKey(this.#privateKey);
  }

  /** The public key as a JSON Web Key Set. */
  get keySet(): JsonObject {
    return { keys: [this.#public] };
  }

  /** A signed JWT. */
  sign(claims: JsonObject): string {
    const content = `${encodePart({ typ: "JWT", alg: "ES256", kid: this.#keyId })}.${encodePart(claims)}`;
    const key = { key: this.#privateKey, dsaEncoding: "ieee-p1363" } as const;
    return `${content}.${sign("sha256", Buffer.from(content), key).toString("base64url")}`;
  }

  /** The claims of a token that was signed here; `undefined` for any other text. */
  verified(token: string): JsonObject | undefined {
    const jwt = readJwt(token);
    if (jwt?.header["kid"] !== this.#keyId) return undefined;
    const key = { key: this.#publicKey, dsaEncoding: "ieee-p1363" } as const;
    return verify("sha256", Buffer.from(jwt.content), key, jwt.signature) ? jwt.claims : undefined;
  }
}
