import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { explainToken } from "../../../src/connect/explain.ts";
import type { ExplainTokenContext, TokenExplanation } from "../../../src/connect/explain.ts";
import { findingTexts } from "../../../src/connect/explain-findings.ts";
import { APP, CLIENT, codes, faults, inbound, known as tenant, now, times } from "../../support/diagnosis.ts";
import { hashOf } from "../../support/mint.ts";
import { NOW } from "../../support/token.ts";

const SECRET = "dGhlIHNoYXJlZCBzZWNyZXQgb2YgYSB0ZW5hbnQ=";
const known: ExplainTokenContext = { ...tenant, sharedSecret: SECRET };

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token made with node:crypto alone. */
function mint(claims: object, key: string | Buffer = SECRET, header: object = { typ: "JWT", alg: "HS256" }): string {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
}

const explain = (claims: object, context: ExplainTokenContext = {}): Promise<TokenExplanation> =>
  explainToken(mint(claims), { ...known, ...context });

describe("explainToken", () => {
  test("finds nothing wrong with a good token, and shows what is in it", async () => {
    const explanation = await explain(inbound);
    expect(explanation).toMatchObject({
      verdict: "valid",
      kind: "request",
      header: { alg: "HS256" },
      claims: inbound,
      times: { issuedAt: NOW - 5, expiresAt: NOW + 175, lifetime: 180, remaining: 175 },
      qsh: { match: "exact" },
    });
    expect(codes(explanation)).toEqual(["signature-valid", "qsh-valid"]);
  });

  test("says unchecked where nothing is wrong but not all is known", async () => {
    const explanation = await explainToken(mint(inbound), { now });
    expect(explanation.verdict).toBe("unchecked");
    expect(codes(explanation)).toEqual(["signature-not-checked", "qsh-not-checked"]);
  });

  test.each([
    ["a scheme", (token: string) => `JWT ${token}`],
    ["a whole header", (token: string) => `Authorization: JWT ${token}`],
    ["quotes and a line break", (token: string) => `"${token}"\n`],
    ["a parameter", (token: string) => `?jwt=${token}`],
    ["line breaks within", (token: string) => `${token.slice(0, 40)}\n  ${token.slice(40)}`],
  ])("reads a token that was copied with %s", async (_, wrap) => {
    const explanation = await explainToken(wrap(mint(inbound)), known);
    expect(explanation.verdict).toBe("valid");
    expect(codes(explanation)).toContain("token-wrapped");
  });

  test("looks at quotes around a token once, however many there are", async () => {
    const start = process.cpuUsage().user;
    for (const text of [`${'"'.repeat(200_000)}x`, `${'";'.repeat(100_000)}`]) {
      expect(faults(await explainToken(text, known))).toContain("token-malformed");
    }
    expect((process.cpuUsage().user - start) / 1e6).toBeLessThan(2);
  });

  test.each(["", "x", "a.b.c", "a.b", mint(inbound).slice(0, 60), `${mint(inbound)}.x`, "x".repeat(100_000)])(
    "says that this is no token (%#)",
    async (token) => {
      const explanation = await explainToken(token, known);
      expect(explanation).toMatchObject({ verdict: "invalid", kind: "unknown", times: {} });
      expect(faults(explanation)).toEqual(["token-malformed"]);
    },
  );

  describe("issuer", () => {
    const outbound = { ...inbound, iss: APP, qsh: hashOf("GET&/rest&") };
    const site: ExplainTokenContext = {
      direction: "outbound",
      baseUrl: "https://example.atlassian.net",
      request: { method: "GET", url: "https://example.atlassian.net/rest" },
    };

    test("an app's own token is issued by the app", async () => {
      expect((await explain(outbound, site)).verdict).toBe("valid");
    });

    test("the clientKey where the app key belongs", async () => {
      const explanation = await explain({ ...outbound, iss: CLIENT }, site);
      expect(faults(explanation)).toEqual(["issuer-is-client-key"]);
      expect(explanation.findings.find(({ code }) => code === "issuer-is-client-key")).toMatchObject({ claim: "iss", level: "error" });
    });

    test("the app key where the clientKey belongs", async () => {
      expect(faults(await explain({ ...inbound, iss: APP }, { direction: "inbound" }))).toEqual(["issuer-is-app-key"]);
    });

    test.each([
      ["someone else", "other", "issuer-unexpected"],
      ["another letter case", CLIENT.toUpperCase(), "issuer-differs-in-case"],
      ["a trailing space", `${CLIENT} `, "issuer-differs-in-case"],
      ["nobody", undefined, "issuer-missing"],
      ["a number", 5, "claim-malformed"],
    ])("%s", async (_, iss, code) => {
      expect(faults(await explain({ ...inbound, iss }))).toEqual([code]);
    });
  });

  describe("times", () => {
    test.each([
      ["expired by a minute", { iat: NOW - 240, exp: NOW - 60 }, "expired", 60],
      ["expired within the leeway", { iat: NOW - 190, exp: NOW - 10 }, "expires-soon", 10],
      ["expired by the leeway exactly", { iat: NOW - 210, exp: NOW - 30 }, "expired", 30],
      ["from a clock that is ten minutes ahead", { iat: NOW + 600, exp: NOW + 780 }, "not-yet-valid", 600],
      ["not before a time to come", { ...times, nbf: NOW + 90 }, "not-yet-valid", 90],
      ["good for a day", { iat: NOW, exp: NOW + 86400 }, "lifetime-long", 86400],
      ["over before it starts", { iat: NOW + 10, exp: NOW + 10 }, "lifetime-none", undefined],
      ["in milliseconds", { iat: NOW * 1000, exp: NOW * 1000 + 180_000 }, "times-in-milliseconds", undefined],
      ["without an end", { iat: NOW }, "expiry-missing", undefined],
      ["without a start", { exp: NOW + 100 }, "issued-at-missing", undefined],
      ["in text", { iat: NOW, exp: "soon" }, "claim-malformed", undefined],
    ])("%s", async (_, claims, code, seconds) => {
      const { findings } = await explain({ iss: CLIENT, qsh: inbound.qsh, ...claims });
      const finding = findings.find((one) => one.code === code);
      expect(finding?.seconds).toBe(seconds);
      expect(finding).toMatchObject(findingTexts[finding?.code ?? "expired"].claim === undefined ? { code } : { code, claim: expect.any(String) });
    });

    test("a good token within a wider leeway", async () => {
      expect((await explain({ ...inbound, iat: NOW - 240, exp: NOW - 60 }, { leeway: 120 })).verdict).toBe("valid");
    });
  });

  describe("secret", () => {
    test.each([
      ["signed with a line break behind it", SECRET, `${SECRET}\n`, "secret-signed-with-line-break"],
      ["signed with a Windows line break behind it", SECRET, `${SECRET}\r\n`, "secret-signed-with-line-break"],
      ["given with a line break behind it", `${SECRET}\n`, SECRET, "secret-has-line-break"],
      ["signed base64-decoded", SECRET, Buffer.from(SECRET, "base64"), "secret-base64-decoded"],
      ["signed base64-encoded", SECRET, Buffer.from(SECRET).toString("base64"), "secret-base64-encoded"],
      ["signed hex-decoded", "00ff".repeat(10), Buffer.from("00ff".repeat(10), "hex"), "secret-hex-decoded"],
      ["signed with quotes", SECRET, `"${SECRET}"`, "secret-quoted"],
      ["given with quotes", `"${SECRET}"`, SECRET, "secret-quoted"],
      ["the clientKey", SECRET, CLIENT, "secret-is-client-key"],
      ["the app key", SECRET, APP, "secret-is-app-key"],
      ["another one", SECRET, "x".repeat(40), "signature-invalid"],
      ["empty", "", SECRET, "secret-unusable"],
    ])("%s", async (_, given, used, code) => {
      const explanation = await explainToken(mint(inbound, used), { ...known, sharedSecret: given });
      expect(faults(explanation)).toEqual([code]);
    });

    test("base64 text whose last character has spare bits, which lax decoders ignore", async () => {
      const secret = `${"A".repeat(41)}B`;
      const explanation = await explainToken(mint(inbound, Buffer.from(secret, "base64")), { ...known, sharedSecret: secret });
      expect(faults(explanation)).toEqual(["secret-base64-decoded"]);
    });

    test("one of several", async () => {
      expect((await explain(inbound, { sharedSecret: ["y".repeat(40), SECRET] })).verdict).toBe("valid");
    });

    test("a short one, which verifies all the same", async () => {
      const explanation = await explainToken(mint(inbound, "short"), { ...known, sharedSecret: "short" });
      expect(explanation.verdict).toBe("valid");
      expect(codes(explanation)).toContain("secret-short");
    });
  });

  describe("algorithm", () => {
    test.each([
      [{ alg: "none" }, "algorithm-none"],
      [{ alg: "HS512" }, "algorithm-unexpected"],
      [{ typ: "JWT" }, "algorithm-unexpected"],
      [{ alg: "HS256", crit: ["x"] }, "header-refused"],
    ])("%j", async (header, code) => {
      expect(faults(await explainToken(mint(inbound, SECRET, header), known))).toContain(code);
    });

    test("a lifecycle token of before signed installs", async () => {
      expect(faults(await explain(inbound, { accept: ["lifecycle"] }))).toContain("algorithm-not-signed-install");
    });
  });

  describe("kind", () => {
    test("a context token on a request route", async () => {
      const explanation = await explain({ ...inbound, qsh: "context-qsh" });
      expect(explanation.kind).toBe("context");
      expect(faults(explanation)).toEqual(["context-token-not-accepted"]);
    });

    test("a context token where it is accepted", async () => {
      expect((await explain({ ...inbound, qsh: "context-qsh" }, { accept: ["context"] })).verdict).toBe("valid");
    });

    test("a context token that an app sends to a product", async () => {
      const explanation = await explain({ ...inbound, iss: APP, qsh: "context-qsh" }, { direction: "outbound" });
      expect(faults(explanation)).toEqual(["qsh-mismatch"]);
      expect(explanation.qsh?.causes[0]?.code).toBe("context-qsh");
    });

    test("a session token, accepted or not", async () => {
      const session = { iss: APP, aud: [CLIENT], ...times };
      expect(await explain(session, { accept: ["session"] })).toMatchObject({ verdict: "valid", kind: "session" });
      expect(faults(await explain(session))).toEqual(["session-token-not-accepted"]);
      expect(faults(await explain({ ...session, aud: "other" }, { accept: ["session"] }))).toEqual(["audience-unexpected"]);
    });

    test("a request token where only context tokens are accepted", async () => {
      expect(faults(await explain(inbound, { accept: ["context"] }))).toEqual(["request-token-not-accepted"]);
    });

    test("a token that is bound to nothing", async () => {
      expect(faults(await explain({ iss: CLIENT, ...times }))).toEqual(["qsh-missing"]);
    });

    test("a Forge invocation token", async () => {
      const explanation = await explain({ iss: "forge/invocation-token", aud: "ari:cloud:ecosystem::app/x", ...times });
      expect(explanation.kind).toBe("forge");
      expect(faults(explanation)).toContain("forge-token");
    });
  });

  describe("lifecycle", () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" }) as string;
    const install = { iss: CLIENT, aud: "https://app.example.com", ...times, qsh: hashOf("POST&/installed&") };
    const context: ExplainTokenContext = { ...known, publicKey: pem, accept: ["lifecycle"], request: { method: "POST", url: "/installed" } };

    function rsa(claims: object): string {
      const input = `${part({ typ: "JWT", alg: "RS256", kid: "k" })}.${part(claims)}`;
      return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
    }

    test("a good one", async () => {
      expect(await explainToken(rsa(install), context)).toMatchObject({ verdict: "valid", kind: "lifecycle" });
    });

    test.each([
      ["https://app.example.com/", [], "audience-differs-in-slash"],
      ["https://other.example.com", ["audience-unexpected"], "audience-unexpected"],
      [undefined, ["audience-missing"], "audience-missing"],
    ])("for %s", async (aud, errors, code) => {
      const explanation = await explainToken(rsa({ ...install, aud }), context);
      expect(faults(explanation)).toEqual(errors);
      expect(codes(explanation)).toContain(code);
    });

    test("with another key", async () => {
      const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }) as string;
      expect(faults(await explainToken(rsa(install), { ...context, publicKey: other }))).toEqual(["signature-invalid"]);
      expect(faults(await explainToken(rsa(install), { ...context, publicKey: "no key" }))).toEqual(["secret-unusable"]);
    });

    test("on a route for requests", async () => {
      expect(faults(await explainToken(rsa(install), { ...context, accept: ["request"] }))).toEqual(["lifecycle-token-not-accepted"]);
    });
  });

  describe("hash", () => {
    test("a mismatch, with its cause and who is known for it", async () => {
      const explanation = await explain({ ...inbound, qsh: hashOf("GET&/page&aB=1&a%5B=2") }, { request: { method: "GET", url: "/page?aB=1&a%5B=2" } });
      expect(faults(explanation)).toEqual(["qsh-mismatch"]);
      expect(explanation.qsh?.causes).toEqual([
        expect.objectContaining({ code: "names-sorted-decoded", peers: expect.arrayContaining(["atlassian-jwt"]) }),
      ]);
    });

    test("the decoded path, which products sign, is no mistake when a product calls", async () => {
      const encoded = { request: { method: "GET", url: "/a%20b" } };
      const decoded = { ...inbound, qsh: hashOf("GET&/a b&") };
      expect(codes(await explain(decoded, encoded))).toContain("qsh-valid-decoded");
      expect((await explain(decoded, encoded)).verdict).toBe("valid");
      expect(faults(await explain({ ...decoded, iss: APP }, { ...encoded, direction: "outbound" }))).toEqual(["qsh-mismatch"]);
    });

    test("values are hidden when asked", async () => {
      const explanation = await explain({ ...inbound, qsh: hashOf("GET&/page&") }, { redact: true });
      expect(explanation.qsh?.canonical).toBe("GET&/page&id=•");
    });
  });

  test("never holds the secret", async () => {
    for (const used of [SECRET, `${SECRET}\n`, Buffer.from(SECRET, "base64"), "another one"]) {
      const explanation = await explainToken(mint(inbound, used), known);
      expect(JSON.stringify(explanation)).not.toContain(SECRET);
    }
  });

  test("refuses a context that makes no sense", async () => {
    await expect(explainToken("x", { leeway: -1 })).rejects.toMatchObject({ code: "ERR_INVALID_ARG_VALUE" });
    await expect(explainToken("x", { now: () => Number.NaN })).rejects.toMatchObject({ name: "TypeError" });
  });

  test("has words for every finding: lower case or a name, no period", () => {
    for (const { message, fix } of Object.values(findingTexts)) {
      expect(message).toMatch(/^[a-z].*[^.]$/);
      expect(fix ?? "ok").toMatch(/^[a-z].*[^.]$/);
    }
  });
});
