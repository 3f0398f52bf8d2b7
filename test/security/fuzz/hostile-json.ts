/**
 * JSON that is nearly right, as headers and payloads are: names twice, escapes, depths, numbers and texts at the edge of
 * what is allowed, and now and then beyond.
 */
import * as fc from "fast-check";
import { NOW } from "../../support/token.ts";

/** Mostly the one, now and then the other. */
export function mostly<T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

const space = fc.oneof(
  { weight: 40, arbitrary: fc.constant("") },
  { weight: 8, arbitrary: fc.constantFrom(" ", "\n", "\t\r\n ") },
  { weight: 1, arbitrary: fc.constantFrom("\u00a0", "\v", "\ufeff", "\u2028", "\u0000", "\f") },
);

const HEADER_MEMBERS: readonly string[] = [
  '"typ":"JWT"',
  '"typ":"jwt"',
  '"typ":"application/JWT"',
  '"cty":"x"',
  '"x":1',
  '"kid":"1"',
  '"kid":""',
  '"kid":"\\u00e9"',
  '"constructor":{}',
  '"é":"\\""',
  '"ALG":"none"',
  '"\\u0061":[]',
  '"kids":{"kid":1}',
  '"y":"alg\\":"',
  '"toString":null',
];

const ODD_HEADER_MEMBERS: readonly string[] = [
  '"alg":"none"',
  '"alg":"hs256"',
  '"alg":"HS256 "',
  '"alg":["HS256"]',
  '"alg":null',
  '"alg":"HS512"',
  '"\\u0061lg":"HS256"',
  '"typ":"at+jwt"',
  '"typ":1',
  '"typ":null',
  '"typ":""',
  '"typ":"JWT\\u0000"',
  '"typ":"application/application/jwt"',
  '"kid":null',
  '"kid":1',
  '"kid":"\\ud800"',
  '"kid":"\\ud83d\\ude00"',
  '"kid":"\\ude00\\ud83d"',
  '"crit":[]',
  '"crit":["exp"]',
  '"b64":true',
  '"b64":false',
  '"jwk":{}',
  '"jku":""',
  '"x5u":null',
  '"x5c":[]',
  '"enc":""',
  '"zip":"DEF"',
  '"cri\\u0074":null',
  '"__proto__":{"alg":"HS256"}',
  '"__pro\\u0074o__":null',
  '"x":{"x":1,"x":1}',
  '"x":1,"x":1',
];

const ALGORITHM = fc.constantFrom(
  '"alg":"HS256"',
  '"alg":"HS256"',
  '"alg":"HS\\u003256"',
  '"al\\u0067":"HS256"',
  '"alg" :\n"HS256"',
);

/** The headers of most tokens, which a fast way may know by heart. */
export const usualHeader: fc.Arbitrary<string> = fc.constantFrom(
  '{"typ":"JWT","alg":"HS256"}',
  '{"alg":"HS256","typ":"JWT"}',
  '{"alg":"HS256"}',
);

/** Headers of every kind. */
export const oddHeader: fc.Arbitrary<string> = fc
  .tuple(
    mostly<readonly string[]>(ALGORITHM.map((alg) => [alg]), fc.constant([]), 12),
    fc.uniqueArray(fc.constantFrom(...HEADER_MEMBERS), { maxLength: 3, selector: (member) => member.split(":")[0] }),
    mostly<readonly string[]>(fc.constant([]), fc.constantFrom(...ODD_HEADER_MEMBERS).map((member) => [member]), 3),
    space,
    fc.nat(3),
  )
  .map(([alg, members, odd, blank, turn]) => {
    const all: string[] = [...alg, ...members, ...odd];
    const from = turn % (all.length || 1);
    return `${blank}{${blank}${[...all.slice(from), ...all.slice(0, from)].join(`${blank},`)}}`;
  });

