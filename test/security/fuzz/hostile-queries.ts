/** Queries, forms and paths of the awkward kind. */
import * as fc from "fast-check";

/** Pieces that are close to each other, so that prefixes, doubles and broken escapes come about by themselves. */
const WHOLE = [
  ..."abjwtz019-._~!'()*,;:@/[]{}|^\\\" <>$`+",
  "jwt",
  "JWT",
  "%6Awt",
  "jw%74",
  "%6a%77%74",
  "aaaa",
  "aaaab",
  "aaaaaaaa",
  "a[b]",
  "a[]",
  "fields",
  "__proto__",
  "constructor",
  "%41",
  "%61",
  "%2B",
  "%2b",
  "%26",
  "%3D",
  "%3d",
  "%25",
  "%20",
  "%2C",
  "%7e",
  "%7E",
  "%00",
  "%0a",
  "%7F",
  "%C3%A9",
  "é",
  "%e2%82%ac",
  "€",
  "%F0%9F%98%80",
  "😀",
  "%EF%BF%BD",
  "%EF%BF%BF",
  "%EE%80%80",
  "\ue000",
  "%F0%90%80%80",
  "\u{10000}",
  "%F4%8F%BF%BF",
  "\uffff",
  "%EF%BB%BF",
  "%ED%9F%BF",
] as const;
const BROKEN = [
  "%",
  "%4",
  "%zz",
  "%u0041",
  "%\u0130\u0131",
  "%4\u0131",
  "%%41",
  "%4%31",
  "%C3",
  "%A9",
  "%80",
  "%FF",
  "%C0%80",
  "%C1%BF",
  "%ED%A0%80",
  "%ED%A0%BD%ED%B8%80",
  "%F5%80%80%80",
  "%E0%80%80",
  "%E2%82",
  "%F0%9F%98",
  "%F0%9F",
  "%F8%88%80%80%80",
  "%F4%90%80%80",
  "%E2x%82%AC",
  "%E2%",
  "%E2%8",
  "\ud83d",
  "\ude00",
  "\ud800",
  "\udfff",
  "\ud83d%",
  "%F0%9F%98\u0080",
] as const;
const DELIMITERS = ["&", "=", "&&", "==", "=&", "&=", "&jwt=x&", "&jwt&", "jwt=", "&a=", "&b="] as const;

const wholePiece = fc.constantFrom(...WHOLE);
const anyPiece = fc.oneof({ weight: 3, arbitrary: wholePiece }, { weight: 1, arbitrary: fc.constantFrom(...BROKEN) });
const text = (piece: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(piece, { maxLength }).map((pieces) => pieces.join(""));

/** Any text at all: of pieces, mostly. */
export const hostileQuery: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: text(
      fc.oneof({ weight: 2, arbitrary: anyPiece }, { weight: 1, arbitrary: fc.constantFrom(...DELIMITERS) }),
      24,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.array(text(anyPiece, 3), { maxLength: 12 }).map((values) =>
      values.map((value) => `a=${value}`).join("&")
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.webQueryParameters({ size: "small" }) },
).map((query) => query.replaceAll("#", ""));

/** Without a broken escape or a name that is empty: the servers drop such pairs, and we hash them. */
export const decentQuery: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.array(wholePiece, { minLength: 1, maxLength: 3 }), text(wholePiece, 4), fc.boolean()), {
    maxLength: 12,
  })
  .map((pairs) => pairs.map(([name, value, bare]) => (bare ? name.join("") : `${name.join("")}=${value}`)).join("&"));

export const hostilePath: fc.Arbitrary<string> = text(
  fc.oneof(
    { weight: 3, arbitrary: anyPiece },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        "/",
        "//",
        "/./",
        "/../",
        "&",
        "%26",
        "%2F",
        "%2f",
        "=",
        "+",
        ";x=1",
        "/base",
        "/a/",
        "base",
      ),
    },
  ),
  8,
).map((path) => path.replaceAll(/[?#]/g, ""));

/** A path that every decoder reads alike. */
export const decentPath: fc.Arbitrary<string> = text(
  fc.oneof({ weight: 3, arbitrary: wholePiece }, {
    weight: 2,
    arbitrary: fc.constantFrom("/", "&", "%26", "%2F", "=", "/base", "base"),
  }),
  8,
);

export const basePath: fc.Arbitrary<string> = fc.constantFrom(
  "",
  "/",
  "/base",
  "/base/",
  "/a",
  "/base/a",
  "https://app.example.com",
  "https://app.example.com/base/",
);
export const method: fc.Arbitrary<string> = fc.constantFrom(
  "GET",
  "get",
  "Post",
  "PUT",
  "delete",
  "pıt",
  "ﬁx",
  "M-SEARCH",
);

/** Very many parameters, cheaply: names that begin alike, in every order, some of them more than once. */
export const longQuery: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 23, max: 60 }) }, {
      weight: 2,
      arbitrary: fc.integer({ min: 60, max: 400 }),
    }, { weight: 1, arbitrary: fc.integer({ min: 990, max: 1500 }) }),
    fc.array(
      fc.oneof(
        anyPiece,
        fc.constantFrom("", "a".repeat(63), "a".repeat(64), "a".repeat(65), "a".repeat(70), "%61".repeat(22)),
      ),
      { minLength: 1, maxLength: 4 },
    ),
    fc.array(fc.oneof(anyPiece, fc.constant("")), { minLength: 1, maxLength: 4 }),
    fc.array(fc.oneof(anyPiece, fc.constant("")), { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 3000 }),
    fc.constantFrom(2, 10, 36),
  )
  .map(([count, prefixes, suffixes, values, step, radix]) => {
    const pairs: string[] = [];
    for (let i = 0; i < count; i++) {
      const prefix = prefixes[i % prefixes.length] as string;
      const suffix = suffixes[(i * 7) % suffixes.length] as string;
      pairs.push(
        `${prefix}${((i * step) % 3001).toString(radix)}${suffix}=${values[(i * 5) % values.length] as string}`,
      );
    }
    return pairs.join("&").replaceAll("#", "");
  });
