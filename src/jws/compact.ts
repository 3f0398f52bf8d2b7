/**
 * The compact serialisation (RFC 7515 section 7.1): split and read strictly, before any signature is looked at.
 */
import { encode, encodeText, tryDecode } from "../encoding/base64url.ts";
import { isWellFormed } from "../encoding/utf8.ts";
import { KeyError, TokenError } from "../errors.ts";
import type { JsonObject } from "../types.ts";
import { parseJsonSegment } from "./json.ts";

/** The longest token that is looked at unless told otherwise, in characters. */
export const MAX_TOKEN_LENGTH = 16384;

/** A JOSE header, as far as it is read (RFC 7515 section 4.1). */
export interface JwsHeader extends JsonObject {
  readonly alg?: string;
  readonly typ?: string;
  readonly kid?: string;
}

/** A token in its parts. Nothing in it is proven. */
export interface CompactJws {
  readonly header: JwsHeader;
  /** Whether the header has nothing but an algorithm and the type that a JWT has anyway. */
  readonly isUsual: boolean;
  /** The second segment, still encoded. */
  readonly payload: string;
  /** The received characters that the signature covers (RFC 7515 section 5.2): never made again from what was read. */
  readonly signingInput: string;
  readonly signature: Uint8Array;
}

/** Splits a token and reads its header. */
export function parseCompact(token: unknown, maxLength: number = MAX_TOKEN_LENGTH): CompactJws {
  if (typeof token !== "string") throw new TokenError("ERR_TOKEN_MALFORMED", "token must be a string");
  if (token.length > maxLength) throw new TokenError("ERR_TOKEN_TOO_LARGE", 'token is longer than "maxTokenLength"');
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  if (first < 1 || second <= first + 1 || token.includes(".", second + 1)) {
    throw new TokenError("ERR_TOKEN_MALFORMED", "token must have three segments");
  }
  const segment = token.slice(0, first);
  const usual = readUsualHeader(segment);
  const header = usual ?? parseJsonSegment(segment);
  if (header === undefined) throw new TokenError("ERR_TOKEN_MALFORMED", "token header must be a base64url JSON object");
  const signature = tryDecode(token.slice(second + 1));
  if (signature === undefined) throw new TokenError("ERR_TOKEN_MALFORMED", "token signature must be canonical base64url");
  const payload = token.slice(first + 1, second);
  return { header, isUsual: usual !== undefined, payload, signingInput: token.slice(0, second), signature };
}

let usual: string[] | undefined;

/** The headers of nearly every HS256 token, encoded: as products write it, and as most libraries do. */
function usualHeaders(): string[] {
  return (usual ??= ['{"typ":"JWT","alg":"HS256"}', '{"alg":"HS256","typ":"JWT"}'].map(encodeText));
}

/** Known by sight: to decode and to judge it would take a fifth of a verification. */
export function readUsualHeader(segment: string): JwsHeader | undefined {
  const [typFirst, algFirst] = usualHeaders();
  if (segment === typFirst) return { typ: "JWT", alg: "HS256" };
  return segment === algFirst ? { alg: "HS256", typ: "JWT" } : undefined;
}

/** Reads a payload that must be a JSON object. */
export function parsePayload(jws: CompactJws): JsonObject {
  const payload = parseJsonSegment(jws.payload);
  if (payload === undefined) throw new TokenError("ERR_TOKEN_MALFORMED", "token payload must be a base64url JSON object");
  return payload;
}

/** Members that would let a token bring its own rules or keys. Present is enough, whatever the value. */
const FORBIDDEN = ["crit", "b64", "jwk", "jku", "x5u", "x5c", "enc", "zip"] as const;

/** Checks all of a header but its `alg`, which only a key can judge. */
export function checkHeader(header: JwsHeader, typ?: string): void {
  for (const name of FORBIDDEN) {
    if (Object.hasOwn(header, name)) throw new TokenError("ERR_TOKEN_HEADER", `"${name}" header parameter is not accepted`);
  }
  const given: unknown = Object.hasOwn(header, "typ") ? header.typ : undefined;
  // RFC 8725 section 3.11: a kind that was asked for must be named; otherwise silence is JWT.
  const fits = given === undefined ? typ === undefined : typeof given === "string" && mediaType(given) === mediaType(typ ?? "JWT");
  if (!fits) throw new TokenError("ERR_TOKEN_HEADER", '"typ" header parameter is not the expected one');
  if (Object.hasOwn(header, "kid") && (typeof header.kid !== "string" || !isWellFormed(header.kid))) {
    throw new KeyError("ERR_KEY_ID", '"kid" header parameter must be a well-formed string', { remote: true });
  }
}

/** RFC 7515 section 4.1.9: compared without case, `application/` being implied. */
function mediaType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, "");
}

/** Checks the `alg` against the one algorithm of the key (RFC 8725 section 3.1): compared, never obeyed. */
export function checkAlgorithm(header: JwsHeader, name: string): void {
  if (!Object.hasOwn(header, "alg") || header.alg !== name) {
    throw new TokenError("ERR_TOKEN_ALGORITHM", '"alg" header parameter is not the algorithm of the key');
  }
}

/** The signing input of a header and a payload, which is JSON text. */
export function joinSigningInput(header: JwsHeader, payload: string): string {
  const { typ, alg, kid } = header;
  const isUsual = alg === "HS256" && typ === "JWT" && kid === undefined;
  return `${isUsual ? usualHeaders()[0] : encodeText(JSON.stringify(header))}.${encodeText(payload)}`;
}

/** Puts the signature on. */
export function sealCompact(signingInput: string, signature: Uint8Array): string {
  return `${signingInput}.${encode(signature)}`;
}