const NAMES: readonly string[] = [
  '"a"',
  '"b"',
  '""',
  '"0"',
  '"1"',
  '"a\\""',
  '"a\\\\"',
  '"\\\\\\""',
  '"constructor"',
  '"toString"',
  '"hasOwnProperty"',
  '"é"',
  '"😀"',
  '"\\u0062c"',
  '"a:b"',
  '"\\":"',
  '"{"',
  '"context"',
  '"\\ud800"',
  '"length"',
  '"\u2028"',
  '"\\/"',
];
const CLAIMS: readonly string[] = [
  '"iss":"tenant"',
  '"iss":"\\u00e9"',
  '"sub":""',
  '"sub":"😀"',
  '"aud":"a"',
  '"aud":["a","b"]',
  '"aud":[]',
  '"jti":"1"',
  '"qsh":"context-qsh"',
  `"nbf":${NOW}`,
  `"iat":${NOW}.5`,
  `"iat":${NOW + 29}`,
  '"nbf":0',
  '"iat":1e9',
  '"nbf":-0',
  '"iat":0.1e-400',
];
const ODD_CLAIMS: readonly string[] = [
  '"iss":""',
  '"iss":1',
  '"iss":null',
  '"iss":"\\ud800"',
  '"sub":{}',
  '"sub":"\\udc00a"',
  '"aud":[["a"]]',
  '"aud":["\\ud800"]',
  '"aud":null',
  '"jti":1',
  '"qsh":[]',
  `"nbf":${NOW + 31}`,
  `"iat":${NOW + 31}`,
  '"nbf":"1"',
  '"iat":1e400',
  '"iat":-1',
  '"nbf":-1e-9',
  '"iat":253402300800',
  `"exp":${NOW + 60}`,
  '"__proto__":{}',
  '"__proto__":1',
  '"\\u005f_proto__":{"exp":1}',
  '"__proto_\\u005f":null',
];
const SCALARS: readonly string[] = [
  "0",
  "-0",
  "1",
  "1e400",
  "-1e400",
  "1e-400",
  "1E5",
  "1.5e+3",
  "9007199254740993",
  "0.1",
  "true",
  "false",
  "null",
  '""',
  '"a"',
  '"\\""',
  '"\\\\"',
  '"\\\\\\""',
  '"\\\\\\\\"',
  '"a\\":1"',
  '"\\",\\"b\\":1"',
  '"a:b"',
  '":"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ud83d\\ude00"',
  '"😀"',
  '"é"',
  '"\u2028\u2029"',
  '"\\/\\b\\f"',
  '"\u007f"',
  '"\ufeff"',
  '"{\\"a\\":1,\\"a\\":2}"',
  '"__proto__"',
  '"\ufffd"',
  '"\uffff"',
  '"\\u0022:"',
];
const BROKEN: readonly string[] = [
  "01",
  ".5",
  "1.",
  "+1",
  "0x1",
  "1e",
  "-",
  "NaN",
  "Infinity",
  "undefined",
  '"\\x41"',
  '"\\u12"',
  '"\\u 123"',
  '"\n"',
  '"\t"',
  '"\u0000"',
  "'a'",
  '"',
  '"\\"',
  "[1,]",
  "[,]",
  "{,}",
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  "{a:1}",
  "[",
  "}",
  "[1 2]",
  '"a""b"',
  "tru",
  "True",
  "//",
  "/**/1",
  '"\\',
  "",
];
const TWICE: readonly string[] = [
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":1}',
  '{"":1,"":1}',
  '{"a\\"":1,"a\\"":1}',
  '{"é":1,"\\u00e9":1}',
  '{"a":{"b":1},"a":{"c":1}}',
  '[{"a":1,"a":1}]',
  '{"__proto__":1}',
  '{"a":{"__proto__":{}}}',
  '{"\\u005f\\u005fproto__":[]}',
  '{"0":1,"1":2,"0":3}',
  '{"a":1,"b":":","a":2}',
];

/** So many containers within each other, of both kinds. */
function nest(depth: number, pattern: number, core: string): string {
  let text = core;
  for (let i = 0; i < depth; i++) text = (pattern >> i % 7) & 1 ? `[${text}]` : `{"d":${text}}`;
  return text;
}

