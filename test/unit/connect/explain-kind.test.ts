import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { explainToken } from "../../../src/connect/explain.ts";
import { APP, CLIENT, codes, explain, faults, inbound, known, now, request, SECRET, times } from "../../support/diagnosis.ts";
import { hashOf, mintHs256, mintRs256 } from "../../support/mint.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

describe("what is around a token", () => {
  test.each([
    ["a header with spaces around the colon", (token: string) => `authorization :  jwt ${token}`],
    ["a header without a space", (token: string) => `Authorization:Bearer ${token}`],
    ["quotes and a comma", (token: string) => `"${token}",`],
    ["a parameter that nothing is before", (token: string) => `jwt=${token}`],
    ["a parameter behind others", (token: string) => `&jwt=${token}`],
    ["a scheme, two spaces and a parameter", (token: string) => `JWT  jwt=${token}`],
  ])("is removed: %s", async (_, wrap) => {
    const explanation = await explainToken(wrap(mintHs256(inbound, SECRET)), known);
    expect(codes(explanation)).toEqual(["token-wrapped", "signature-valid", "qsh-valid"]);
  });

  test.each(['"', ",", ";", "jwt="])("is not looked for within: %s", async (foreign) => {
    const token = mintHs256(inbound, SECRET);
    expect(faults(await explainToken(`${token.slice(0, 40)}${foreign}${token.slice(40)}`, known))).toEqual(["token-malformed"]);
  });

  test("letters of a token that read like a scheme before a line break are kept", async () => {
    // "jwt" in base64: the last three of the four characters of "f<-".
    const token = mintHs256({ a: "f<-", ...inbound }, SECRET);
    expect(token).toContain("Zjwt");
    const end = token.indexOf("Zjwt") + 4;
    const explanation = await explainToken(`${token.slice(0, end)}\n${token.slice(end)}`, known);
    expect(codes(explanation)).toEqual(["token-wrapped", "signature-valid", "qsh-valid"]);
  });
});

describe("signature", () => {
  const unchecked = ["algorithm-unexpected", "signature-not-checked", "qsh-valid"];

  test.each([
    [{ alg: "none" }, ["algorithm-none", "signature-not-checked", "qsh-valid"]],
    [{ alg: undefined }, unchecked],
    [{ alg: "XHS256" }, unchecked],
    [{ alg: "HS2567" }, unchecked],
    [{ alg: ["HS256"] }, unchecked],
    [{ alg: 256 }, unchecked],
  ])("is not checked for %j", async (header, expected) => {
    expect(codes(await explainToken(mintHs256(inbound, SECRET, header), known))).toEqual(expected);
  });

  test("is checked with the secret where a public key is known too", async () => {
    expect(codes(await explain(inbound, { publicKey: rsa.publicKey }))).toEqual(["signature-valid", "qsh-valid"]);
  });

  describe("of a lifecycle token", () => {
    const install = mintRs256({ ...inbound, aud: "https://app.example.com" }, rsa.privateKey);

    test("is checked with the public key, which finds nothing else", async () => {
      const explanation = await explainToken(install, { ...known, accept: ["lifecycle"], publicKey: rsa.publicKey });
      expect(codes(explanation)).toEqual(["signature-valid", "qsh-valid"]);
    });

    test("is not checked without a public key, whatever secret is known", async () => {
      const explanation = await explainToken(install, { ...known, accept: ["lifecycle"] });
      expect(explanation.verdict).toBe("unchecked");
      expect(codes(explanation)).toEqual(["signature-not-checked", "qsh-valid"]);
    });

    test("is not checked where the platform has no crypto.subtle", async () => {
      vi.stubGlobal("crypto", undefined);
      const explanation = await explainToken(install, { ...known, accept: ["lifecycle"], publicKey: rsa.publicKey });
      expect(codes(explanation)).toEqual(["signature-not-checked", "qsh-valid"]);
    });
  });
});

