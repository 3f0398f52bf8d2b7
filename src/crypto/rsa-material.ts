/**
 * RSA keys as people hold them, PEM text or a JWK, turned into what `importKey` takes in every runtime.
 *
 * What a key is for is decided by who asks: {@link parsePublicKey} takes no private key, {@link parsePrivateKey} no
 * public one. Messages name what is wrong and never the input; hints name the command that mends it.
 */
import { tryDecode } from "../encoding/base64url.ts";
import { decodeBase64, readPem } from "../encoding/pem.ts";
import type { PemBlock } from "../encoding/pem.ts";
import type { KeyError } from "../errors.ts";
import type { JsonWebKeyLike } from "../types.ts";
import { readEncryptedKey, unsupportedEncryption } from "./pbes2.ts";
import type { EncryptedMaterial } from "./pbes2.ts";
import {
  derKind,
  invalidKey,
  multiPrime,
  notRsa,
  privateSize,
  publicSize,
  readPkcs1Private,
  readPkcs1Public,
  readPkcs8,
  readSpki,
} from "./rsa-der.ts";
import type { DerKind, RsaMaterial, RsaPrivateNumbers } from "./rsa-der.ts";

export { checkRsaPolicy } from "./rsa-der.ts";
export type { RsaMaterial } from "./rsa-der.ts";
export type { EncryptedMaterial } from "./pbes2.ts";

/** A 16384-bit private key has 13 KiB; a bag with its certificates still fits. */
const MAX_LENGTH = 65_536;

/** More than `n` of the longest key has. */
const MAX_MEMBER = 4_096;

const PASS_PRIVATE = "pass the file that starts with -----BEGIN PRIVATE KEY-----";

const PUBLIC_MEMBERS = ["kty", "n", "e"] as const;
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi"] as const;
type Member = (typeof PUBLIC_MEMBERS | typeof PRIVATE_MEMBERS)[number] | "use" | "key_ops" | "alg" | "oth";
type Members = Readonly<Partial<Record<Member, unknown>>>;

/**
 * Reads a public key: exactly one block of PEM (or its bare base64), or a public JWK. A PKCS#1 key is wrapped.
 *
 * @throws {KeyError} ERR_KEY_INVALID for anything else: a private key, a certificate, another algorithm, broken text
 */
export function parsePublicKey(material: string | JsonWebKeyLike): RsaMaterial {
  if (typeof material !== "string") return readPublicJwk(ownMembers(material));
  const text = checkText(material);
  const pem = readPem(text);
  if (pem === undefined) throw malformedPem();
  const [block] = pem.blocks;
  if (block === undefined) return readPublicDer(readBareBase64(text));
  const refused = pem.blocks.find(({ label }) => label !== "PUBLIC KEY" && label !== "RSA PUBLIC KEY");
  if (refused !== undefined) throw wrongPublicLabel(refused.label);
  if (pem.blocks.length > 1 || !pem.isAlone) {
    throw invalidKey('key must be exactly one "PEM" block', "leave out whatever stands around it");
  }
  return readPublicDer(blockBytes(block));
}

/**
 * Reads a private key: the one private block of a PEM, whatever stands around it, or its bare base64, or a private JWK.
 * A PKCS#1 key is wrapped. An encrypted one comes back unopened.
 *
 * @throws {KeyError} ERR_KEY_INVALID for anything else: a public key, a certificate, another algorithm, broken text, an
 *   encryption that WebCrypto cannot undo
 */
