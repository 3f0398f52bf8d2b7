import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { canonicalBytes } from "../../../src/qsh/bytes.ts";
import { standardRules, walk } from "../../../src/qsh/canonical.ts";
import { readTarget } from "../../../src/qsh/request.ts";
import type { QshOptions, QshRequest } from "../../../src/qsh/request.ts";
import vectors from "../../vectors/data/qsh.json" with { type: "json" };

/** The one definition, to which the fast way is held. */
function canonical(request: QshRequest, options?: QshOptions): string {
  const text = [...walk(readTarget(request, options), standardRules)].join("");
  // As UTF-8, which is what is hashed.
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

function fast(request: QshRequest, options?: QshOptions): string {
  return new TextDecoder().decode(canonicalBytes(readTarget(request, options)));
}

test("makes what the generator makes of every vector", () => {
  for (const { method, url, baseUrl } of vectors.vectors) {
    for (const path of ["raw", "decoded"] as const) {
      const options = baseUrl === undefined ? { path } : { path, baseUrl };
      expect(fast({ method, url }, options), url).toBe(canonical({ method, url }, options));
    }
  }
});

/** Pieces of queries that are close to each other: prefixes, doubles, escapes of every kind, whole and broken. */
const pieces = [
  ..."abjwtz019-._~!'()*,;:@/?[]{}|^\\\" <>#$`+%&=",
  "&&", "==", "jwt", "jwt=", "&jwt=x&", "%6Awt", "JWT", "aaaa", "aaaab", "a[b]", "a[]", "__proto__", "constructor",
  "%41", "%2B", "%26", "%3D", "%25", "%7e", "%7E", "%00", "%0a", "%C3%A9", "%e2%82%ac", "%F0%9F%98%80", "%EF%BF%BD", "%EE%80%80",
  "%C3", "%80", "%FF", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%E0%80%80", "%", "%4", "%zz", "%\u0130\u0131", "%4\u0131", "\ud83d", "\ude00", "é", "\ud800", "😀",
];
const query = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(""));

describe("agrees with the generator", () => {
  const property = (text: fc.Arbitrary<string>, runs: number) =>
    fc.assert(
      fc.property(text, text, fc.constantFrom("raw", "decoded"), (first, second, path) => {
        for (const request of [
          { method: "get", url: `/a?${first}` },
          { method: "POST", url: `/a?${first.replaceAll("#", "")}`, form: second },
          { method: "GET", url: `/${first}/${second}` },
        ]) {
          expect(fast(request, { path })).toBe(canonical(request, { path }));
        }
      }),
      { numRuns: runs, seed: 20261121 },
    );

  test("for queries of awkward pieces", () => {
    property(query, 20_000);
  });
  test("for arbitrary text", () => {
    property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.webQueryParameters()), 5_000);
  });
  test("for the values of one name", () => {
    const values = fc.array(fc.array(fc.constantFrom(...pieces.filter((piece) => !piece.includes("&"))), { maxLength: 3 }), { maxLength: 8 });
    property(values.map((list) => list.map((value) => `a=${value.join("")}`).join("&")), 10_000);
  });
  test("for many parameters with names that are alike", () => {
    const name = fc.tuple(fc.constantFrom("", "a", "aaaa", "aaaaaaaa", "fields"), fc.constantFrom(...pieces), fc.nat(30)).map((parts) => parts.join(""));
    const pair = fc.tuple(name, fc.constantFrom(...pieces)).map((parts) => parts.join("="));
    property(fc.array(pair, { minLength: 20, maxLength: 400 }).map((pairs) => pairs.join("&")), 500);
  });
});

test("sorts a hundred thousand parameters as the generator does, in every order they come in", () => {
  const pairs = Array.from({ length: 100_000 }, (_, i) => `p${(i * 7919) % 100_003}=${i % 13}`);
  for (const text of [pairs.join("&"), [...pairs].sort().join("&"), [...pairs, ...pairs.slice(0, 500)].join("&")]) {
    expect(fast({ method: "GET", url: `/a?${text}` })).toBe(canonical({ method: "GET", url: `/a?${text}` }));
  }
});