describe("verdict", () => {
  test("is unchecked where the signature alone was not checked", async () => {
    const explanation = await explainToken(mintHs256(inbound, SECRET), { request, now });
    expect(explanation.verdict).toBe("unchecked");
    expect(codes(explanation)).toEqual(["signature-not-checked", "qsh-valid"]);
  });

  test("is unchecked where the hash alone was not checked", async () => {
    const explanation = await explainToken(mintHs256(inbound, SECRET), { sharedSecret: SECRET, now });
    expect(explanation.verdict).toBe("unchecked");
    expect(codes(explanation)).toEqual(["signature-valid", "qsh-not-checked"]);
  });

  test("is invalid for one error among what is good", async () => {
    const explanation = await explain({ ...inbound, iss: "other" });
    expect(explanation.verdict).toBe("invalid");
    expect(codes(explanation)).toEqual(["signature-valid", "issuer-unexpected", "qsh-valid"]);
  });
});

describe("kind", () => {
  test.each([
    ["a product's token that is bound to nothing", { iss: CLIENT, ...times }, known],
    ["an app's token that is bound to nothing and goes to a product", { iss: APP, ...times }, { ...known, direction: "outbound" as const }],
  ])("is unknown for %s, and no more is said of it", async (_, claims, context) => {
    const explanation = await explain(claims, context);
    expect(explanation.kind).toBe("unknown");
    expect(codes(explanation)).toEqual(["signature-valid", "qsh-missing"]);
  });

  test("is unknown for a token of nobody where the app's key is not known", async () => {
    const explanation = await explainToken(mintHs256(times, SECRET), { sharedSecret: SECRET, now });
    expect(explanation.kind).toBe("unknown");
    expect(faults(explanation)).toEqual(["issuer-missing", "qsh-missing"]);
  });

  test("an app's token that is bound to a request goes to a product, also when nobody says so", async () => {
    const explanation = await explain({ ...inbound, iss: APP });
    expect(explanation.kind).toBe("request");
    expect(codes(explanation)).toEqual(["signature-valid", "qsh-valid"]);
  });

  test("a request token of nobody is not taken for the app's own where the app's key is not known", async () => {
    const { iss: _, ...claims } = inbound;
    const explanation = await explainToken(mintHs256(claims, SECRET), { sharedSecret: SECRET, request, accept: ["context"], now });
    expect(faults(explanation)).toEqual(["issuer-missing", "request-token-not-accepted"]);
  });

  test("a session token is good without a hash", async () => {
    expect(codes(await explain({ iss: APP, aud: CLIENT, ...times }, { accept: ["session"] }))).toEqual(["signature-valid"]);
  });

  test("of a Forge invocation token is all that is wrong with it", async () => {
    const token = mintRs256({ iss: "forge/invocation-token", aud: "ari:cloud:ecosystem::app/x", ...times }, rsa.privateKey);
    expect(codes(await explainToken(token, known))).toEqual(["signature-not-checked", "forge-token"]);
    expect(codes(await explainToken(token, { ...known, publicKey: rsa.publicKey }))).toEqual(["signature-valid", "forge-token"]);
  });
});

describe("hash", () => {
  test("is that of the path without the base", async () => {
    const explanation = await explain(inbound, { baseUrl: "https://app.example.com/addon", request: { method: "GET", url: "/addon/page?id=1" } });
    expect(codes(explanation)).toEqual(["signature-valid", "qsh-valid"]);
  });

  test("of a body that is no part of it", async () => {
    const explanation = await explain(
      { ...inbound, qsh: hashOf("PUT&/page&b=2&id=1") },
      { request: { method: "PUT", url: "/page?id=1" }, body: "b=2" },
    );
    expect(faults(explanation)).toEqual(["qsh-mismatch"]);
    expect(explanation.qsh?.causes.map(({ code }) => code)).toEqual(["body-merged"]);
  });

  test("of the decoded path is a mistake where another was made with it", async () => {
    const explanation = await explain({ ...inbound, qsh: hashOf("GET&/a b&").toUpperCase() }, { request: { method: "GET", url: "/a%20b" } });
    expect(faults(explanation)).toEqual(["qsh-mismatch"]);
    expect(explanation.qsh?.causes.map(({ code }) => code)).toEqual(["path-decoded", "hash-upper-case"]);
  });
});

test("a leeway that makes no sense is named", async () => {
  await expect(explainToken("x", { leeway: 301 })).rejects.toThrow('"context.leeway"');
});
