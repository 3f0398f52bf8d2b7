/** Runs the inbound cases of the attack corpus against the verifiers, as the corpus's own notes say. */
import { createLifecycleVerifier } from "../../src/connect/lifecycle.ts";
import { memoryReplayGuard } from "../../src/connect/replay.ts";
import { createConnectVerifier } from "../../src/connect/verifier.ts";
import { createForgeVerifier } from "../../src/forge/invocation.ts";
import type { Installation, WebRequest } from "../../src/types.ts";
import { tells } from "../support/tells.ts";
import corpus from "../vectors/data/attacks.json" with { type: "json" };

type Text = string | { readonly base64: string };
type Part = Text | { readonly repeat: readonly [text: string, count: number] };

interface Route {
  readonly url?: string;
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: Text;
  readonly bodyParts?: readonly Part[];
  readonly delayMs?: number;
  readonly networkError?: boolean;
}

interface KeyServerSpec {
  readonly routes?: readonly Route[];
  readonly fallback?: Route;
}

interface TenantSpec {
  readonly clientKey: string;
  readonly sharedSecret: string;
  readonly previousSecrets?: readonly { readonly secret: string; readonly validUntil: number }[];
  readonly uninstalled?: boolean;
}

interface Options {
  readonly now: number;
  readonly leewaySec: number;
  readonly appKey: string;
  readonly appBaseUrl: string;
  readonly appBaseUrls: readonly string[];
  readonly accept: "url" | "context";
  readonly event: "installed" | "uninstalled";
  readonly keyServerBase: string;
  readonly maxKeyFetchesPerMinute?: number;
  readonly appId: string;
  readonly jwksUrl: string;
  readonly replayGuard?: boolean;
}

interface Input {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly form?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly tenants?: readonly TenantSpec[];
  readonly tenantsAsObject?: boolean;
  readonly keyServer?: KeyServerSpec;
}

export interface Expectation {
  readonly result: "accept" | "reject";
  readonly kind?: string;
  readonly alsoOk?: readonly string[];
  readonly clientKey?: string;
  readonly fetched?: readonly string[];
  readonly maxFetches?: number;
  readonly forbidFetchPrefix?: readonly string[];
  readonly mustNotContain?: readonly string[];
  readonly maxMs?: number;
}

interface Step {
  readonly op: string;
  readonly input: Input;
  readonly options: Options;
  readonly expect: Expectation;
}

export interface AttackCase extends Step {
  readonly id: string;
  readonly name: string;
  readonly level: "must" | "profile" | "control";
  readonly steps?: readonly Step[];
  readonly parallel?: boolean;
  readonly keyServer?: KeyServerSpec;
}

const OPS = new Set(["connect.verifyRequest", "connect.verifyLifecycle", "forge.verify", "sequence"]);

/** Every case of the corpus that a verifier of requests can run. */
export const inboundCases: readonly AttackCase[] = (bare(corpus.cases) as AttackCase[]).filter(({ op }) => OPS.has(op));

/** The same data without prototypes: what pollutes them must reach the code under test, and not this runner. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, bare(member)] as const);
  return Object.assign(Object.create(null) as object, Object.fromEntries(members));
}

/** What one step did. */
interface Outcome {
  readonly step: Step;
  readonly identity?: { readonly kind: string; readonly clientKey?: string };
  readonly error?: unknown;
  readonly ms: number;
}

