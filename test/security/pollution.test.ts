import { afterEach, describe, expect, it, vi } from "vitest";
import { createConnectSigner, signConnectToken, signUrl } from "../../src/connect/index.ts";
import { secretKey } from "../../src/crypto/keys.ts";
import { isAuthError } from "../../src/errors.ts";
import { createSignedFetch } from "../../src/fetch/index.ts";
import { decodeJwt } from "../../src/jwt/decode.ts";
import { signJwt } from "../../src/jwt/sign.ts";
import { signJwtSync, verifyJwtSync } from "../../src/jwt/sync.ts";
import { verifyJwt } from "../../src/jwt/verify.ts";
import { CanonicalRequestBuilder } from "../../src/qsh/builder.ts";
import { canonicalRequest } from "../../src/qsh/canonical.ts";
import { explainQsh } from "../../src/qsh/explain.ts";
import { qsh } from "../../src/qsh/hash.ts";
import { attackCodes, attackKey, attackOptions, attackToken, isSecret, tokenAttacks } from "../support/attacks.ts";
import type { TokenAttack } from "../support/attacks.ts";
import { failure, rejection } from "../support/failure.ts";
import { NOW, seal, sealText, SECRET } from "../support/token.ts";

/** What an attacker would like `Object.prototype` to hold: the claims, the header, the options, the key. */
const POISON: Readonly<Record<string, unknown>> = {
  // claims
  exp: NOW * 1.1,
  iat: 0,
  nbf: 0,
  iss: "tenant-alpha-0001",
  aud: "https://app.example.com/connect",
  sub: "admin",
  jti: "1",
  qsh: "context-qsh",
  context: {},
  // header
  alg: "HS256",
  typ: "JWT",
  kid: "kid",
  crit: ["exp"],
  b64: false,
  jku: "https://evil.example/jwks",
  jwk: { kty: "oct", k: "AAAA" },
  // options
  algorithms: ["none"],
  requireExp: false,
  requiredClaims: [],
  leeway: 300,
  maxAge: 1e9,
  maxLifetime: 1e9,
  maxTokenLength: 65536,
  issuer: "evil",
  audience: "evil",
  subject: "evil",
  lifetime: 1e9,
  now: () => 0,
  allowShortSecret: true,
  passphrase: "evil",
  // key material and requests
  sharedSecret: "evil",
  secret: "evil",
  k: "AAAA",
  form: "evil=1",
  path: "decoded",
  baseUrl: "/evil",
  hint: "evil",
  remote: true,
  status: 200,
};

/** What every plain object inherits from. */
const ROOT = Object.getPrototypeOf({}) as Record<string, unknown>;

function pollute(names: readonly string[]): void {
  for (const name of names) ROOT[name] = POISON[name];
}

function clean(): void {
  for (const name of Object.keys(POISON)) delete ROOT[name];
}

afterEach(clean);

/** Runs with a polluted prototype; what it answers is judged after the prototype is clean again. */
async function polluted<T>(names: readonly string[], run: () => T | Promise<T>): Promise<Awaited<T>> {
  pollute(names);
  try {
    return await run();
  } finally {
    clean();
  }
}

async function code(verify: () => unknown): Promise<string> {
  try {
    const { claims } = (await verify()) as { claims: object };
    return Object.hasOwn(claims, "sub") || Object.keys(claims).length > 0 ? "accepted" : "accepted without claims";
  } catch (error) {
    const { code: answer } = error as { code: string };
    return isAuthError(error) || error instanceof TypeError ? answer : "foreign";
  }
}

const cases = tokenAttacks.filter(({ id }) => id !== "A093" && id !== "A094");
const tooMany = Object.keys(POISON);

/** Everything of a case that is not the library's is read before the prototype is polluted. */
function prepare(attack: TokenAttack): (() => unknown)[] {
  const token = attackToken(attack);
  const options = attackOptions(attack);
  const doors = [() => verifyJwt(token, attackKey(attack), options)] as (() => unknown)[];
  if (isSecret(attack)) doors.push(() => verifyJwtSync(token, attackKey(attack) as never, options));
  return doors;
}

function expected({ expect: { result, kind } }: TokenAttack): readonly string[] {
  return result === "accept" ? ["accepted"] : (attackCodes[kind as string] as readonly string[]);
}

describe("the attacks again", () => {
  it.each([["everything at once", tooMany] as const, ...tooMany.map((name) => [name, [name]] as const)])(
    "with Object.prototype polluted by %s",
    async (_, names) => {
      const surprises: string[] = [];
      for (const attack of cases) {
        for (const door of prepare(attack)) {
          const answer = await polluted(names, () => code(door));
          if (!expected(attack).includes(answer)) surprises.push(`${attack.id} ${attack.name}: ${answer}`);
        }
      }
      expect(surprises).toEqual([]);
    },
  );
});

