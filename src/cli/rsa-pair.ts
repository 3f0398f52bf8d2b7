/**
 * The public half of an RSA pair, from keys as lenient as the library takes them: with escaped newlines, on one line.
 */
import { createHash, createPublicKey } from "node:crypto";
import { decodeBase64, readPem, writePem } from "../encoding/pem.ts";

/** The public half of a private key; `undefined` while the key is encrypted. */
export function publicHalf(privateKey: string): Uint8Array | undefined {
  return readSpki(privateKey, /PRIVATE KEY$/);
}

/** A public key as PEM, or as the base64 alone that forms ask for; `undefined` for anything else. */
export function readPublicHalf(text: string): Uint8Array | undefined {
  const bare = text.includes("-----") ? undefined : decodeBase64(text);
  return readSpki(bare === undefined ? text : writePem("PUBLIC KEY", bare), /PUBLIC KEY$|^CERTIFICATE$/);
}

/** SHA-256, in hex. */
export function fingerprintOf(spki: Uint8Array): string {
  return createHash("sha256").update(spki).digest("hex");
}

/** SubjectPublicKeyInfo, in DER. */
function readSpki(text: string, label: RegExp): Uint8Array | undefined {
  const block = readPem(text)?.blocks.find((candidate) => label.test(candidate.label));
  if (block?.bytes === undefined) return undefined;
  try {
    return createPublicKey(writePem(block.label, block.bytes)).export({ type: "spki", format: "der" });
  } catch {
    return undefined;
  }
}
