import { describe, expect, it } from "vitest";
import {
  checkAlgorithm,
  checkHeader,
  joinSigningInput,
  MAX_TOKEN_LENGTH,
  parseCompact,
  parsePayload,
  sealCompact,
} from "../../../src/jws/compact.ts";
import type { JwsHeader } from "../../../src/jws/compact.ts";
import { failure, thrownBy } from "../../support/failure.ts";
import { segment } from "../../support/token.ts";

const malformed = (message: string) => ({ name: "TokenError", code: "ERR_TOKEN_MALFORMED", message });
const refused = (message: string) => ({ name: "TokenError", code: "ERR_TOKEN_HEADER", message });
const SEGMENTS = malformed("token must have three segments");
const HEADER = malformed("token header must be a base64url JSON object");
const SIGNATURE = malformed("token signature must be canonical base64url");
const PAYLOAD = malformed("token payload must be a base64url JSON object");
const HEAD = segment('{"alg":"HS256"}');

describe("parseCompact", () => {
  it("keeps the received characters as the signing input", () => {
    const header = segment(' {"alg" : "HS256"} ');
    expect(parseCompact(`${header}.e30.AQID`)).toMatchObject({
      header: { alg: "HS256" },
      payload: "e30",
      signingInput: `${header}.e30`,
      signature: new Uint8Array([1, 2, 3]),
    });
  });

  it("takes an empty signature, which then does not verify", () => {
    expect(parseCompact(`${HEAD}.e30.`).signature).toHaveLength(0);
  });

  it.each([
    ["nothing", ""],
    ["one segment", HEAD],
    ["two segments", `${HEAD}.e30`],
    ["four segments", `${HEAD}.e30.AQID.`],
    ["five segments, as a JWE has", `${HEAD}.e30.AQID.AQID.AQID`],
    ["no header", ".e30.AQID"],
    ["no payload, as when it is detached", `${HEAD}..AQID`],
    ["dots alone", ".."],
  ])("refuses %s", (_, token) => {
    expect(failure(() => parseCompact(token))).toEqual(SEGMENTS);
  });

  it.each([
    ["white space before it", ` ${HEAD}.e30.AQID`],
    ["a scheme before it", `JWT ${HEAD}.e30.AQID`],
    ["JSON serialisation", `{"protected":"${HEAD}.","payload":"e30.","signature":"AQID"}`],
    ["a header that is no object", "W10.e30.AQID"],
    ["a header with padding", "e30=.e30.AQID"],
  ])("refuses %s", (_, token) => {
    expect(failure(() => parseCompact(token))).toEqual(HEADER);
  });

  it.each(["AQI=", "AQ+/", "AQID\n", "AQID ", "A", "AR", "AQJ"])("refuses the signature %j", (signature) => {
    expect(failure(() => parseCompact(`${HEAD}.e30.${signature}`))).toEqual(SIGNATURE);
  });

  it("refuses what is no primitive string", () => {
    const token = `${HEAD}.e30.AQID`;
    // oxlint-disable-next-line no-new-wrappers, unicorn/new-for-builtins
    const others = [undefined, null, 1, [token], new String(token), { toString: () => token }, Buffer.from(token)];
    for (const value of others) expect(failure(() => parseCompact(value))).toEqual(malformed("token must be a string"));
  });

  it("measures before it looks", () => {
    const token = `${HEAD}.e30.${"A".repeat(MAX_TOKEN_LENGTH - HEAD.length - 5)}`;
    expect(token).toHaveLength(16384);
    expect(parseCompact(token).header.alg).toBe("HS256");
    const tooLarge = { name: "TokenError", code: "ERR_TOKEN_TOO_LARGE", message: 'token is longer than "maxTokenLength"' };
    expect(failure(() => parseCompact(`${token}A`))).toEqual(tooLarge);
    expect(failure(() => parseCompact(".".repeat(16385)))).toEqual(tooLarge);
    expect(failure(() => parseCompact("...", 2))).toEqual(tooLarge);
    expect(failure(() => parseCompact("...", 3))).toEqual(SEGMENTS);
  });
});

describe("parsePayload", () => {
  const payload = (text: string) => parsePayload(parseCompact(`${HEAD}.${text}.`));

  it("reads an object", () => {
    expect(payload(segment('{"iss":"a"}'))).toEqual({ iss: "a" });
  });

  it.each(["bnVsbA", "W10", "IiI", "e30=", "e3", "%7B%7D", segment('{"a":1,"a":2}')])("refuses %j", (text) => {
    expect(failure(() => payload(text))).toEqual(PAYLOAD);
  });
});