const CODES: Readonly<Record<string, string>> = {
  token_missing: "ERR_TOKEN_MISSING",
  token_ambiguous: "ERR_TOKEN_AMBIGUOUS",
  token_too_large: "ERR_TOKEN_TOO_LARGE",
  malformed_token: "ERR_TOKEN_MALFORMED",
  unsupported_algorithm: "ERR_TOKEN_ALGORITHM",
  wrong_token_type: "ERR_TOKEN_ALGORITHM",
  unsupported_header: "ERR_TOKEN_HEADER",
  invalid_kid: "ERR_KEY_ID",
  key_fetch_failed: "ERR_KEY_FETCH",
  rate_limited: "ERR_KEY_RATE_LIMIT",
  invalid_key: "ERR_KEY_INVALID",
  invalid_signature: "ERR_TOKEN_SIGNATURE",
  missing_claim: "ERR_CLAIM_MISSING",
  invalid_claim: "ERR_CLAIM_INVALID",
  expired: "ERR_TOKEN_EXPIRED",
  not_yet_valid: "ERR_TOKEN_NOT_YET_VALID",
  issuer_mismatch: "ERR_CLAIM_MISMATCH",
  audience_mismatch: "ERR_CLAIM_MISMATCH",
  tenant_mismatch: "ERR_CLAIM_MISMATCH",
  qsh_missing: "ERR_QSH_MISSING",
  qsh_mismatch: "ERR_QSH_MISMATCH",
  context_token_not_allowed: "ERR_TOKEN_KIND",
  replayed: "ERR_TOKEN_REPLAYED",
  invalid_request: "ERR_LIFECYCLE_BODY",
};

function codeOf(kind: string, op: string): string {
  if (kind === "key_not_found") return op === "connect.verifyRequest" ? "ERR_INSTALLATION_UNKNOWN" : "ERR_KEY_NOT_FOUND";
  const code = CODES[kind];
  if (code === undefined) throw new Error(`the corpus has a kind that is not mapped: ${kind}`);
  return code;
}

function textOf(part: Part): string {
  if (typeof part === "string") return part;
  return "repeat" in part ? part.repeat[0].repeat(part.repeat[1]) : Buffer.from(part.base64, "base64").toString("utf8");
}

/** One case: verifiers that live as long as it does, a clock, and a fetch that answers from the case's table. */
class Run {
  readonly fetched: string[] = [];
  #time = 0;
  #routes: KeyServerSpec = {};
  readonly #verifiers = new Map<string, (request: WebRequest) => Promise<object>>();
  readonly #guard = memoryReplayGuard({ now: () => this.#time });

  async step(step: Step, keyServer: KeyServerSpec | undefined): Promise<Outcome> {
    const { now } = step.options;
    this.#time = now;
    this.#routes = step.input.keyServer ?? keyServer ?? {};
    const request = buildRequest(step);
    const start = performance.now();
    try {
      const identity = (await this.#verifier(step)(request)) as { kind: string };
      return { step, identity, ms: performance.now() - start };
    } catch (error) {
      return { step, error, ms: performance.now() - start };
    }
  }

  #verifier(step: Step): (request: WebRequest) => Promise<object> {
    const { now: _now, ...options } = step.options;
    const key = JSON.stringify([step.op, options, step.input.tenants]);
    let verifier = this.#verifiers.get(key);
    if (verifier === undefined) {
      verifier = this.#create(step);
      this.#verifiers.set(key, verifier);
    }
    return verifier;
  }

  #create({ op, options, input }: Step): (request: WebRequest) => Promise<object> {
    const shared = {
      leeway: options.leewaySec,
      now: () => this.#time,
      ...(options.replayGuard === true && { replayGuard: this.#guard }),
    };
    const remote = {
      fetch: (request: WebRequest) => this.#fetch(request),
      ...(options.maxKeyFetchesPerMinute !== undefined && { maxKeyFetches: options.maxKeyFetchesPerMinute }),
    };
    if (op === "connect.verifyRequest") {
      const accept = options.accept === "url" ? (["request"] as const) : (["context"] as const);
      return createConnectVerifier({
        ...shared,
        appKey: options.appKey,
        baseUrl: options.appBaseUrl,
        installations: lookUp(input),
        accept,
      });
    }
    if (op === "connect.verifyLifecycle") {
      return createLifecycleVerifier({
        ...shared,
        ...remote,
        appKey: options.appKey,
        baseUrl: options.appBaseUrls,
        keyServers: [options.keyServerBase],
        accept: [options.event],
        installations: lookUp(input),
      });
    }
    return createForgeVerifier({ ...shared, ...remote, appId: options.appId, jwksUrl: options.jwksUrl });
  }

  async #fetch(request: WebRequest): Promise<Response> {
    this.fetched.push(request.url);
    const route = this.#routes.routes?.find(({ url }) => url === request.url) ??
      this.#routes.fallback ?? { status: 404, body: "" };
    await new Promise<void>((resolve) => void setTimeout(resolve, route.delayMs ?? 1));
    if (route.networkError === true) throw new TypeError("fetch failed");
    const body = (route.bodyParts ?? [route.body ?? ""]).map(textOf).join("");
    return new Response(body, { status: route.status, ...(route.headers && { headers: route.headers }) });
  }
}

