/**
 * The doctor: which known mistake makes the hash that was claimed. It explains a refusal and never lifts one.
 */
import { sha256Hex } from "../crypto/digest.ts";
import { tryDecode } from "../encoding/base64url.ts";
import { encodeHex } from "../encoding/hex.ts";
import { argumentError } from "../errors.ts";
import type { WebRequest, WebSearchParams } from "../types.ts";
import { canonicalHead, gatherParameters, standardRules, walkQuery } from "./canonical.ts";
import type { Rules } from "./canonical.ts";
import { causeTexts } from "./explain-causes.ts";
import type { QshCauseCode } from "./explain-causes.ts";
import { findDiff } from "./explain-diff.ts";
import type { QshDiff } from "./explain-diff.ts";
import { patchRules } from "./explain-hypotheses.ts";
import { maskValues } from "./explain-mask.ts";
import { findMistakes } from "./explain-search.ts";
import type { Finding } from "./explain-search.ts";
import { readTarget } from "./request.ts";
import type { QshOptions, QshRequest, Target } from "./request.ts";

export type { QshCauseCode } from "./explain-causes.ts";
export type { QshDiff } from "./explain-diff.ts";

/** Names of implementations that are known to make a mistake, by its code. */
export type QshPeers = Partial<Readonly<Record<QshCauseCode, readonly string[]>>>;

/** Options of {@link explainQsh}. */
export interface ExplainQshOptions extends QshOptions {
  /** Hides the values of parameters in `canonical` and `variant`, sign by sign. The value of `jwt` is hidden always. */
  readonly redact?: boolean;
  /** A body that is no part of the hash (a form that was not POSTed): was it hashed by mistake? */
  readonly body?: string | WebSearchParams;
  /** Who is known to make which mistake; `qshPeers` of `jwt-qsh/connect` is such a table. */
  readonly peers?: QshPeers;
}

/** One mistake, in words. */
export interface QshCause {
  readonly code: QshCauseCode;
  readonly message: string;
  /** What the signer should do about it. */
  readonly fix: string;
  /** Implementations that are known for it. */
  readonly peers?: readonly string[];
}

/** What {@link explainQsh} found. */
export interface QshExplanation {
  /** `exact`: the claim is the hash of this request. `variant`: known mistakes make it. `none`: nothing known does. */
  readonly match: "exact" | "variant" | "none";
  /** The mistakes, which were made together. */
  readonly causes: readonly QshCause[];
  /** Other single mistakes that make the same hash of this request, and cannot be told from the first. */
  readonly alternatives: readonly QshCause[];
  /** What should have been hashed. */
  readonly canonical: string;
  /** What was hashed instead. */
  readonly variant?: string;
  /** Where the two part. */
  readonly diff?: QshDiff;
}

/**
 * Finds out why a query string hash is not that of its request.
 *
 * The claimed hash is compared with what some sixty known mistakes, and every two of them, make of the same request
 * (two of them for up to 50 parameters and 8,192 characters). The answer names the mistake, says how to mend it, and
 * shows both texts. It is for people: on a server, write it to the log and never to the answer, and never accept a
 * token for its sake.
 *
 * @example
 * ```ts
 * import { explainQsh } from "jwt-qsh";
 *
 * const { match, causes } = explainQsh(claims.qsh, { method: "GET", url: "/wiki/rest/api?a=b+c" }, { baseUrl: "/wiki" });
 * // "variant", [{ code: "base-path-kept", message: "the path of the base URL is still in the hashed path", ... }]
 * ```
 *
 * @param claimed the `qsh` claim, as it is
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for a claim, method or URL that is none
 */
export function explainQsh(claimed: string, request: QshRequest | WebRequest, options: ExplainQshOptions = {}): QshExplanation {
  if (typeof claimed !== "string") throw argumentError('"claimed"', "must be a string", "ERR_INVALID_ARG_TYPE");
  // Own members alone: a polluted prototype must not change what is explained, nor what is shown.
  const { baseUrl, body, peers, redact } = { __proto__: null, ...options } as ExplainQshOptions;
  const target = { ...readTarget(request, options), origin: originOf(request.url) || originOf(baseUrl) };
  const standard = writeText(target, standardRules);
  const canonical = redact === true ? writeText(target, maskValues(standardRules, "all")) : standard;
  const answer = (match: QshExplanation["match"], codes: readonly QshCauseCode[]): QshExplanation => ({
    match,
    causes: codes.map((code) => describe(code, peers)),
    alternatives: [],
    canonical,
  });

  const exact = sha256Hex(standard);
  if (claimed === exact) return answer("exact", []);
  if (claimed === "context-qsh") return answer("variant", ["context-qsh"]);
  const { hex, code } = readClaim(claimed);
  if (hex === undefined) return answer("none", ["hash-malformed"]);
  const written = code === undefined ? [] : [code];
  if (hex === exact) return answer("variant", written);
  const found = findMistakes(hex, target, body && String(body));
  if (found === undefined) return answer("none", []);

  return {
    ...answer("variant", [...found.codes, ...written]),
    alternatives: found.alternatives.map((other) => describe(other, peers)),
    variant: writeVariant(target, found, redact === true ? "all" : "jwt"),
    diff: findDiff(standard, writeVariant(target, found, standardRules)),
  };
}

/** Scheme and host, which some signers put in; of the base where the request is a raw target. */
function originOf(url: unknown): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(String(url))?.[0] ?? "";
}

/** The hash of a claim in lower-case hex, and how else it was written. */
function readClaim(claimed: string): { hex?: string; code?: QshCauseCode } {
  if (/^[0-9a-f]{64}$/.test(claimed)) return { hex: claimed };
  if (/^[0-9a-f]{64}$/i.test(claimed)) return { hex: claimed.toLowerCase(), code: "hash-upper-case" };
  const bytes = claimed.length > 90 ? undefined : tryDecode(claimed.replaceAll("+", "-").replaceAll("/", "_").replace(/={1,2}$/, ""));
  if (bytes?.length === 32) return { hex: encodeHex(bytes), code: "hash-base64" };
  const text = bytes?.length === 64 ? String.fromCharCode(...bytes) : "";
  return /^[0-9a-f]{64}$/.test(text) ? { hex: text, code: "hash-base64" } : {};
}

function writeText(target: Target, rules: Rules): string {
  return canonicalHead(target, rules) + writeQuery(target, rules);
}

function writeQuery(target: Target, rules: Rules): string {
  return [...walkQuery(gatherParameters(target, rules), rules)].join("");
}

function writeVariant(target: Target, { head, query, whole }: Finding, view: Rules | "all" | "jwt"): string {
  const shown = (rules: Rules): Rules => (typeof view === "string" ? maskValues(rules, view) : rules);
  const headText = canonicalHead(target, shown(patchRules(standardRules, head)));
  const queryText = writeQuery(target, shown(patchRules(standardRules, query)));
  return whole === undefined ? headText + queryText : whole.change(headText, queryText);
}

function describe(code: QshCauseCode, peers: QshPeers | undefined): QshCause {
  const known = peers?.[code];
  return known === undefined ? { code, ...causeTexts[code] } : { code, ...causeTexts[code], peers: known };
}