describe("by example", () => {
  test.each(["jat", "jwx", "xwt", "kwt", "jw", "jwtt", "JWT", "jwt%20", "%6Awt%6A"])("the name %s is not left out", (name) => {
    expect(fast({ method: "GET", url: `/?jwt=1&${name}=2&jwt` })).toBe(`GET&/&${name.replace(/%6A/g, "j")}=2`);
  });

  test("each lead byte, with what may follow and what may not, is read as the platform's decoder reads it", () => {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const escape = (bytes: readonly number[]) => bytes.map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
    for (let lead = 0x80; lead <= 0xff; lead++) {
      for (const second of [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0]) {
        for (const rest of [[], [0x80], [0x80, 0x80], [0xbf, 0x41], [0xc0, 0x80]]) {
          const bytes = [lead, second, ...rest];
          const text = encodeURIComponent(decoder.decode(Uint8Array.from(bytes)));
          expect(fast({ method: "GET", url: `/?v=${escape(bytes)}` }), escape(bytes)).toBe(`GET&/&v=${text}`);
        }
      }
    }
  });

  test("the shortest parameters there are, which are the most for their length", () => {
    const names = [..."zyxwvutsrqponmlkjihgfedcba"];
    const commas = ",".repeat(999);
    const expected = [...names].reverse().map((name) => `${name}=${commas}`).join("&");
    expect(fast({ method: "GET", url: `/?${Array.from({ length: 1000 }, () => names.join("&")).join("&")}` })).toBe(`GET&/&${expected}`);
  });

  // Beyond 2^20 their index no longer fits the sort key.
  test("more than a million parameters", { timeout: 60_000 }, () => {
    const names = Array.from({ length: 2 ** 20 + 3 }, (_, i) => (i + 36 ** 4).toString(36));
    const expected = names.map((name) => `${name}=`).join("&");
    expect(fast({ method: "GET", url: `/?${[...names].reverse().join("&")}` }) === `GET&/&${expected}`).toBe(true);
  });
});

describe("survives an allocation that fails", () => {
  const short = { method: "GET", url: "/x?b=%7e&a=1" };
  const long = { method: "GET", url: `/x?b=${"~*".repeat(4000)}&a=1` };

  /** Runs with typed arrays of which the n-th cannot be made; answers whether it came to that. */
  function failing(n: number, run: () => void): boolean {
    let made = 0;
    const counted = <T extends typeof Uint8Array | typeof Int32Array>(type: T): T =>
      new Proxy(type, {
        construct(target, args: [number]) {
          if (++made === n) throw new RangeError("Array buffer allocation failed");
          return new target(...args);
        },
      });
    vi.stubGlobal("Uint8Array", counted(Uint8Array));
    vi.stubGlobal("Int32Array", counted(Int32Array));
    try {
      run();
      return false;
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      return true;
    } finally {
      vi.unstubAllGlobals();
    }
  }

  test.each([1, 2, 3, 4, 5])("the first one at all, at array %i", async (n) => {
    vi.resetModules();
    const fresh = await import("../../../src/qsh/bytes.ts");
    expect(failing(n, () => fresh.canonicalBytes(readTarget(short)))).toBe(true);
    expect(new TextDecoder().decode(fresh.canonicalBytes(readTarget(short)))).toBe("GET&/x&a=1&b=~");
  });

  test.each([1, 2, 3, 4, 5])("one for a long request, at array %i", async (n) => {
    vi.resetModules();
    const fresh = await import("../../../src/qsh/bytes.ts");
    const made = (request: QshRequest): string => new TextDecoder().decode(fresh.canonicalBytes(readTarget(request)));
    expect(made(short)).toBe(canonical(short));
    expect(failing(n, () => fresh.canonicalBytes(readTarget(long)))).toBe(true);
    expect(made(short)).toBe(canonical(short));
    expect(made(long)).toBe(canonical(long));
  });
});
