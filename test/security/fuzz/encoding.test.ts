/** base64url, UTF-8 and percent-encoding against node's own. */
import * as fc from "fast-check";
import { expect } from "vitest";
import { base64url, encodeText, tryDecodeText } from "../../../src/encoding/base64url.ts";
import { decodeFormText, encodePercent } from "../../../src/encoding/percent.ts";
import {
  decodeLossyPortable,
  decodeStrictPortable,
  decodeUtf8,
  encodePortable,
  encodeUtf8,
} from "../../../src/encoding/utf8.ts";
import { outcomeOf } from "./outcome.ts";
import { fuzz } from "./runner.ts";

/** Short ones, and around every size at which a way of encoding may change. */
const bytes = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 70 }) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom(1022, 3070, 4094, 5460, 6142),
      fc.nat(8),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
    ).map(([size, more, some]) => repeat(some, size + more)),
  },
);
const unit = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(..."aB0-_/+=%& ~\u007f\u0000\n") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "é",
      "€",
      "😀",
      "\ud800",
      "\udc00",
      "\ufeff",
      "\uffff",
      "\u0080",
      "\u07ff",
      "\u0800",
      "\u{10ffff}",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 2 }) },
);
const text = fc.oneof(
  { weight: 20, arbitrary: fc.array(unit, { maxLength: 30 }).map((units) => units.join("")) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(1360, 4090, 5455, 8190), fc.nat(12), unit).map(([size, more, tail]) =>
      "a".repeat(size + more) + tail
    ),
  },
);
/** Near base64url: its alphabet, mostly, with what decoders forgive. */
const near = fc
  .array(
    fc.oneof({ weight: 30, arbitrary: fc.constantFrom(..."ABCDQRSTZabcghwxyz0189-_") }, {
      weight: 1,
      arbitrary: fc.constantFrom("+", "/", "=", " ", "\n", "\t", "é", "\u0141", "\u0000", "%", ".", "\u{10041}"),
    }),
    { maxLength: 24 },
  )
  .map((chars) => chars.join(""));
const broken = fc
  .array(
    fc.constantFrom(
      "41",
      "7f",
      "00",
      "80",
      "bf",
      "c0",
      "c2",
      "c3a9",
      "df",
      "e0",
      "a0",
      "e282ac",
      "e0a080",
      "eda080",
      "ed9fbf",
      "efbbbf",
      "f0",
      "90",
      "9f9880",
      "f09f9880",
      "f48fbfbf",
      "f490",
      "f5",
      "ff",
    ),
    { maxLength: 12 },
  )
  .map((hex) => Buffer.from(hex.join(""), "hex"));

function repeat(some: Uint8Array, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => some[i % some.length] as number);
}

/** As node has it, which forgives: what it writes again in the same way was right. */
function decodeByNode(encoded: string): Buffer | undefined {
  const decoded = Buffer.from(encoded, "base64url");
  return decoded.toString("base64url") === encoded ? decoded : undefined;
}

function strictText(decoded: Uint8Array | undefined): string | undefined {
  try {
    return decoded && new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(decoded);
  } catch {
    return undefined;
  }
}

fuzz("bytes are written in base64url as node writes them, and read again", 1, [bytes], (given) => {
  const encoded = base64url.encode(given);
  expect(encoded).toBe(Buffer.from(given).toString("base64url"));
  expect(Buffer.from(base64url.decode(encoded)).equals(given)).toBe(true);
});

fuzz("base64url is read where node would write it in the same way, and nowhere else", 1, [near], (encoded) => {
  const right = decodeByNode(encoded);
  const outcome = outcomeOf(() => base64url.decode(encoded));
  expect("value" in outcome ? Buffer.from(outcome.value as Uint8Array).toString("hex") : undefined).toBe(
    right?.toString("hex"),
  );
  expect(tryDecodeText(encoded)).toBe(strictText(right));
});

fuzz("text is written as its UTF-8, and read again", 1, [text], (given) => {
  const right = Buffer.from(given, "utf8");
  const encoded = encodeText(given);
  expect(encoded).toBe(right.toString("base64url"));
  expect(tryDecodeText(encoded)).toBe(right.toString("utf8"));
  expect(Buffer.from(encodeUtf8(given)).equals(right)).toBe(true);
  expect(Buffer.from(encodePortable(given)).equals(right)).toBe(true);
});

fuzz("bytes that are not UTF-8 are no text, and U+FFFD where text must be made of them", 1, [broken], (given) => {
  const right = strictText(given);
  expect(tryDecodeText(given.toString("base64url"))).toBe(right);
  expect(decodeUtf8(given)).toBe(right);
  const portable = (): string | undefined => {
    try {
      return decodeStrictPortable(given);
    } catch {
      return undefined;
    }
  };
  expect(portable()).toBe(right);
  expect(decodeLossyPortable(given)).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(given));
});

fuzz("percent-encoding is undone by the platform, and leaves nothing that is reserved", 1, [text], (given) => {
  const right = Buffer.from(given, "utf8").toString("utf8");
  const encoded = encodePercent(given);
  expect(encoded).toMatch(/^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
  expect(encoded.match(/%(?:4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|3[0-9]|2D|2E|5F|7E)/)).toBeNull();
  expect(decodeURIComponent(encoded)).toBe(right);
  expect(decodeFormText(encoded)).toBe(right);
});
