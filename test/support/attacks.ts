import { secretKey } from "../../src/crypto/keys.ts";
import type { SecretKey } from "../../src/crypto/keys.ts";
import { publicKey } from "../../src/crypto/rsa-keys.ts";
import type { PublicKey } from "../../src/crypto/rsa-keys.ts";
import type { AuthErrorCode } from "../../src/errors.ts";
import type { VerifyOptions } from "../../src/jwt/options.ts";
import file from "../vectors/data/attacks.json" with { type: "json" };
import { revive } from "./vectors.ts";

type KeyMaterial = { type: "secret"; value?: string; bytesHex?: string } | { type: "spki"; pem: string };

/** An attack on `verifyJwt`, or a control that must be accepted. */
export interface TokenAttack {
  readonly id: string;
  readonly name: string;
  readonly class: string;
  readonly op: string;
  readonly level: "must" | "profile" | "control";
  readonly input: { readonly token?: unknown; readonly tokenParts?: readonly string[] };
  readonly key: string | KeyMaterial;
  readonly options: Readonly<Record<string, unknown>>;
  readonly expect: {
    readonly result: "accept" | "reject";
    readonly kind?: string;
    readonly alsoOk?: readonly string[];
    readonly maxMs?: number;
    readonly mustNotContain?: readonly string[];
  };
}

const corpus = revive(file) as { cases: TokenAttack[]; keys: Record<string, KeyMaterial> };

/** Every case of the corpus that is about one token and one key. */
export const tokenAttacks: readonly TokenAttack[] = corpus.cases.filter(({ op }) => op === "jwt.verify");

/** The kinds of the corpus, by our codes (DESIGN section 7). */
export const attackCodes: Readonly<Record<string, readonly (AuthErrorCode | "ERR_INVALID_ARG_TYPE" | "ERR_INVALID_ARG_VALUE")[]>> = {
  token_too_large: ["ERR_TOKEN_TOO_LARGE"],
  malformed_token: ["ERR_TOKEN_MALFORMED"],
  unsupported_algorithm: ["ERR_TOKEN_ALGORITHM"],
  wrong_token_type: ["ERR_TOKEN_ALGORITHM"],
  unsupported_header: ["ERR_TOKEN_HEADER"],
  invalid_kid: ["ERR_KEY_ID"],
  invalid_key: ["ERR_KEY_INVALID"],
  invalid_signature: ["ERR_TOKEN_SIGNATURE"],
  missing_claim: ["ERR_CLAIM_MISSING"],
  invalid_claim: ["ERR_CLAIM_INVALID"],
  expired: ["ERR_TOKEN_EXPIRED"],
  not_yet_valid: ["ERR_TOKEN_NOT_YET_VALID"],
  issuer_mismatch: ["ERR_CLAIM_MISMATCH"],
  audience_mismatch: ["ERR_CLAIM_MISMATCH"],
  invalid_option: ["ERR_INVALID_ARG_TYPE", "ERR_INVALID_ARG_VALUE"],
};

/** The names that our options have. `algorithms` has none: the key decides. */
const optionNames: Readonly<Record<string, keyof VerifyOptions>> = {
  leewaySec: "leeway",
  requireExp: "requireExp",
  issuer: "issuer",
  audience: "audience",
  subject: "subject",
  typ: "typ",
  maxTokenAgeSec: "maxAge",
  maxLifetimeSec: "maxLifetime",
  maxTokenChars: "maxTokenLength",
};

/** The token of a case, which need not be a string. */
export function attackToken({ input }: TokenAttack): string {
  return (input.tokenParts === undefined ? input.token : input.tokenParts.join("")) as string;
}

/** Makes the key of a case, which may be what is refused. */
export function attackKey({ key }: TokenAttack): SecretKey | PublicKey {
  const material = typeof key === "string" ? (corpus.keys[key] as KeyMaterial) : key;
  if (material.type === "spki") return publicKey(material.pem);
  const { value, bytesHex } = material;
  return secretKey(bytesHex === undefined ? (value as string) : Uint8Array.from(Buffer.from(bytesHex, "hex")));
}

/** The options of a case, by our names. */
export function attackOptions({ options }: TokenAttack): VerifyOptions {
  const ours: Record<string, unknown> = { now: () => options["now"] };
  for (const [name, value] of Object.entries(options)) {
    if (name === "now" || name === "algorithms") continue;
    const known = optionNames[name];
    if (known === undefined) throw new Error(`the corpus has an option that the runner does not know: ${name}`);
    ours[known] = value;
  }
  return ours as VerifyOptions;
}

/** True for a secret: the synchronous door takes no other key. */
export function isSecret({ key }: TokenAttack): boolean {
  return (typeof key === "string" ? (corpus.keys[key] as KeyMaterial) : key).type === "secret";
}
