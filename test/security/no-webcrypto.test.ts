import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import { expect, it, vi } from "vitest";
import { runBundled } from "../support/bundle.ts";
import { SECRET } from "../support/token.ts";

vi.setConfig({ testTimeout: 120_000 });

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const WITHOUT_WEBCRYPTO = `
  delete globalThis.crypto;
  if (globalThis.crypto !== undefined) throw new Error("crypto is still there");
`;
const WITHOUT_NATIVE = `
  process.getBuiltinModule = undefined;
`;

interface Answers {
  engines: [web: string, sync: string];
  token: string;
  claims: unknown;
  sync: string;
  syncClaims: unknown;
  tampered: string[];
  qsh: string;
  streamed: string;
  refused: Record<string, string>;
}

/** The main doors, in a process that lacks what is taken from it before anything is loaded. */
const source = `
  import { CanonicalRequestBuilder, privateKey, publicKey, qsh, secretKey, signJwt, verifyJwt } from "./src/index.ts";
  import { signJwtSync, syncEngine, verifyJwtSync } from "./src/sync.ts";
  import { webEngine } from "./src/crypto/engine.ts";

  const secret = ${JSON.stringify(SECRET)};
  const key = secretKey(secret);
  const code = async (run: () => unknown) => {
    try {
      await run();
      return "resolved";
    } catch (error) {
      return error.name + " " + error.code + " " + error.message + " " + error.feature;
    }
  };
  const token = await signJwt({ iss: "app" }, key, { lifetime: 60 });
  const sync = signJwtSync({ iss: "app" }, key, { lifetime: 60 });
  const broken = token.slice(0, -2) + (token.endsWith("AA") ? "BA" : "AA");
  const builder = new CanonicalRequestBuilder("POST", "/a?c=d");
  await builder.appendForm(new TextEncoder().encode("a=%20b"));
  const hs384 = secretKey(secret, { alg: "HS384" });
  const hs512 = secretKey(secret, { alg: "HS512" });
  const signing = privateKey(${JSON.stringify(pair.privateKey)});
  const verifying = publicKey(${JSON.stringify(pair.publicKey)});
  const unsigned = (alg: string) => btoa(JSON.stringify({ alg })).replaceAll("=", "") + ".e30.AAAA";
  answer({
    engines: [webEngine.name, syncEngine.name],
    token,
    claims: (await verifyJwt(token, key)).claims,
    sync,
    syncClaims: verifyJwtSync(sync, key).claims,
    tampered: [await code(() => verifyJwt(broken, key)), await code(() => verifyJwtSync(broken, key))],
    qsh: qsh({ method: "GET", url: "/a?b=c" }),
    streamed: builder.qsh(),
    refused: {
      "sign HS384": await code(() => signJwt({}, hs384, { lifetime: 1 })),
      "sign HS512": await code(() => signJwt({}, hs512, { lifetime: 1 })),
      "sign RS256": await code(() => signJwt({}, signing, { lifetime: 1 })),
      "verify HS384": await code(() => verifyJwt(unsigned("HS384"), hs384)),
      "verify RS256": await code(() => verifyJwt(unsigned("RS256"), verifying)),
    },
  });
`;

function isSealed(token: string): boolean {
  const at = token.lastIndexOf(".");
  return createHmac("sha256", SECRET).update(token.slice(0, at)).digest("base64url") === token.slice(at + 1);
}

it.each([
  ["without crypto.subtle", WITHOUT_WEBCRYPTO, ["noble", "native"]],
  ["without crypto.subtle and without native crypto", WITHOUT_WEBCRYPTO + WITHOUT_NATIVE, ["noble", "noble"]],
])("HS256 and QSH work %s; the rest says what it lacks", async (_, before, engines) => {
  const answers = await runBundled<Answers>({ before, source });
  expect(answers.engines).toEqual(engines);

  expect(isSealed(answers.token)).toBe(true);
  expect(isSealed(answers.sync)).toBe(true);
  expect(answers.claims).toMatchObject({ iss: "app" });
  expect(answers.syncClaims).toMatchObject({ iss: "app" });
  expect(answers.tampered).toEqual(
    Array.from({ length: 2 }, () => "TokenError ERR_TOKEN_SIGNATURE signature does not verify undefined"),
  );

  expect(answers.qsh).toBe(createHash("sha256").update("GET&/a&b=c").digest("hex"));
  expect(answers.streamed).toBe(createHash("sha256").update("POST&/a&a=%20b&c=d").digest("hex"));

  const missing = "UnsupportedError ERR_UNSUPPORTED_RUNTIME crypto.subtle is missing in this runtime crypto.subtle";
  expect(answers.refused).toEqual({
    "sign HS384": missing,
    "sign HS512": missing,
    "sign RS256": missing,
    "verify HS384": missing,
    "verify RS256": missing,
  });
});
