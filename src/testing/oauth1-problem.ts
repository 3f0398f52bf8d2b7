import type { WebResponse } from "../types.ts";
import { percentEncode } from "./encoding.ts";
import type { Pair } from "./oauth1-request.ts";

/** What an OAuth 1.0a provider can complain about, by the names of the problem reporting extension. */
export type OAuth1ProblemName =
  | "parameter_absent"
  | "parameter_rejected"
  | "version_rejected"
  | "timestamp_refused"
  | "signature_method_rejected"
  | "signature_invalid"
  | "consumer_key_unknown"
  | "consumer_key_rejected"
  | "consumer_key_refused"
  | "nonce_used"
  | "token_used"
  | "token_expired"
  | "token_revoked"
  | "token_rejected"
  | "permission_unknown"
  | "permission_denied"
  | "additional_authorization_required"
  | "user_refused";

/** A complaint, with what the server adds to it. */
export interface OAuth1Problem {
  readonly problem: OAuth1ProblemName;
  readonly parameters: readonly Pair[];
}

export function oauth1Problem(problem: OAuth1ProblemName, ...parameters: Pair[]): OAuth1Problem {
  return { problem, parameters };
}

const STATUS: Readonly<Partial<Record<OAuth1ProblemName, number>>> = {
  parameter_absent: 400,
  parameter_rejected: 400,
  version_rejected: 400,
  timestamp_refused: 400,
  signature_method_rejected: 400,
  signature_invalid: 401,
  consumer_key_unknown: 401,
  consumer_key_rejected: 401,
  consumer_key_refused: 503,
  nonce_used: 401,
  token_used: 401,
  token_expired: 401,
  token_revoked: 401,
  token_rejected: 401,
  permission_unknown: 401,
  permission_denied: 401,
  additional_authorization_required: 401,
  user_refused: 503,
};

/** The status that goes with a problem; one that is not in the table is a 403. */
export function statusOf(problem: OAuth1ProblemName): number {
  return STATUS[problem] ?? 403;
}

/** The answer: the problem in the body and in `WWW-Authenticate`. */
export function problemResponse(one: OAuth1Problem, realm: string): WebResponse {
  const pairs: Pair[] = [["oauth_problem", one.problem], ...one.parameters];
  const body = pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join("&");
  const challenge = pairs.map(([name, value]) => `${percentEncode(name)}="${percentEncode(value)}"`).join(", ");
  return new Response(body, {
    status: statusOf(one.problem),
    headers: {
      "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
      "www-authenticate": `OAuth realm="${percentEncode(realm)}", ${challenge}`,
    },
  });
}
