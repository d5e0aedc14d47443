import type { Clock } from "../../../base/clock.ts";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { type Call, originOf } from "../call.ts";
import type { Derive } from "../derive.ts";
import { authenticate, type TokenChecks } from "./authentication.ts";
import { type Application, Directory, type ManagedIdentity, type Principal } from "./directory.ts";
import { cloudMetadata, instanceDiscovery, openidConfiguration } from "./discovery.ts";
import type { MetadataSource } from "./instance-metadata.ts";
import { ManagedIdentityEndpoint } from "./managed-identity.ts";
import { MetadataEndpoint } from "./metadata-endpoint.ts";
import { refusedByRole } from "./role-check.ts";
import { TokenSigner } from "./signing.ts";
import { TokenEndpoint } from "./token-endpoint.ts";
import { TokenOffice } from "./tokens.ts";

/** Who may call the simulated ARM, and what the machines know of themselves. */
export interface IdentityOptions {
  /** Applications that exist besides {@link Identity.application}. */
  readonly applications?: readonly Application[];
  /** Managed identities that exist besides {@link Identity.managedIdentity}. */
  readonly managedIdentities?: readonly ManagedIdentity[];
  /** How long tokens last, seconds of the simulator's clock. Default 86,399. */
  readonly tokenLifetimeSeconds?: number;
  /** Id, name or host name of the machine whose instance metadata are served. Default: the first of all. */
  readonly machine?: string;
}

/** What {@link Identity.change} changes; what is absent stays. */
export interface IdentityChange extends IdentityOptions {
  /** Client ids of managed identities that the machines lose. */
  readonly unassign?: readonly string[];
  readonly tokens?: TokenChecks;
  /** `null` allows every action. */
  readonly allowedActions?: readonly string[] | null;
}

/** How things stand, without any secret but the first application's. */
export interface IdentityFacts {
  readonly application: { readonly clientId: string; readonly secret: string };
  readonly managedIdentity: ManagedIdentity;
  readonly identityHeader: string;
  /** Client ids. */
  readonly applications: readonly string[];
  readonly managedIdentities: readonly ManagedIdentity[];
  readonly tokens: TokenChecks;
  readonly tokenLifetimeSeconds: number;
  /** `null`: every action. */
  readonly allowedActions: readonly string[] | null;
  /** `null`: the first of all. */
  readonly machine: string | null;
}

/** What an {@link Identity} is made with. */
export interface IdentityParts {
  readonly clock: Clock;
  readonly derive: Derive;
  readonly tenantId: string;
  readonly source: MetadataSource;
  readonly options: IdentityOptions;
  readonly tokens: TokenChecks;
  readonly allowedActions: readonly string[] | undefined;
  /** Counts a request to a machine's metadata service; `false` when it is one too many. */
  readonly spareMetadata: () => boolean;
}

/** Entra ID, the machines' metadata service, and ARM's check of tokens and roles. */
export class Identity {
  /** An application that exists from the start; it has one secret. */
  readonly application: { readonly clientId: string; readonly secret: string };
  /** The machines' system-assigned identity. */
  readonly managedIdentity: ManagedIdentity;
  #checks: TokenChecks;
  readonly #spareMetadata: () => boolean;
  readonly #directory: Directory;
  readonly #office: TokenOffice;
  readonly #signer: TokenSigner;
  readonly #tokens: TokenEndpoint;
  readonly #managed: ManagedIdentityEndpoint;
  readonly #metadata: MetadataEndpoint;
  #allowed: readonly string[] | undefined;
  #httpsOrigin: string | undefined;

  constructor(parts: IdentityParts) {
    const { clock, derive, tenantId, source, options, tokens, allowedActions } = parts;
    this.#checks = tokens;
    this.#spareMetadata = parts.spareMetadata;
    this.#allowed = allowedActions;
    this.#signer = new TokenSigner(derive);
    this.#directory = new Directory(derive);
    const lifetimeSeconds = options.tokenLifetimeSeconds ?? 86_399;
    this.#office = new TokenOffice({ clock, signer: this.#signer, tenantId, lifetimeSeconds });
    this.application = { clientId: derive.guid("application"), secret: derive.hex("secret") };
    this.managedIdentity = { clientId: derive.guid("managed identity"), objectId: derive.guid("managed object") };
    const { clientId, secret } = this.application;
    const own: Application = { clientId, secrets: [{ value: secret }] };
    for (const application of [own, ...(options.applications ?? [])]) this.#directory.register(application);
    for (const one of [this.managedIdentity, ...(options.managedIdentities ?? [])]) this.#directory.assign(one);
    this.#tokens = new TokenEndpoint({ clock, derive, directory: this.#directory, office: this.#office });
    this.#managed = new ManagedIdentityEndpoint(this.#directory, this.#office, derive.guid("identity header"));
    this.#metadata = new MetadataEndpoint(source, options.machine);
  }

  /** What `X-IDENTITY-HEADER` must say at `/msi/token`, the address for `IDENTITY_ENDPOINT`. */
  get identityHeader(): string {
    return this.#managed.identityHeader;
  }

  /** Adds an application, or replaces the one with this client id: that rotates its secret. */
  register(application: Application): void {
    this.#directory.register(application);
  }

  /** Gives the machines another managed identity. */
  assign(identity: ManagedIdentity): void {
    this.#directory.assign(identity);
  }

  /** Takes a managed identity from the machines. */
  unassign(clientId: string): void {
    this.#directory.unassign(clientId);
  }