export function parsePrivateKey(material: string | JsonWebKeyLike): RsaMaterial | EncryptedMaterial {
  if (typeof material !== "string") return readPrivateJwk(ownMembers(material));
  const text = checkText(material);
  const pem = readPem(text);
  if (pem === undefined) throw malformedPem();
  if (pem.blocks.length === 0) return readPrivateDer(readBareBase64(text));
  const keys = pem.blocks.filter(({ label }) => label.endsWith("PRIVATE KEY"));
  const [block] = keys;
  if (block === undefined) throw wrongPrivateLabel(pem.blocks);
  if (keys.length > 1) throw invalidKey("key text holds more than one private key", "pass the one that is meant");
  if (block.hasProcType) throw unsupportedEncryption('key is encrypted by "Proc-Type" headers, which need MD5');
  if (block.label === "OPENSSH PRIVATE KEY") throw openSsh("convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY");
  if (!/^(?:RSA |ENCRYPTED )?PRIVATE KEY$/.test(block.label)) throw notRsa();
  return readPrivateDer(blockBytes(block));
}

// The label says what was meant, the DER what it is: keys with each other's label are common, and no harm.

function readPublicDer(bytes: Uint8Array): RsaMaterial {
  const kind = derKind(bytes);
  if (kind === "spki") return readSpki(bytes);
  if (kind === "pkcs1-public") return readPkcs1Public(bytes);
  throw kind === undefined ? notRsa() : wrongPublicLabel(labelOf(kind));
}

function readPrivateDer(bytes: Uint8Array): RsaMaterial | EncryptedMaterial {
  const kind = derKind(bytes);
  if (kind === "pkcs8") return readPkcs8(bytes);
  if (kind === "pkcs1-private") return readPkcs1Private(bytes);
  if (kind === "encrypted") return readEncryptedKey(bytes);
  throw kind === undefined ? notRsa() : wrongPrivateLabel([{ label: labelOf(kind) }]);
}

function labelOf(kind: DerKind): string {
  if (kind === "certificate") return "CERTIFICATE";
  return kind === "spki" || kind === "pkcs1-public" ? "PUBLIC KEY" : "PRIVATE KEY";
}

function checkText(text: string): string {
  if (text.length > MAX_LENGTH) throw invalidKey(`key is longer than ${MAX_LENGTH} characters`);
  if (/^\s*$/.test(text)) throw invalidKey("key is empty", "is the variable or the file that should hold it set?");
  return text;
}

function blockBytes({ bytes }: PemBlock): Uint8Array {
  if (bytes === undefined) throw malformedPem();
  return bytes;
}

/** Text without `-----BEGIN`: base64 of a DER SEQUENCE, or a mistake that has a name. */
function readBareBase64(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (bytes?.[0] === 0x30) return bytes;
  const trimmed = text.trim();
  if (/^(?:ssh-|ecdsa-)/.test(trimmed)) throw openSsh("convert it: ssh-keygen -e -m PKCS8 -f KEY.pub");
  if (trimmed.startsWith("{")) throw invalidKey('key looks like "JSON" text', "parse it and pass the object");
  // MI is how the base64 of every RSA key starts: that is a key cut off, even when it has a slash.
  if (/^(?!MI)[^\r\n<>]{1,1024}$/.test(trimmed) && /[/\\]|\.[0-9A-Za-z]{1,8}$/.test(trimmed)) {
    throw invalidKey("key looks like a path", "read the file and pass its text");
  }
  throw invalidKey('key is neither "PEM" nor base64 "DER"', "pass the whole text of the key file, from -----BEGIN on");
}

function malformedPem(): KeyError {
  return invalidKey('key is not well-formed "PEM"', "it may be cut off: pass all of it, from -----BEGIN to -----END");
}

function openSsh(hint: string): KeyError {
  return invalidKey('key is in the "OpenSSH" format', hint);
}

function wrongPublicLabel(label: string): KeyError {
  if (label.endsWith("PRIVATE KEY")) {
    return invalidKey("key is a private key where a public one is needed", "extract it: openssl pkey -in KEY -pubout");
  }
  if (label.endsWith("CERTIFICATE")) {
    return invalidKey("key is a certificate, not a public key", "extract it: openssl x509 -in CERT -noout -pubkey");
  }
  return label.endsWith("PUBLIC KEY")
    ? notRsa()
    : invalidKey("key text holds no public key", "pass the file that starts with -----BEGIN PUBLIC KEY-----");
}

