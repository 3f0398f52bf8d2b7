/** The headers that nearly every token has, which a reader may know by sight, and others that it cannot. */
import { describe, expect, it } from "vitest";
import { secretKey } from "../../../src/crypto/keys.ts";
import type { VerifyOptions } from "../../../src/jwt/options.ts";
import { verifyJwtSync } from "../../../src/jwt/sync.ts";
import { verifyJwt } from "../../../src/jwt/verify.ts";
import type { VerifiedJwt } from "../../../src/jwt/verify.ts";
import { rejection } from "../../support/failure.ts";
import { NOW, sealSegments, sealText, SECRET, segment } from "../../support/token.ts";

const key = secretKey(SECRET);
const now = () => NOW;
const payload = `{"iss":"a","exp":${NOW + 60},"é":"\\""}`;

type Verify = (token: string, options?: VerifyOptions) => Promise<VerifiedJwt>;

const doors: readonly (readonly [name: string, verify: Verify])[] = [
  ["verifyJwt", (token, options) => verifyJwt(token, key, { now, ...options })],
  ["verifyJwtSync", async (token, options) => verifyJwtSync(token, key, { now, ...options })],
];
const headers: readonly (readonly [text: string, hasTyp: boolean])[] = [
  ['{"typ":"JWT","alg":"HS256"}', true],
  ['{"alg":"HS256","typ":"JWT"}', true],
  ['{"alg":"HS256"}', false],
  ['{ "alg":"HS256","typ":"JWT"}', true],
  ['{"alg":"HS256","typ":"JWT","kid":"1"}', true],
  ['{"alg":"HS256","typ":"jwt"}', true],
];

describe.each(doors)("%s", (_door, verify) => {
  const code = async (token: string, options?: VerifyOptions): Promise<string | undefined> =>
    (await rejection(verify(token, options))).code;

  describe.each(headers)("under %s", (header, hasTyp) => {
    const token = sealText(header, payload);
    const at = token.lastIndexOf(".") + 1;

    it("reads header and claims as they are written", async () => {
      const read = await verify(token);
      expect(JSON.stringify(read.header)).toBe(JSON.stringify(JSON.parse(header)));
      expect(read.claims).toEqual({ iss: "a", exp: NOW + 60, é: '"' });
    });

    it("hands out what is the caller's own", async () => {
      Object.assign((await verify(token)).header, { alg: "none", x: 1 });
      expect((await verify(token)).header).toEqual(JSON.parse(header));
    });

    it("looks at every character of the signature, and at its length", async () => {
      for (const place of [at, at + 1, at + 20, token.length - 2]) {
        const other = token[place] === "A" ? "B" : "A";
        expect(await code(token.slice(0, place) + other + token.slice(place + 1))).toBe("ERR_TOKEN_SIGNATURE");
      }
      expect(await code(token.slice(0, at))).toBe("ERR_TOKEN_SIGNATURE");
      expect(await code(`${token}AAAA`)).toBe("ERR_TOKEN_SIGNATURE");
      expect(await code(token.slice(0, -1))).toMatch(/^ERR_TOKEN_(?:SIGNATURE|MALFORMED)$/);
      expect(await code(`${token}=`)).toBe("ERR_TOKEN_MALFORMED");
      expect(await code(`${token}.`)).toBe("ERR_TOKEN_MALFORMED");
      expect(await code(`${token}.AAAA`)).toBe("ERR_TOKEN_MALFORMED");
    });

    it("refuses another secret, and two segments", async () => {
      expect(await code(sealText(header, payload, `${SECRET}.`))).toBe("ERR_TOKEN_SIGNATURE");
      expect(await code(token.slice(0, at - 1))).toBe("ERR_TOKEN_MALFORMED");
      expect(await code(segment(header))).toBe("ERR_TOKEN_MALFORMED");
    });

    it.each([
      ["no JSON", segment('{"iss":"a"')],
      ["an array", segment("[]")],
      ["a name twice", segment(`{"exp":${NOW + 60},"exp":${NOW + 60}}`)],
      ["a byte order mark", segment(`\ufeff${payload}`)],
      ["padding", `${segment("{}")}=`],
      ["unused bits", "e31"],
      ["the other alphabet", "e30+"],
      ["nothing", ""],
    ])("refuses a payload that is signed, and is %s", async (_what, body) => {
      expect(await code(sealSegments(segment(header), body))).toBe("ERR_TOKEN_MALFORMED");
    });

    it("asks for the type and the length that the options ask for", async () => {
      expect(await code(token, { typ: "at+jwt" })).toBe("ERR_TOKEN_HEADER");
      if (hasTyp) expect(await verify(token, { typ: "JWT" })).toBeTypeOf("object");
      else expect(await code(token, { typ: "JWT" })).toBe("ERR_TOKEN_HEADER");
      expect(await verify(token, { maxTokenLength: token.length })).toBeTypeOf("object");
      expect(await code(token, { maxTokenLength: token.length - 1 })).toBe("ERR_TOKEN_TOO_LARGE");
    });

    it("takes primitive text alone", async () => {
      for (const other of [undefined, null, 5, {}, [token], Object(token)] as unknown as string[]) {
        expect(await code(other)).toBe("ERR_TOKEN_MALFORMED");
      }
    });

    it("judges the claims", async () => {
      expect(await code(sealText(header, `{"exp":${NOW - 30}}`))).toBe("ERR_TOKEN_EXPIRED");
      expect(await code(sealText(header, '{"iss":"a"}'))).toBe("ERR_CLAIM_MISSING");
      expect(await code(token, { issuer: "b" })).toBe("ERR_CLAIM_MISMATCH");
    });
  });
});

it.each(headers)("another algorithm's key takes nothing under %s", async (header) => {
  const token = sealText(header, payload);
  for (const alg of ["HS384", "HS512"] as const) {
    const other = secretKey(SECRET, { alg });
    expect((await rejection(verifyJwt(token, other, { now }))).code).toBe("ERR_TOKEN_ALGORITHM");
    // Before a word of the synchronous engine: the token is not what the key is for.
    expect((await rejection((async () => verifyJwtSync(token, other, { now }))())).code).toBe("ERR_TOKEN_ALGORITHM");
  }
});
