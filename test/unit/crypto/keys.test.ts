import { createHmac, generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { secretKey } from "../../../src/crypto/keys.ts";
import type { SecretKeyOptions } from "../../../src/crypto/keys.ts";
import { badType, badValue, failure, thrownBy } from "../../support/failure.ts";

const LONG = "0123456789abcdef0123456789abcdef";
const invalid = (message: string) => ({ name: "KeyError", code: "ERR_KEY_INVALID", message });
const OTHER_KIND = invalid("secret is key material of another kind");
const utf8 = (text: string) => new TextEncoder().encode(text);
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed25519 = generateKeyPairSync("ed25519");

describe("a secret", () => {
  it("is HS256 unless told", () => {
    expect(secretKey(LONG).algorithm.name).toBe("HS256");
    expect(secretKey(LONG, { alg: "HS256" }).algorithm.name).toBe("HS256");
    expect(secretKey(LONG.repeat(2), { alg: "HS384" }).algorithm.name).toBe("HS384");
    expect(secretKey(LONG.repeat(2), { alg: "HS512" }).algorithm.name).toBe("HS512");
    expect(secretKey(LONG).type).toBe("secret");
  });

  it("is used verbatim as UTF-8: neither base64-decoded nor trimmed nor normalised", () => {
    for (const text of [`c2VjcmV0LXNlY3JldA==${LONG}`, ` ${LONG}\n`, `\ufeff${LONG}`, `e\u0301${LONG}`, `${LONG}\0`]) {
      expect(secretKey(text).secret()).toEqual(utf8(text));
    }
  });

  it("is copied: the caller may wipe the buffer", () => {
    const bytes = utf8(`xx${LONG}`).subarray(2);
    const key = secretKey(bytes);
    bytes.fill(0);
    expect(key.secret()).toEqual(utf8(LONG));
  });

  it("may be bytes of another realm", () => {
    const foreign = runInNewContext("new Uint8Array(32).fill(7)") as Uint8Array;
    expect(secretKey(foreign).secret()).toEqual(new Uint8Array(32).fill(7));
  });

  it.each([
    ["HS256", 32],
    ["HS384", 48],
    ["HS512", 64],
  ] as const)("of %s has %d bytes or more (RFC 7518 section 3.2)", (alg, least) => {
    expect(secretKey(new Uint8Array(least).fill(1), { alg }).secret()).toHaveLength(least);
    const error = thrownBy(() => secretKey(new Uint8Array(least - 1).fill(1), { alg }));
    expect(error).toMatchObject({
      ...invalid(`secret is shorter than the ${least} bytes that ${alg} needs`),
      hint: 'use a longer secret, or say "allowShortSecret: true" where that cannot be had',
      remote: false,
    });
  });

  it("counts bytes, not characters", () => {
    expect(secretKey("\u5bae".repeat(11)).secret()).toHaveLength(33);
  });

  it("may be short where that is said in so many words", () => {
    expect(secretKey("x", { allowShortSecret: true }).secret()).toEqual(utf8("x"));
    for (const value of ["true", 1, {}, undefined]) {
      const options = { allowShortSecret: value } as unknown as SecretKeyOptions;
      expect(failure(() => secretKey("x", options))).toEqual(
        invalid("secret is shorter than the 32 bytes that HS256 needs"),
      );
    }
    const inherited = Object.create({ allowShortSecret: true, alg: "HS512" }) as SecretKeyOptions;
    expect(failure(() => secretKey("x", inherited)).message).toBe("secret is shorter than the 32 bytes that HS256 needs");
  });

  it("is never empty, whatever is said", () => {
    for (const empty of ["", new Uint8Array()]) {
      expect(failure(() => secretKey(empty, { allowShortSecret: true }))).toEqual(invalid("secret is empty"));
    }
  });

  it("is a string or bytes", () => {
    for (const value of [undefined, null, 12345678901234567890n, 5, [], {}, new ArrayBuffer(32), new Date()]) {
      expect(failure(() => secretKey(value as unknown as string))).toEqual(
        invalid("secret must be a string or a Uint8Array"),
      );
    }
  });

  it("is well-formed Unicode: a lone surrogate has no UTF-8", () => {
    expect(failure(() => secretKey(`${LONG}\ud800`))).toEqual(invalid("secret is not well-formed Unicode"));
    expect(secretKey(`${LONG}\u{1f600}`).secret()).toHaveLength(36);
  });
});

describe("public data is no secret", () => {
  const spkiPem = rsa.publicKey.export({ type: "spki", format: "pem" }).toString();
  const material: [name: string, secret: string | Uint8Array][] = [
    ["an SPKI PEM", spkiPem],
    ["a PEM after white space", `\n \t${spkiPem}`],
    ["a PEM after a byte order mark", `\ufeff${spkiPem}`],
    ["a PEM after both", ` \ufeff\n${spkiPem}`],
    ["a PEM as bytes", utf8(spkiPem)],
    ["a certificate", `-----BEGIN CERTIFICATE-----\n${LONG}`],
    ["a PKCS#1 PEM", rsa.publicKey.export({ type: "pkcs1", format: "pem" }).toString()],
    ["a PKCS#8 PEM", rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
    ["an RSA public key of SSH", `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${LONG}`],
    ["an Ed25519 public key of SSH", `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${LONG}`],
    ["an ECDSA public key of SSH", `ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY${LONG}`],
    ["a JWK", JSON.stringify(rsa.publicKey.export({ format: "jwk" }))],
    ["a JWK in lines", JSON.stringify(rsa.publicKey.export({ format: "jwk" }), null, 2)],
    ["a set of JWKs", JSON.stringify({ keys: [rsa.publicKey.export({ format: "jwk" })] })],
    ["SPKI DER of RSA", rsa.publicKey.export({ type: "spki", format: "der" })],
    ["PKCS#1 DER of RSA", rsa.publicKey.export({ type: "pkcs1", format: "der" })],
    ["PKCS#8 DER of RSA", rsa.privateKey.export({ type: "pkcs8", format: "der" })],
    ["SPKI DER of Ed25519", ed25519.publicKey.export({ type: "spki", format: "der" })],
  ];

  it.each(material)("refuses %s", (_, secret) => {
    expect(failure(() => secretKey(secret))).toEqual(OTHER_KIND);
    expect(failure(() => secretKey(secret, { allowShortSecret: true }))).toEqual(OTHER_KIND);
  });

  it("and says what to use", () => {
    expect(thrownBy(() => secretKey(spkiPem))).toMatchObject({
      hint: "use publicKey() or privateKey() for PEM, DER and JWK",
    });
  });

  it.each([
    ["text about a key", `a secret that ends with -----BEGIN PUBLIC KEY----- ${LONG}`],
    ["text that starts like an SSH key", `ssh-rsa ${LONG}`],
    ["JSON that is no key", `{"secret":"${LONG}"}`],
    ["bytes that start like a SEQUENCE of another length", Uint8Array.from({ length: 34 }, (_, i) => (i === 0 ? 0x30 : 0x21))],
    ["a SEQUENCE of an OCTET STRING", Uint8Array.from({ length: 34 }, (_, i) => [0x30, 0x20, 0x04][i] ?? 1)],
  ])("takes %s", (_, secret) => {
    expect(secretKey(secret).secret()).toEqual(typeof secret === "string" ? utf8(secret) : secret);
  });
});

describe("options", () => {
  it("name one of three algorithms", () => {
    for (const alg of ["none", "RS256", "hs256", "", null, ["HS256"], "toString", "__proto__"]) {
      expect(failure(() => secretKey(LONG, { alg } as unknown as SecretKeyOptions))).toEqual(
        badValue('"options.alg" must be HS256, HS384 or HS512'),
      );
    }
    expect(secretKey(LONG, { alg: undefined } as unknown as SecretKeyOptions).algorithm.name).toBe("HS256");
  });

  it("are an object", () => {
    for (const options of [null, "HS256", 5]) {
      expect(failure(() => secretKey(LONG, options as unknown as SecretKeyOptions))).toEqual(
        badType('"options" must be an object'),
      );
    }
  });
});

describe("the key", () => {
  it("imports once and keeps the CryptoKey, never its promise", async () => {
    const key = secretKey(LONG);
    const first = key.cryptoKey(crypto.subtle);
    expect(first).toBeInstanceOf(Promise);
    const imported = await first;
    expect(key.cryptoKey({} as SubtleCrypto)).toBe(imported);
    const mac = await crypto.subtle.sign("HMAC", imported, utf8("data"));
    expect(Buffer.from(mac)).toEqual(createHmac("sha256", LONG).update("data").digest());
  });

  it("tries again after an import that failed", async () => {
    const key = secretKey(LONG);
    const failing = { importKey: () => Promise.reject(new Error("busy")) } as unknown as SubtleCrypto;
    await expect(key.cryptoKey(failing)).rejects.toThrow("busy");
    expect((await key.cryptoKey(crypto.subtle)).type).toBe("secret");
  });

  it("shows its secret nowhere", async () => {
    const key = secretKey(LONG);
    await key.cryptoKey(crypto.subtle);
    const bytes = utf8(LONG).join(",");
    for (const text of [JSON.stringify(key), inspect(key, { depth: null, showHidden: true }), String(key)]) {
      expect(text).not.toContain(LONG);
      expect(text).not.toContain(bytes.slice(0, 20));
      expect(text).not.toContain("30 31 32 33");
    }
    expect(Reflect.ownKeys(key).sort()).toEqual(["algorithm", "type"]);
  });
});
