/**
 * The shapes that the whole house shares: signers and verifiers, tenants and stores, JSON, and the web platform's
 * types. Declarations only.
 *
 * The web types are read off `globalThis`, so that a declaration compiles with the DOM library, with a runtime's own
 * types, and with neither.
 */

type Global = typeof globalThis;
type Instance<Name extends string, Fallback> = Global extends Record<Name, { prototype: infer T }> ? T : Fallback;

interface BytesReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}
interface HeadersShape {
  get(name: string): string | null;
  has(name: string): boolean;
  set(name: string, value: string): void;
}
interface BodyShape {
  readonly headers: HeadersShape;
  readonly bodyUsed: boolean;
  text(): Promise<string>;
  json(): Promise<unknown>;
}
interface RequestShape extends BodyShape {
  readonly method: string;
  readonly url: string;
  clone(): RequestShape;
}
interface ResponseShape extends BodyShape {
  readonly ok: boolean;
  readonly status: number;
  clone(): ResponseShape;
}
interface UrlShape {
  readonly href: string;
  toString(): string;
}
interface AbortSignalShape {
  readonly aborted: boolean;
  readonly reason: unknown;
}
interface CryptoKeyShape {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

/** The platform's `Request`. */
export type WebRequest = Instance<"Request", RequestShape>;
/** The platform's `Response`. */
export type WebResponse = Instance<"Response", ResponseShape>;
/** The platform's `URL`. */
export type WebUrl = Instance<"URL", UrlShape>;
/** The platform's `URLSearchParams`. */
export type WebSearchParams = Instance<"URLSearchParams", { toString(): string }>;
/** The platform's `ReadableStream`, of bytes. */
export interface ByteStream {
  getReader(): BytesReader;
}
/** The platform's `AbortSignal`. */
export type WebAbortSignal = Instance<"AbortSignal", AbortSignalShape>;
/** The platform's `CryptoKey`. */
export type WebCryptoKey = Instance<"CryptoKey", CryptoKeyShape>;

/** The second argument of the platform's `fetch`. */
export type WebRequestInit = Global extends { fetch: (input: never, init?: infer Init) => unknown }
  ? NonNullable<Init>
  : { method?: string; headers?: Record<string, string>; body?: string | Uint8Array; signal?: AbortSignalShape };

/** A JSON Web Key (RFC 7517), as far as RSA needs it. */
export interface JsonWebKeyLike {
  readonly kty?: string;
  readonly use?: string;
  readonly key_ops?: readonly string[];
  readonly alg?: string;
  readonly kid?: string;
  readonly n?: string;
  readonly e?: string;
  readonly d?: string;
  readonly p?: string;
  readonly q?: string;
  readonly dp?: string;
  readonly dq?: string;
  readonly qi?: string;
}

/** What `fetch` is to this library: it is only ever handed a `Request`. The global one fits. */
export type FetchLike = (request: WebRequest) => Promise<WebResponse>;

/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** An object of JSON. A member that is undefined is none. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/** Outbound: proves who we are. Resolves with the request that goes on the wire. */
export type RequestSigner = ((request: WebRequest) => Promise<WebRequest>) & {
  /**
   * Called after a refusal with the signed request and a response whose first 4 KiB may be read. The signer repairs
   * its own state (an expired token, a skewed clock) and answers whether to sign and send again, once.
   */
  retry?(response: WebResponse, request: WebRequest): Promise<boolean>;
};

/** Inbound: learns who they are. Rejects with a typed error; never resolves with a falsy value. */
export type RequestVerifier<Identity> = (request: WebRequest) => Promise<Identity>;

/** One tenant: a site where the app is installed. */
export interface Installation {
  /** The tenant's id: the `iss` of its tokens. */
  clientKey: string;
  /** The HS256 secret, used verbatim as UTF-8 (never base64-decoded, never trimmed). */
  sharedSecret: string;
  /** Secrets of earlier installs, each good until `validUntil` (seconds since the epoch). */
  previousSecrets?: { sharedSecret: string; validUntil: number }[];
  baseUrl?: string;
  /** The tenant's OAuth client id, for acting as a user. */
  oauthClientId?: string;
  /** The installation's id on the newer platform, for apps that are moving. */
  installationId?: string;
  productType?: string;
  /** `false` refuses everything but lifecycle events. */
  enabled?: boolean;
}

/** Where tenants are kept. */
export interface InstallationStore {
  find(clientKey: string): Awaitable<Installation | undefined>;
  save(installation: Installation): Awaitable<void>;
  remove(clientKey: string): Awaitable<void>;
  findByForgeInstallation?(installationId: string): Awaitable<Installation | undefined>;
}

/** What a verifier needs to know of tenants; a function is enough. */
export type Installations = InstallationStore["find"] | Pick<InstallationStore, "find">;

/** Remembers what was used: records the id and answers whether it was there already. Must be atomic. */
export interface ReplayGuard {
  /** @param until when the id may be forgotten, in seconds since the epoch */
  seen(id: string, until: number): Awaitable<boolean>;
}

/** A cache of text that many isolates may share. A failing cache is a miss, never a failure. */
export interface TokenCache {
  get(key: string): Awaitable<string | undefined>;
  /** @param ttl seconds */
  set(key: string, value: string, ttl: number): Awaitable<void>;
  delete(key: string): Awaitable<void>;
  /** Runs `task` while no other holder of the same lock does, as far as the cache can promise that. */
  lock?<T>(key: string, task: () => Promise<T>): Promise<T>;
}
