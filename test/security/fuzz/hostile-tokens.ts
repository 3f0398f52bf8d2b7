/**
 * Tokens that are nearly right: every layer (header, payload, segments, signature, text) is mostly what it should be,
 * and now and then is not. Most are signed with the right secret, so that what is wrong with them is looked at.
 */
import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { SECRET } from "../../support/token.ts";
import { mostly, oddHeader, payloadText, usualHeader } from "./hostile-json.ts";

/** Bytes that are not UTF-8, put somewhere into the text. */
const damage = fc.tuple(
  fc.constantFrom("ff", "80", "c3", "c080", "eda080", "f4908080", "f8", "e280", "f09f98", "efbbbf", "00"),
  fc.nat(),
);

/** One segment's other spellings. */
const spelling = fc.constantFrom<(text: string) => string>(
  (text) => `${text}=`,
  (text) => `${text}==`,
  (text) => `${text}A`,
  (text) => `${text}AA`,
  (text) => `${text}\n`,
  (text) => ` ${text}`,
  (text) => `${text.slice(0, 2)}\t${text.slice(2)}`,
  (text) => text.slice(0, -1),
  (text) => text.slice(1),
  (text) => text.replaceAll("-", "+").replaceAll("_", "/"),
  (text) => `${text.slice(0, -1)}${neighbour(text.slice(-1))}`,
  (text) => `${text.slice(0, -1)}\u0130`,
  (text) => `${text.slice(0, -1)}${String.fromCharCode((text.charCodeAt(text.length - 1) || 65) + 256)}`,
  (text) => `${text}%3D`,
  (text) => `${text}.`,
  () => "",
);

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The next character of the alphabet: with unused bits, the same bytes for a reader that forgives. */
function neighbour(char: string): string {
  return ALPHABET[(ALPHABET.indexOf(char) + 1) % 64] as string;
}

const stay = (text: string): string => text;
const change = mostly(fc.constant(stay), spelling, 30);

type Signer = (input: string) => string;

const mac = (hash: string, secret: string): Signer => (input) =>
  createHmac(hash, secret).update(input).digest("base64url");

const signer = mostly<Signer>(
  fc.constant(mac("sha256", SECRET)),
  fc.constantFrom<Signer>(
    mac("sha256", `${SECRET}.`),
    mac("sha512", SECRET),
    mac("sha384", SECRET),
    mac("sha256", ""),
    (input) => mac("sha256", SECRET)(`${input}.`),
    (input) => mac("sha256", SECRET)(input.replace(/\..*/s, "")),
    (input) => mac("sha256", SECRET)(input).toUpperCase(),
    (input) => mac("sha256", SECRET)(input).slice(0, 22),
    () => "",
    () => "A".repeat(43),
    (input) => mac("sha256", input)(SECRET),
  ),
  20,
);

/** A change of the whole text, at a place. */
const edit = fc.constantFrom<(token: string, at: number) => string>(
  (token, at) => token.slice(0, at),
  (token, at) => token.slice(at),
  (token, at) => token.slice(0, at) + token.slice(at + 1),
  (token, at) => `${token.slice(0, at)}.${token.slice(at)}`,
  (token, at) => token.slice(0, at) + neighbour(token.charAt(at)) + token.slice(at + 1),
  (token, at) => `${token.slice(0, at)}\ud800${token.slice(at)}`,
  (token, at) => token.slice(0, at) + token.slice(at, at + 1).toLowerCase() + token.slice(at + 1),
  (token, at) => token.replaceAll(".", at % 2 === 0 ? ".." : ","),
  (token) => `${token}.${token}`,
  (token) => `JWT ${token}`,
  (token) => `${token} `,
);

/**
 * Nearly right tokens.
 *
 * @param always members that each payload has
 */
export const hostileTokenWith = (always: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof({ weight: 3, arbitrary: usualHeader }, { weight: 2, arbitrary: oddHeader }),
      payloadText(always),
      mostly(fc.constant(undefined), fc.tuple(fc.nat(1), damage), 24),
      fc.tuple(change, change, change),
      signer,
      mostly(fc.constant(undefined), fc.tuple(edit, fc.nat()), 24),
    )
    .map(([header, payload, broken, [changeHeader, changePayload, changeSignature], sign, edited]) => {
      const texts = [header, payload].map((text, index) => {
        const bytes = Buffer.from(text, "utf8");
        if (broken === undefined || broken[0] !== index) return bytes.toString("base64url");
        const [hex, place] = broken[1];
        const at = place % (bytes.length + 1);
        return Buffer.concat([bytes.subarray(0, at), Buffer.from(hex, "hex"), bytes.subarray(at)]).toString(
          "base64url",
        );
      });
      const input = `${changeHeader(texts[0] as string)}.${changePayload(texts[1] as string)}`;
      const token = `${input}.${changeSignature(sign(input))}`;
      return edited === undefined ? token : edited[0](token, edited[1] % (token.length + 1));
    });

/** Nearly right tokens of any kind. */
export const hostileToken: fc.Arbitrary<string> = hostileTokenWith([]);
