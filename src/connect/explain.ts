/**
 * The door of the token doctor. What it knows is loaded when it is first asked: no bundle that only verifies carries it.
 */
import type { ExplainTokenContext, TokenExplanation } from "./explain-token.ts";

export type {
  ExplainTokenContext,
  FindingLevel,
  SeenKind,
  TokenExplanation,
  TokenFinding,
  TokenFindingCode,
  TokenTimes,
} from "./explain-token.ts";

/**
 * Finds out what is wrong with a token: everything at once, where a verifier stops at the first fault.
 *
 * For tools and for logs on the server's side. It looks at the form, the algorithm, the signature (and how the secret
 * may have been misused), the times (and by how much clocks differ), issuer, audience, the kind, and the hash of the
 * request. It never throws for a token, however bad, and its answer is no proof: only a verifier's is.
 *
 * @example
 * ```ts
 * import { explainToken } from "jwt-qsh/connect";
 *
 * const { verdict, findings } = await explainToken(token, {
 *   direction: "outbound",
 *   appKey: "com.example.app",
 *   clientKey: installation.clientKey,
 *   sharedSecret: installation.sharedSecret,
 *   baseUrl: installation.baseUrl,
 *   request: { method: "GET", url: "/rest/api/3/myself" },
 * });
 * for (const { message, fix } of findings) console.log(message, fix);
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for a context that makes no sense
 */
export async function explainToken(token: string, context?: ExplainTokenContext): Promise<TokenExplanation> {
  return (await import("./explain-token.ts")).explainToken(token, context);
}