function lookUp({ tenants = [], tenantsAsObject = false }: Input): (clientKey: string) => Installation | undefined {
  const records = tenants.map(({ clientKey, sharedSecret, previousSecrets, uninstalled }): [string, Installation] => [
    clientKey,
    {
      clientKey,
      sharedSecret,
      ...(previousSecrets && {
        previousSecrets: previousSecrets.map(({ secret, validUntil }) => ({ sharedSecret: secret, validUntil })),
      }),
      ...(uninstalled === true && { enabled: false }),
    },
  ]);
  if (tenantsAsObject) {
    const table = Object.fromEntries(records);
    return (clientKey) => table[clientKey];
  }
  const table = new Map(records);
  return (clientKey) => table.get(clientKey);
}

function buildRequest({ input, options }: Step): Request {
  const base = options.appBaseUrl ?? options.appBaseUrls?.[0] ?? "https://remote.example";
  const headers = new Headers(input.headers);
  if (input.token !== undefined) headers.set("authorization", `Bearer ${input.token}`);
  if (input.form !== undefined) headers.set("content-type", "application/x-www-form-urlencoded");
  const body = input.form ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
  return new Request(new URL(base).origin + (input.url ?? "/"), {
    method: input.method ?? "POST",
    headers,
    ...(body !== undefined && { body }),
  });
}

/** Runs a case and says what is wrong about what happened; nothing when all is as it should be. */
export async function judge(attack: AttackCase): Promise<string[]> {
  const run = new Run();
  const steps = attack.steps ?? [attack];
  const outcomes: Outcome[] = [];
  if (attack.parallel === true) {
    outcomes.push(...(await Promise.all(steps.map((step) => run.step(step, attack.keyServer)))));
  } else {
    for (const step of steps) outcomes.push(await run.step(step, attack.keyServer));
  }
  return [
    ...outcomes.flatMap((outcome, index) => judgeOutcome(outcome, index)),
    ...judgeTraffic(run.fetched, attack.expect),
  ];
}

function judgeOutcome({ step, identity, error, ms }: Outcome, index: number): string[] {
  const { expect, op } = step;
  const wrong: string[] = [];
  const say = (text: string): void => void wrong.push(`step ${index}: ${text}`);
  if (expect.result === "accept") {
    if (identity === undefined) say(`refused with ${String((error as { code?: string }).code ?? error)}`);
    else if (expect.clientKey !== undefined && identity.clientKey !== expect.clientKey) say("reported another tenant");
    return wrong;
  }
  if (identity !== undefined) {
    say("accepted");
    return wrong;
  }
  const codes = [expect.kind as string, ...(expect.alsoOk ?? [])].map((kind) => codeOf(kind, op));
  const { code } = error as { code?: string };
  if (code === undefined || !codes.includes(code)) say(`refused with ${String(code ?? error)} instead of ${codes.join(" or ")}`);
  for (const secret of expect.mustNotContain ?? []) if (tells(error, secret)) say("the error tells what it must not");
  if (expect.maxMs !== undefined && ms > expect.maxMs) say(`took ${Math.round(ms)} ms`);
  return wrong;
}

function judgeTraffic(fetched: readonly string[], expect: Expectation): string[] {
  const wrong: string[] = [];
  if (expect.fetched !== undefined && String(fetched) !== String(expect.fetched)) wrong.push(`fetched ${String(fetched)}`);
  if (expect.maxFetches !== undefined && fetched.length > expect.maxFetches) wrong.push(`${fetched.length} fetches`);
  for (const prefix of expect.forbidFetchPrefix ?? []) {
    if (fetched.some((url) => url.startsWith(prefix))) wrong.push(`fetched from ${prefix}`);
  }
  return wrong;
}