  /** A token that ARM takes, without asking the endpoint. @param audience - default ARM's. */
  issueToken(audience = "https://management.azure.com/"): string {
    return this.#office.issue(this.#directory.principalOf(this.application), audience).token;
  }

  /** Lets no token count that was issued until now: ARM challenges its bearer to fetch a new one. */
  revokeTokens(): void {
    this.#office.revoke();
  }

  /** Lets every token that was issued until now be past its end. */
  expireTokens(): void {
    this.#office.expire();
  }

  /** Changes who exists and what is checked, from now on. */
  change({ applications = [], managedIdentities = [], unassign = [], ...rest }: IdentityChange): void {
    for (const application of applications) this.register(application);
    for (const identity of managedIdentities) this.assign(identity);
    for (const clientId of unassign) this.unassign(clientId);
    this.#check(rest);
  }

  #check({ tokens, tokenLifetimeSeconds, allowedActions, machine }: IdentityChange): void {
    this.#checks = tokens ?? this.#checks;
    this.#office.lifetimeSeconds = tokenLifetimeSeconds ?? this.#office.lifetimeSeconds;
    if (allowedActions !== undefined) this.allow(allowedActions ?? undefined);
    if (machine !== undefined) this.serveMetadataOf(machine);
  }

  /** How things stand. */
  facts(): IdentityFacts {
    return {
      application: this.application,
      managedIdentity: this.managedIdentity,
      identityHeader: this.identityHeader,
      applications: this.#directory.applications(),
      managedIdentities: this.#directory.assigned(),
      tokens: this.#checks,
      tokenLifetimeSeconds: this.#office.lifetimeSeconds,
      allowedActions: this.#allowed ?? null,
      machine: this.#metadata.machine ?? null,
    };
  }

  /** Denies every action outside the list, from now on; `undefined` allows all. `*` stands for any text. */
  allow(actions: readonly string[] | undefined): void {
    this.#allowed = actions;
  }

  /** Says whose instance metadata are served: id, name or host name. */
  serveMetadataOf(machine: string): void {
    this.#metadata.machine = machine;
  }

  /** Tells where https is served: login endpoints must be https. */
  atHttps(origin: string | undefined): void {
    this.#httpsOrigin = origin;
  }

  /** Who calls. @throws ArmError 401 */
  authenticate({ authorization }: Call): Principal {
    return authenticate(authorization, this.#office, this.#checks);
  }

  /** @throws ArmError 403 when the caller's role does not cover the request. */
  authorize({ method, path, request: { body } }: Call, principal: Principal): void {
    if (this.#allowed === undefined) return;
    const refused = refusedByRole({ method, path, body, principal }, this.#allowed);
    if (refused !== undefined) throw refused;
  }

  /** Answers what is none of ARM's resources: tokens, discovery, metadata. `undefined` for everything else. */
  serve(request: SimulatedRequest): Answer | undefined {
    const path = request.url.pathname;
    for (const [pattern, answer] of this.#routes) {
      const match = pattern.exec(path);
      if (match !== null) return answer(request, match);
    }
    return undefined;
  }

  readonly #routes: readonly (readonly [RegExp, (request: SimulatedRequest, match: RegExpExecArray) => Answer])[] = [
    [/^\/metadata\/endpoints$/i, (request) => this.#cloud(request)],
    [
      /^\/metadata\/identity\/oauth2\/token\/?$/i,
      (request) => (this.#spareMetadata() ? this.#managed.fromMetadataService(request) : TOO_MANY),
    ],
    [/^\/msi\/token$/i, (request) => this.#managed.fromAppService(request)],
    [
      /^(?:\/machines\/([^/]+))?\/metadata\/(instance|loadbalancer)(\/.*)?$/i,
      (request, [, machine, area = "", rest = ""]) =>
        this.#spareMetadata()
          ? this.#metadata.serve(request, area.toLowerCase(), rest, machine && decodeURIComponent(machine))
          : TOO_MANY,
    ],
    [/^\/common\/discovery\/instance$/i, (request) => discovered(request)],
    [/^\/[^/]+\/discovery(?:\/v2\.0)?\/keys$/i, () => ({ status: 200, body: this.#signer.keySet })],
    [
      /^\/([^/]+)(?:\/v2\.0)?\/\.well-known\/openid-configuration$/i,
      (request, [, tenant = ""]) => ({ status: 200, body: openidConfiguration(originOf(request), tenant) }),
    ],
    [/^\/([^/]+)\/oauth2(?:\/v2\.0)?\/token$/i, (request, [, tenant = ""]) => this.#tokens.serve(request, tenant)],
  ];

  #cloud(request: SimulatedRequest): Answer {
    const resourceManager = originOf(request);
    const version = request.url.searchParams.get("api-version") ?? "";
    return {
      status: 200,
      body: cloudMetadata({ resourceManager, login: this.#httpsOrigin ?? resourceManager }, version),
    };
  }
}

/** The metadata service serves about five requests a second. */
const TOO_MANY: Answer = {
  status: 429,
  headers: { "retry-after": "1" },
  body: { error: "Too many requests" },
};

function discovered({ url }: SimulatedRequest): Answer {
  const document = instanceDiscovery(url.searchParams.get("authorization_endpoint") ?? "");
  if (document !== undefined) return { status: 200, body: document };
  return { status: 400, body: { error: "invalid_request", error_description: "authorization_endpoint is missing" } };
}
