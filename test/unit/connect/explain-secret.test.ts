import { afterEach, describe, expect, test, vi } from "vitest";
import { explainToken } from "../../../src/connect/explain.ts";
import type { TokenExplanation } from "../../../src/connect/explain.ts";
import { APP, CLIENT, codes, faults, inbound, known, now, request, SECRET } from "../../support/diagnosis.ts";
import { mintHs256 } from "../../support/mint.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const OTHER = "what nobody here was ever given, whatsoever";

const explainSecret = (given: string, used: string | Uint8Array): Promise<TokenExplanation> =>
  explainToken(mintHs256(inbound, used), { ...known, sharedSecret: given });

describe("a misuse is found", () => {
  test.each([
    ["an old Mac's line break behind it", SECRET, `${SECRET}\r`, "secret-signed-with-line-break"],
    ["a space behind it", SECRET, `${SECRET} `, "secret-signed-with-line-break"],
    ["signed with single quotes", SECRET, `'${SECRET}'`, "secret-quoted"],
    ["given with single quotes", `'${SECRET}'`, SECRET, "secret-quoted"],
    ["signed with none at all", SECRET, "", "secret-empty"],
  ])("%s", async (_, given, used, code) => {
    expect(faults(await explainSecret(given, used))).toEqual([code]);
  });

  // RFC 4648 section 4: one or two signs of padding, or none, by the length; these characters are encoded with + and /.
  const texts = [40, 41, 42].map((length) => "ab~ab?".repeat(7).slice(0, length));
  test.each([
    ...texts.map((secret) => [`base64 of ${secret.length} bytes`, secret, Buffer.from(secret).toString("base64")] as const),
    ...texts.map(
      (secret) => [`base64 of ${secret.length} bytes, unpadded`, secret, Buffer.from(secret).toString("base64").replace(/=+$/, "")] as const,
    ),
    ...texts.map((secret) => [`base64url of ${secret.length} bytes`, secret, Buffer.from(secret).toString("base64url")] as const),
  ])("signed with the %s", async (_, given, used) => {
    expect(faults(await explainSecret(given, used))).toEqual(["secret-base64-encoded"]);
  });

  const keys = [40, 41, 42].map((length) => Buffer.alloc(length, Buffer.from([0xfb, 0xef, 0xff])));
  test.each([
    ...keys.map((key) => [`base64 of ${key.length} bytes`, key.toString("base64"), key] as const),
    ...keys.map((key) => [`base64url of ${key.length} bytes`, key.toString("base64url"), key] as const),
  ])("given as %s, and decoded", async (_, given, used) => {
    expect(faults(await explainSecret(given, used))).toEqual(["secret-base64-decoded"]);
  });

  test.each([
    ["four spare bits", `${"abcd".repeat(10)}eB`],
    ["two spare bits", `${"abcd".repeat(10)}efB`],
    ["a character too many", `${"abcd".repeat(10)}e`],
  ])("given as base64 with %s, which lax decoders ignore", async (_, given) => {
    expect(faults(await explainSecret(given, Buffer.from(given, "base64")))).toEqual(["secret-base64-decoded"]);
  });
});

describe("no misuse is made up", () => {
  const hex = "00ff".repeat(10);
  const bytes = Buffer.from(hex, "hex");

  test.each([
    ["letters around it", `x${SECRET}x`, SECRET],
    ["a quote before it alone", `"${SECRET}x`, SECRET],
    ["a quote behind it alone", `x${SECRET}"`, SECRET],
    ["letters that are no hex digits", "1z".repeat(20), Buffer.alloc(20, 1)],
    ["letters before hex digits", `zz${hex}`, Buffer.concat([Buffer.alloc(1), bytes])],
    ["letters behind hex digits", `${hex}zz`, Buffer.concat([bytes, Buffer.alloc(1)])],
    // RFC 4648 section 8: two digits a byte.
    ["an odd number of hex digits", `${hex}0`, bytes],
    // RFC 4648 section 3.2: padding is at the end.
    ["padding within base64", `${"abcd".repeat(5)}=${"abcd".repeat(5)}`, Buffer.from("abcd".repeat(10), "base64")],
    ["another secret where this is no base64", SECRET, OTHER],
  ])("%s", async (_, given, used) => {
    expect(faults(await explainSecret(given, used))).toEqual(["signature-invalid"]);
  });

  test.each([{}, { appKey: APP }, { clientKey: CLIENT }])("of keys that are not known: %j", async (keys) => {
    const explanation = await explainToken(mintHs256(inbound, OTHER), { ...keys, sharedSecret: SECRET, request, now });
    expect(faults(explanation)).toEqual(["signature-invalid"]);
  });
});

describe("a short secret", () => {
  // A secret has to be as long as its hash (RFC 7518 section 3.2): in bytes, not in characters.
  test.each([
    ["31 letters", "s".repeat(31), ["signature-valid", "secret-short", "qsh-valid"]],
    ["32 letters", "s".repeat(32), ["signature-valid", "qsh-valid"]],
    ["31 bytes in 16 characters", `${"é".repeat(15)}s`, ["signature-valid", "secret-short", "qsh-valid"]],
    ["32 bytes in 16 characters", "é".repeat(16), ["signature-valid", "qsh-valid"]],
  ])("%s", async (_, secret, expected) => {
    const explanation = await explainSecret(secret, secret);
    expect(explanation.verdict).toBe("valid");
    expect(codes(explanation)).toEqual(expected);
  });
});

describe("the platform", () => {
  test("its own failure is no fault of the token", async () => {
    vi.spyOn(crypto.subtle, "verify").mockRejectedValue(new Error("the engine is out of order"));
    await expect(explainSecret(SECRET, SECRET)).rejects.toThrow("the engine is out of order");
  });

  test("where it has no crypto.subtle, HS256 is checked and HS512 is not", async () => {
    vi.stubGlobal("crypto", undefined);
    expect(codes(await explainSecret(SECRET, SECRET))).toEqual(["signature-valid", "qsh-valid"]);
    expect(codes(await explainToken(mintHs256(inbound, SECRET, { alg: "HS512" }), known))).toEqual([
      "algorithm-unexpected",
      "signature-not-checked",
      "qsh-valid",
    ]);
  });
});
