/** The attack corpus, op `bearer.exchange`: a hostile token endpoint against a token source. */
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { createUserTokenSource } from "../../src/oauth2/index.ts";
import { createFakeHost } from "../../src/testing/index.ts";

interface Attack {
  readonly id: string;
  readonly name: string;
  readonly op: string;
  readonly input: {
    readonly tenant: { clientKey: string; oauthClientId: string; sharedSecret: string; baseUrl: string };
    readonly userAccountId: string;
    readonly server: { readonly routes: readonly { url: string; status: number; headers: Record<string, string>; body: string }[] };
  };
  readonly options: { readonly now: number; readonly tokenEndpoint: string };
  readonly expect: {
    readonly result: "accept" | "reject";
    readonly expiresAt?: number;
    readonly kind?: keyof typeof CODES;
    readonly forbidFetchPrefix?: readonly string[];
    readonly mustNotContain?: readonly string[];
  };
}

const CODES = { invalid_response: "ERR_EXCHANGE_MALFORMED", token_request_failed: "ERR_EXCHANGE_REJECTED" } as const;

const { cases } = JSON.parse(
  readFileSync(new URL("../vectors/data/attacks.json", import.meta.url), "utf8"),
) as { cases: Attack[] };
const attacks = cases.filter(({ op }) => op === "bearer.exchange");

/** Everything that a log could show of an error. */
function everythingOf(error: Error & { problem?: string }): string {
  return [
    inspect(error, { depth: 9, showHidden: true, getters: true }),
    JSON.stringify(error),
    String(error),
    error.stack,
    error.problem,
    inspect(error.cause),
  ].join("\n");
}

test("the corpus is whole", () => {
  expect(attacks.map(({ id }) => id)).toEqual(["A203", "A204", "A205", "A206", "A207", "A208"]);
});

/** Runs a case, and holds it to what is expected. */
async function judge({ input, options, expect: want }: Attack): Promise<void> {
  const host = createFakeHost();
  for (const { url, ...answer } of input.server.routes) host.misbehave(url, { kind: "status", ...answer });
  const source = createUserTokenSource({
    installation: input.tenant,
    accountId: input.userAccountId,
    fetch: host.fetch,
    now: () => options.now,
  });
  const outcome = await source.getToken().catch((error: unknown) => error as Error);
  expect(host.count(options.tokenEndpoint)).toBe(1);
  for (const prefix of want.forbidFetchPrefix ?? []) expect(host.count(prefix)).toBe(0);
  expect(host.traffic.length).toBe(1);
  if (want.result === "accept") {
    expect(outcome).toMatchObject({ expiresAt: want.expiresAt, tokenType: "Bearer" });
    return;
  }
  expect(outcome).toMatchObject({ name: "ExchangeError", code: CODES[want.kind ?? "invalid_response"] });
  for (const secret of [...(want.mustNotContain ?? []), input.tenant.sharedSecret]) {
    expect(everythingOf(outcome as Error)).not.toContain(secret);
  }
}

test.each(attacks)("$id $name", judge);

describe("H1: a polluted Object.prototype changes nothing", () => {
  // Not what the platform itself reads off every `init`: `signal`, `headers`, `body`.
  const poison: Readonly<Record<string, unknown>> = {
    access_token: "polluted",
    token_type: "Bearer",
    expires_in: 900,
    error: "polluted",
    scope: "ADMIN",
    scopes: ["ADMIN"],
    accessToken: "polluted",
    expiresAt: 4_102_444_800,
    mintedAt: 0,
    held: {},
    loaded: { value: {}, ttl: 60 },
    failure: "network",
    authorizationServer: "https://attacker.example",
    userKey: "admin",
    allowShortSecret: true,
    unsafeHttp: true,
    // A word of the platform's `init` too, so one that it takes; our door would refuse it.
    cache: "no-store",
    lock: () => "polluted",
    refreshAhead: 900,
    expirySkew: 900,
    forceRefresh: true,
    minValidity: 86400,
    defaultLifetime: 86400,
    lifetime: 1,
  };

  async function polluted(run: () => Promise<void>, names: readonly string[]): Promise<void> {
    for (const name of names) {
      const value = poison[name];
      Reflect.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
    }
    try {
      await run();
    } finally {
      for (const name of Object.keys(poison)) Reflect.deleteProperty(Object.prototype, name);
    }
  }

  // The test runner's own import, of what is loaded later, reads a member named `error`; that one is judged in
  // test/package/polluted-exchange.test.ts, by the engine's import.
  const withoutError = Object.keys(poison).filter((name) => name !== "error");

  test.each(attacks)("$id $name", (attack) => polluted(() => judge(attack), withoutError));

  test("a token that is good is kept, and the assertion is for the site's own server", async () => {
    await polluted(async () => {
      const host = createFakeHost();
      const installation = host.install({ appKey: "com.example.app", baseUrl: "https://app.example.com" });
      const accountId = host.users[0]?.accountId ?? "";
      const source = createUserTokenSource({ installation, accountId, fetch: host.fetch });
      const { accessToken } = await source.getToken({});
      expect((await source.getToken({})).accessToken).toBe(accessToken);
      expect(host.exchanges).toMatchObject([{ verdict: "granted", claims: { aud: host.endpoints.authorizationServer } }]);
      const short = { ...installation, sharedSecret: "short" };
      expect(() => createUserTokenSource({ installation: short, accountId })).toThrow("secret is shorter");
      // The fake host's own verdicts have an `error`, too.
    }, withoutError);
  });
});