describe("checkHeader", () => {
  it.each(["crit", "b64", "jwk", "jku", "x5u", "x5c", "enc", "zip"])("refuses %s, whatever its value", (name) => {
    for (const value of [null, [], "", false, true, "https://example.com", ["exp"], {}]) {
      expect(failure(() => checkHeader({ alg: "HS256", [name]: value }))).toEqual(
        refused(`"${name}" header parameter is not accepted`),
      );
    }
  });

  it("ignores what it does not know, and what a prototype brings", () => {
    expect(checkHeader({ alg: "HS256", zz: { crit: 1 }, x5t: "a", cty: "b" })).toBeUndefined();
    expect(checkHeader(Object.create({ crit: [], typ: "at+jwt", kid: 1 }) as JwsHeader)).toBeUndefined();
  });

  it.each(["JWT", "jwt", "Jwt", "application/jwt", "APPLICATION/JWT"])("takes typ %j", (typ) => {
    expect(checkHeader({ typ })).toBeUndefined();
  });

  it.each(["at+jwt", "", "JWS", "jwt ", "application/", "text/jwt", "application/application/jwt", null, 1, ["JWT"], {}])(
    "refuses typ %j",
    (typ) => {
      expect(failure(() => checkHeader({ typ } as JwsHeader))).toEqual(
        refused('"typ" header parameter is not the expected one'),
      );
    },
  );

  it("asks for the typ that it was told, which must then be there", () => {
    for (const typ of ["secevent+jwt", "SECEVENT+JWT", "application/secevent+jwt"]) {
      expect(checkHeader({ typ }, "secevent+jwt")).toBeUndefined();
      expect(checkHeader({ typ: "secevent+jwt" }, typ)).toBeUndefined();
    }
    for (const header of [{}, { typ: "JWT" }, { typ: "secevent" }, { typ: null }]) {
      expect(failure(() => checkHeader(header as JwsHeader, "secevent+jwt"))).toEqual(
        refused('"typ" header parameter is not the expected one'),
      );
    }
    expect(failure(() => checkHeader({}, "JWT"))).toEqual(refused('"typ" header parameter is not the expected one'));
  });

  it("wants kid to be well-formed text, where there is one", () => {
    for (const kid of ["a", "", "install/1", "\u5bae\u{1f600}"]) expect(checkHeader({ kid })).toBeUndefined();
    for (const kid of [null, 1, ["a"], {}, "\ud800", "a\udc00b"]) {
      expect(failure(() => checkHeader({ kid } as JwsHeader))).toEqual({
        name: "KeyError",
        code: "ERR_KEY_ID",
        message: '"kid" header parameter must be a well-formed string',
      });
    }
  });
});

describe("checkAlgorithm", () => {
  const wrong = {
    name: "TokenError",
    code: "ERR_TOKEN_ALGORITHM",
    message: '"alg" header parameter is not the algorithm of the key',
  };

  it("compares exactly", () => {
    expect(checkAlgorithm({ alg: "HS256" }, "HS256")).toBeUndefined();
    for (const alg of ["none", "hs256", "HS256 ", "HS256\0", "HS512", "RS256", "", null, ["HS256"], "__proto__"]) {
      expect(failure(() => checkAlgorithm({ alg } as JwsHeader, "HS256"))).toEqual(wrong);
    }
    expect(failure(() => checkAlgorithm({}, "HS256"))).toEqual(wrong);
  });

  it("reads no alg off a prototype", () => {
    expect(failure(() => checkAlgorithm(Object.create({ alg: "HS256" }) as JwsHeader, "HS256"))).toEqual(wrong);
  });
});

it("joins and seals", () => {
  const input = joinSigningInput({ alg: "HS256" }, '{"a":"\u5bae"}');
  expect(input).toBe(`${HEAD}.${segment('{"a":"\u5bae"}')}`);
  expect(sealCompact(input, new Uint8Array([1, 2, 3]))).toBe(`${input}.AQID`);
});

it("a kid that is none is the fault of whoever sent it", () => {
  expect(thrownBy(() => checkHeader({ kid: 1 } as unknown as JwsHeader))).toMatchObject({ remote: true });
});

it("application/ is implied at the beginning of typ, and nowhere else", () => {
  for (const typ of ["x-application/jwt", "japplication/wt", "application/application/jwt"]) {
    expect(failure(() => checkHeader({ typ }))).toEqual(refused('"typ" header parameter is not the expected one'));
  }
});

it.each([
  [{ typ: "JWT", alg: "HS256" }],
  [{ typ: "JWT", alg: "RS256" }],
  [{ typ: "JWT", alg: "HS512" }],
  [{ typ: "at+jwt", alg: "HS256" }],
  [{ typ: "JWT", alg: "HS256", kid: "1" }],
  [{ typ: "JWT", alg: "HS256", kid: "" }],
])("a signing input says %j, and nothing else", (header) => {
  for (const payload of ["{}", '{"é":1}']) {
    expect(joinSigningInput(header, payload)).toBe(`${segment(JSON.stringify(header))}.${segment(payload)}`);
  }
});
