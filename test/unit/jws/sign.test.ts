import { createHmac, generateKeyPairSync, verify } from "node:crypto";
import { expect, it } from "vitest";
import { syncEngine } from "../../../src/crypto/engine.ts";
import { secretKey } from "../../../src/crypto/keys.ts";
import { privateKey } from "../../../src/crypto/rsa-keys.ts";
import { signJws } from "../../../src/jws/sign.ts";
import { segment, SECRET } from "../../support/token.ts";

const INPUT = `${segment('{"alg":"HS256"}')}.e30`;

it.each([
  ["HS256", "sha256"],
  ["HS384", "sha384"],
  ["HS512", "sha512"],
] as const)("signs with %s as node does", async (alg, hash) => {
  const mac = createHmac(hash, SECRET).update(INPUT).digest("base64url");
  await expect(signJws(INPUT, secretKey(SECRET, { alg }))).resolves.toBe(`${INPUT}.${mac}`);
});

it("signs with RS256 so that node verifies it", async () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const token = await signJws(INPUT, privateKey(pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString()));
  expect(token.startsWith(`${INPUT}.`)).toBe(true);
  const signature = Buffer.from(token.slice(INPUT.length + 1), "base64url");
  expect(verify("sha256", Buffer.from(INPUT), pair.publicKey, signature)).toBe(true);
});

it("signs on the engine that it is handed", async () => {
  const mac = createHmac("sha256", SECRET).update(INPUT).digest("base64url");
  await expect(signJws(INPUT, secretKey(SECRET), syncEngine)).resolves.toBe(`${INPUT}.${mac}`);
});

it("an engine signs for secrets, and is not asked for RSA keys", async () => {
  const asked: string[] = [];
  const engine = {
    name: "told",
    sign: ({ type }: { type: string }) => {
      asked.push(type);
      return new Uint8Array([1, 2, 3]);
    },
    verify: () => false,
  };
  expect(await signJws(INPUT, secretKey(SECRET), engine)).toBe(`${INPUT}.AQID`);
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey(pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  expect(await signJws(INPUT, key, engine)).not.toBe(`${INPUT}.AQID`);
  expect(asked).toEqual(["secret"]);
});
