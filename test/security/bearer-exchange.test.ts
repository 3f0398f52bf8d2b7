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

describe.each(attacks)("$id $name", ({ input, options, expect: want }) => {
  test(want.result, async () => {
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
  });
});