describe("with everything polluted", () => {
  const key = secretKey(SECRET);
  const now = () => NOW;

  it("a token without exp is refused, and one that is expired", async () => {
    const forever = sealText('{"alg":"HS256"}', '{"iss":"a"}');
    const expired = seal({ exp: NOW - 31 });
    const answers = await polluted(tooMany, async () => [
      await rejection(verifyJwt(forever, key)),
      failure(() => verifyJwtSync(forever, key)),
      await rejection(verifyJwt(expired, key, { now })),
      failure(() => verifyJwtSync(expired, key, { now })),
    ]);
    expect(answers.map((answer) => answer.code)).toEqual([
      "ERR_CLAIM_MISSING",
      "ERR_CLAIM_MISSING",
      "ERR_TOKEN_EXPIRED",
      "ERR_TOKEN_EXPIRED",
    ]);
  });

  it("a short secret is short", async () => {
    const answer = await polluted(tooMany, () => failure(() => secretKey("short")));
    expect(answer).toEqual({
      name: "KeyError",
      code: "ERR_KEY_INVALID",
      message: "secret is shorter than the 32 bytes that HS256 needs",
    });
  });

  it("a header without alg has none", async () => {
    const token = sealText('{"typ":"JWT"}', `{"exp":${NOW + 60}}`);
    expect((await polluted(tooMany, () => rejection(verifyJwt(token, key, { now })))).code).toBe("ERR_TOKEN_ALGORITHM");
  });

  it("the claims that come back are those of the token", async () => {
    const token = seal({ iss: "a" });
    const { verified, decoded } = await polluted(tooMany, async () => ({
      verified: await verifyJwt(token, key, { now }),
      decoded: decodeJwt(token),
    }));
    expect(verified).toEqual({ header: { alg: "HS256" }, claims: { exp: NOW + 60, iss: "a" } });
    expect(decoded).toEqual(verified);
  });

  it("what is signed is what was handed over, and never without an end", async () => {
    const clean180 = await signJwt({ iss: "a" }, key, { lifetime: 180, now });
    const answers = await polluted(tooMany, async () => ({
      token: await signJwt({ iss: "a" }, key, { lifetime: 180, now }),
      same: signJwtSync({ iss: "a" }, key, { lifetime: 180, now }),
      endless: await rejection(signJwt({ iss: "a" }, key)),
    }));
    expect([answers.token, answers.same]).toEqual([clean180, clean180]);
    expect(answers.endless.message).toBe('"options.lifetime" or "claims.exp" must be given, and not both');
  });

  it("what an app sends is what it was told to, and nobody else gets it", async () => {
    const site = "https://example.atlassian.net";
    const app = { appKey: "com.example.app", sharedSecret: SECRET, baseUrl: site, now };
    const request = { method: "GET", url: "/rest?a=1" };
    const [token, url] = [await signConnectToken(request, app), await signUrl(request.url, app)];
    const urls: string[] = [];
    const fetch = (sent: Request): Promise<Response> => {
      urls.push(sent.url);
      return Promise.resolve(new Response("sent"));
    };
    const stolen = vi.fn();
    ROOT["fetch"] = stolen;
    const answers = await polluted(tooMany, async () => ({
      token: await signConnectToken(request, app),
      url: await signUrl(request.url, app),
      short: failure(() => createConnectSigner({ ...app, sharedSecret: "short" })),
      sent: await createSignedFetch({ baseUrl: site, sign: createConnectSigner(app), fetch })("/rest"),
      global: await rejection(createSignedFetch({ baseUrl: "https://127.0.0.1:1", sign: (one) => Promise.resolve(new Request(one)) })("/")),
    })).finally(() => delete ROOT["fetch"]);
    expect(answers).toMatchObject({ token, url, short: { code: "ERR_KEY_INVALID" } });
    expect(urls).toEqual([`${site}/rest`]);
    expect(stolen).not.toHaveBeenCalled();
  });

  it("an explanation is that of the request, with what the caller asked to be hidden", async () => {
    Object.assign(ROOT, { body: "evil=1", redact: true, peers: { "body-merged": ["evil"] } });
    const answer = await polluted(["baseUrl", "path"], () => explainQsh(qsh({ method: "GET", url: "/?a=1&evil=1" }), { method: "GET", url: "/?a=1" }))
      .finally(() => ["body", "redact", "peers"].forEach((name) => delete ROOT[name]));
    expect(answer).toMatchObject({ match: "none", canonical: "GET&/&a=1" });
  });

  it("the hash is that of the request", async () => {
    const request = { method: "GET", url: "/evil/a%20b?c=d" };
    const before = qsh(request);
    const answers = await polluted(tooMany, () => [
      qsh(request),
      qsh(request, {}),
      new CanonicalRequestBuilder("GET", request.url).qsh(),
      canonicalRequest(request, {}),
    ]);
    expect(answers).toEqual([before, before, before, "GET&/evil/a%20b&c=d"]);
  });
});
