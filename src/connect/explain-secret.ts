/**
 * Which misuse of a secret makes a signature that the secret itself does not verify.
 */
import type { SecretKey } from "../crypto/keys.ts";
import { secretKey } from "../crypto/keys.ts";
import type { HmacName } from "../crypto/algorithms.ts";
import { encode, tryDecode } from "../encoding/base64url.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import { AuthError } from "../errors.ts";
import type { CompactJws } from "../jws/compact.ts";
import { verifyJws } from "../jws/verify.ts";
import type { TokenFindingCode } from "./explain-findings.ts";

/** What is known besides the secret. */
export interface SecretClues {
  readonly clientKey?: string | undefined;
  readonly appKey?: string | undefined;
}

/** Whether a secret made this signature; `undefined` when it cannot be used as a key. */
export async function isSignedWith(jws: CompactJws, secret: string | Uint8Array): Promise<boolean | undefined> {
  let key: SecretKey;
  try {
    key = secretKey(secret, { alg: jws.header.alg as HmacName, allowShortSecret: true });
  } catch {
    return undefined;
  }
  try {
    await verifyJws(jws, key);
    return true;
  } catch (error) {
    if (error instanceof AuthError && error.code === "ERR_TOKEN_SIGNATURE") return false;
    throw error;
  }
}

/** The misuse that explains a signature; `undefined` when none that is known does. */
export async function findSecretMisuse(jws: CompactJws, secret: string, clues: SecretClues): Promise<TokenFindingCode | undefined> {
  for (const [code, candidate] of misuses(secret, clues)) {
    if (candidate.length > 0 && (await isSignedWith(jws, candidate)) === true) return code;
  }
  return undefined;
}

function* misuses(secret: string, { clientKey, appKey }: SecretClues): Generator<[TokenFindingCode, string | Uint8Array]> {
  const trimmed = secret.trim();
  if (trimmed !== secret) yield ["secret-has-line-break", trimmed];
  for (const end of ["\n", "\r\n", "\r", " "]) yield ["secret-signed-with-line-break", trimmed + end];
  for (const quote of ['"', "'"]) {
    yield ["secret-quoted", quote + trimmed + quote];
    if (trimmed.startsWith(quote) && trimmed.endsWith(quote)) yield ["secret-quoted", trimmed.slice(1, -1)];
  }
  yield ["secret-base64-decoded", decodeBase64(trimmed)];
  if (/^(?:[0-9a-f]{2})+$/i.test(trimmed)) yield ["secret-hex-decoded", decodeHex(trimmed)];
  const base64url = encode(encodeUtf8(trimmed));
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  for (const text of [base64 + "=".repeat((4 - (base64.length % 4)) % 4), base64, base64url]) yield ["secret-base64-encoded", text];
  if (clientKey !== undefined) yield ["secret-is-client-key", clientKey];
  if (appKey !== undefined) yield ["secret-is-app-key", appKey];
  // A key is filled up with zeros (RFC 2104 section 2): none at all makes the same hash as one of them.
  yield ["secret-empty", new Uint8Array(1)];
}

/** As lax decoders do: either alphabet, padding or none, and spare bits of the last character ignored. */
function decodeBase64(text: string): Uint8Array {
  const plain = text.replaceAll("+", "-").replaceAll("/", "_").replace(/={1,2}$/, "");
  const bytes = tryDecode(plain);
  if (bytes !== undefined) return bytes;
  // Four characters hold three bytes: with an A behind it the last one may have any bits, and its byte is then cut off.
  const spare = plain.length % 4;
  return tryDecode(plain + "A".repeat((4 - spare) % 4))?.subarray(0, Math.floor((plain.length * 3) / 4)) ?? new Uint8Array();
}

function decodeHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