function wrongPrivateLabel(blocks: readonly Pick<PemBlock, "label">[]): KeyError {
  if (blocks.some(({ label }) => label.endsWith("PUBLIC KEY"))) {
    return invalidKey("key is a public key where a private one is needed", PASS_PRIVATE);
  }
  if (blocks.some(({ label }) => label.endsWith("CERTIFICATE"))) {
    return invalidKey("key is a certificate, not a private key", "pass the private key that belongs to it");
  }
  return invalidKey("key text holds no private key", PASS_PRIVATE);
}

/** The members that count, read once; what stands on a prototype is no part of a JWK. */
function ownMembers(material: unknown): Members {
  if (typeof material !== "object" || material === null) throw notKeyMaterial();
  const names: readonly Member[] = [...PUBLIC_MEMBERS, ...PRIVATE_MEMBERS, "use", "key_ops", "alg", "oth"];
  const own = names.filter((name) => Object.hasOwn(material, name));
  return Object.fromEntries(own.map((name) => [name, (material as Members)[name]]));
}

function notKeyMaterial(): KeyError {
  return invalidKey('key must be "PEM" text or a "JWK" object', "pass the text of the key file, or the parsed JSON");
}

function readPublicJwk(jwk: Members): RsaMaterial {
  checkJwk(jwk, "verify");
  if (jwk.oth !== undefined || PRIVATE_MEMBERS.some((name) => jwk[name] !== undefined)) {
    throw invalidKey("key is a private key where a public one is needed", 'leave out all but "kty", "n" and "e"');
  }
  return { format: "jwk", jwk: pick(jwk, PUBLIC_MEMBERS), ...publicSize(readMember(jwk, "n"), readMember(jwk, "e")) };
}

function readPrivateJwk(jwk: Members): RsaMaterial {
  checkJwk(jwk, "sign");
  if (PRIVATE_MEMBERS.every((name) => jwk[name] === undefined)) {
    throw invalidKey("key is a public key where a private one is needed", 'pass the "JWK" that has "d"');
  }
  if (jwk.oth !== undefined) throw multiPrime();
  const names = ["n", "e", ...PRIVATE_MEMBERS] as const;
  const numbers = Object.fromEntries(names.map((name) => [name, readMember(jwk, name)])) as RsaPrivateNumbers;
  return { format: "jwk", jwk: pick(jwk, ["kty", ...names]), ...privateSize(numbers) };
}

/** What a JWK says of its use (RFC 7517 sections 4.1 to 4.4) must be what we want of it. */
function checkJwk(jwk: Members, operation: "sign" | "verify"): void {
  if (typeof jwk.kty !== "string") throw notKeyMaterial();
  if (jwk.kty !== "RSA") throw notRsa();
  if (jwk.use !== undefined && jwk.use !== "sig") throw invalidKey('"use" of the key must be absent or "sig"');
  if (jwk.alg !== undefined && jwk.alg !== "RS256") throw invalidKey('"alg" of the key must be absent or "RS256"');
  const operations = jwk.key_ops;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes(operation))) {
    throw invalidKey(`"key_ops" of the key must be absent or contain "${operation}"`);
  }
}

/** A Base64urlUInt (RFC 7518 section 2): the fewest octets, so no leading zero. */
function readMember(jwk: Members, name: Member): Uint8Array {
  const text = jwk[name];
  const bytes = typeof text === "string" && text.length <= MAX_MEMBER ? tryDecode(text) : undefined;
  if (bytes === undefined || (bytes[0] ?? 0) === 0) {
    throw invalidKey(`"${name}" of the key is missing or no "Base64urlUInt"`);
  }
  return bytes;
}

function pick(jwk: Members, names: readonly Member[]): JsonWebKeyLike {
  return Object.fromEntries(names.map((name) => [name, jwk[name]])) as JsonWebKeyLike;
}