const { value } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 20, arbitrary: fc.constantFrom(...SCALARS) },
    { weight: 3, arbitrary: tie("array") },
    { weight: 3, arbitrary: tie("object") },
  ),
  array: fc.tuple(fc.array(tie("value"), { maxLength: 4 }), space).map(([items, blank]) =>
    `[${blank}${items.join(`${blank},`)}]`
  ),
  object: fc
    .tuple(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie("value")), { maxLength: 4, selector: ([name]) => name }),
      space,
    )
    .map(([members, blank]) =>
      `{${members.map(([name, member]) => `${name}${blank}:${blank}${member}`).join(`,${blank}`)}}`
    ),
}));

const deep = fc.tuple(fc.integer({ min: 28, max: 34 }), fc.nat(127), fc.constantFrom("1", '"d"', "{}", "[]", '{"d":1}'))
  .map(([depth, pattern, core]) => nest(depth, pattern, core));
/** Around every size at which a way of reading may change. */
const long = fc
  .tuple(
    fc.constantFrom(3000, 4040, 4096, 6100, 8192, 11_900, 12_200),
    fc.nat(64),
    fc.constantFrom("", "é", "\\u0061", "😀", '\\"'),
  )
  .map(([size, more, tail]) => `"${"x".repeat(size + more)}${tail}"`);
const anyMember = fc.oneof(
  { weight: 30, arbitrary: value },
  { weight: 2, arbitrary: deep },
  { weight: 1, arbitrary: long },
  { weight: 1, arbitrary: fc.constantFrom(...BROKEN) },
  { weight: 2, arbitrary: fc.constantFrom(...TWICE) },
);

const expiry = mostly(
  fc.constantFrom(
    `"exp":${NOW + 60}`,
    `"exp":${NOW - 29}`,
    `"exp":${NOW + 60}.25`,
    '"exp":253402300799',
    `"e\\u0078p":${NOW + 9}`,
    '"exp" : 1.9e9',
  ),
  fc.constantFrom(
    '"exp":0',
    `"exp":${NOW - 30}`,
    '"exp":1e400',
    '"exp":-1',
    '"exp":"1900000000"',
    '"exp":null',
    '"exp":253402300800',
    '"x":1',
    `"exp":[${NOW}]`,
  ),
  12,
);

/**
 * Payloads that are mostly good claims.
 *
 * @param always members that each of them has
 */
export const payloadText = (always: readonly string[] = []): fc.Arbitrary<string> => {
  const isFree = (member: string): boolean => !always.some((one) => one.split(":")[0] === member.split(":")[0]);
  return fc.tuple(
    expiry,
    fc.uniqueArray(fc.constantFrom(...CLAIMS.filter(isFree)), {
      maxLength: 3,
      selector: (member) => member.split(":")[0],
    }),
    mostly<readonly string[]>(fc.constant([]), fc.constantFrom(...ODD_CLAIMS).map((member) => [member]), 8),
    fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), anyMember), { maxLength: 3, selector: ([name]) => name }),
    space,
    fc.nat(7),
    mostly(
      fc.constant<readonly [string, string]>(["", ""]),
      fc.constantFrom<readonly [string, string]>(["\ufeff", ""], [" ", "\n"], ["", "{}"], ["", ","], ["[", "]"], [
        "",
        "\u0000",
      ], ["", "x"]),
      24,
    ),
  )
    .map(([exp, claims, odd, members, blank, turn, [before, behind]]) => {
      const all: string[] = [
        exp,
        ...always,
        ...claims,
        ...odd,
        ...members.map(([name, member]) => `${name}:${member}`),
      ];
      const from = turn % all.length;
      return `${before}{${blank}${[...all.slice(from), ...all.slice(0, from)].join(`,${blank}`)}${blank}}${behind}`;
    });
};

/** JSON texts, right and wrong, as payloads are. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(payloadText(), oddHeader, anyMember);
