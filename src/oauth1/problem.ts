/**
 * Problem reporting: what a server says about a refusal, in its body or its challenge
 * (https://web.archive.org/web/2010/http://wiki.oauth.net/ProblemReporting).
 */
import { oneLine } from "../encoding/printable.ts";
import { OAuth1Error } from "../errors.ts";
import type { WebResponse } from "../types.ts";
import { readChallenge } from "./authorization.ts";
import { parseParameters } from "./parameters.ts";

/** What was said. Everything but the problem's name is remote text. */
export interface ProblemReport {
  readonly problem: string;
  readonly advice?: string;
  readonly serverBaseString?: string;
  /** The first and the last timestamp that the server takes, in seconds. */
  readonly acceptableTimestamps?: readonly [first: number, last: number];
}

/** A report is a few lines; an echoed base string is as long as the request. */
const MAX_BYTES = 65_536;
const MAX_ADVICE = 200;

/** Parameters that say what the server would have taken, for an advice where it gives none. */
const FACTS = [
  "oauth_parameters_absent",
  "oauth_parameters_rejected",
  "oauth_acceptable_versions",
  "oauth_acceptable_timestamps",
  "oauth_acceptable_signature_methods",
];

interface ProblemRow {
  /** What a server answers with it; 403 for a problem that is in no table. */
  readonly status: number;
  readonly hint: string;
}

const DANCE_AGAIN = "ask for a request token again and let the user approve it";

/** The table of problems. */
export const problems: Readonly<Record<string, ProblemRow>> = {
  parameter_absent: { status: 400, hint: 'a parameter is missing, most often "oauth_verifier"' },
  parameter_rejected: {
    status: 400,
    hint: '"oauth_callback" must be "oob" or an absolute URL, and no parameter may stand twice',
  },
  version_rejected: { status: 400, hint: 'the server does not speak "oauth_version" 1.0' },
  timestamp_refused: { status: 400, hint: "the clocks differ: set this machine's clock, or the server's" },
  signature_method_rejected: {
    status: 400,
    hint: "the consumer is registered for another method; with a public key it is RSA-SHA1",
  },
  signature_invalid: {
    status: 401,
    hint:
      'compare "serverBaseString" with ours through explainBaseString(); ' +
      "if they are the same, the public key is not of this pair",
  },
  consumer_key_unknown: {
    status: 401,
    hint: "the server has no incoming link with this consumer key, or it is another server",
  },
  consumer_key_rejected: { status: 401, hint: "the server does not take this consumer any more" },
  consumer_key_refused: { status: 503, hint: "the server refuses this consumer for the time being" },
  nonce_used: { status: 401, hint: "a signed request was sent twice: sign again for each attempt" },
  token_rejected: {
    status: 401,
    hint: "the token is of another server or consumer, was revoked, or is a request token",
  },
  token_expired: { status: 401, hint: DANCE_AGAIN },
  token_used: { status: 401, hint: DANCE_AGAIN },
  token_revoked: { status: 401, hint: DANCE_AGAIN },
  permission_unknown: { status: 401, hint: "the user has not approved the request token yet" },
  permission_denied: { status: 401, hint: "the user refused, or the session is over" },
  additional_authorization_required: { status: 401, hint: "the user must approve once more" },
  user_refused: { status: 503, hint: "the server refuses this user for the time being" },
};

/** Reads a report; `undefined` when there is none. The challenge is as good as the body, and shorter. */
export function readReport(challenge: string | null, body: string): ProblemReport | undefined {
  const parameters = new Map<string, string>();
  const fromBody = /(?:^|&)oauth_problem=/.test(body) ? parseParameters(body.trimEnd()) : [];
  for (const [name, value] of [...readChallenge(challenge ?? ""), ...fromBody]) {
    if (!parameters.has(name)) parameters.set(name, value);
  }
  const problem = parameters.get("oauth_problem");
  if (problem === undefined) return undefined;
  const advice = printable(parameters.get("oauth_problem_advice") ?? "") || readFacts(parameters);
  const serverBaseString = parameters.get("oauth_signature_base_string");
  const window = /^(\d{1,12})-(\d{1,12})$/.exec(parameters.get("oauth_acceptable_timestamps") ?? "");
  return {
    problem: /^[A-Za-z][\w.-]{0,63}$/.test(problem) ? problem : "unknown",
    ...(advice !== "" && { advice }),
    ...(serverBaseString !== undefined && { serverBaseString }),
    ...(window !== null && { acceptableTimestamps: [Number(window[1]), Number(window[2])] as const }),
  };
}

function readFacts(parameters: ReadonlyMap<string, string>): string {
  const facts = FACTS.filter((name) => parameters.has(name)).map((name) => `${name}=${parameters.get(name)}`);
  return printable(facts.join(" "));
}

/** Remote text: one line, short, and nothing that steers a terminal. */
function printable(text: string): string {
  return oneLine(text).trim().slice(0, MAX_ADVICE);
}

/** The error for a report. Its message is one of a fixed list. */
export function problemError(report: ProblemReport, status?: number): OAuth1Error {
  const row = Object.hasOwn(problems, report.problem) ? problems[report.problem] : undefined;
  const { problem, advice, serverBaseString } = report;
  return new OAuth1Error(
    "ERR_OAUTH1_PROBLEM",
    row === undefined ? '"oauth_problem" is not a known one' : `"oauth_problem" is ${problem}`,
    {
      problem,
      status: status ?? row?.status ?? 403,
      ...(row !== undefined && { hint: row.hint }),
      ...(advice !== undefined && { advice }),
      ...(serverBaseString !== undefined && { serverBaseString }),
    },
  );
}

/**
 * Reads why a server refused a signed request.
 *
 * Call it with a response that is not ok; the response stays unread. The error is returned and not thrown: what to do
 * with a refusal is up to the caller.
 *
 * @example
 * ```ts
 * import { explainBaseString, readOAuth1Problem } from "jwt-qsh/oauth1";
 *
 * const response = await jira("/rest/api/2/myself");
 * if (!response.ok) {
 *   const refusal = await readOAuth1Problem(response);
 *   console.error(refusal?.message, refusal?.hint); // '"oauth_problem" is token_expired', ...
 * }
 * ```
 *
 * @returns `undefined` when the response reports no problem
 */
export async function readOAuth1Problem(response: WebResponse): Promise<OAuth1Error | undefined> {
  const body = await readBeginning(response);
  const report = readReport(response.headers.get("www-authenticate"), body);
  return report === undefined ? undefined : problemError(report, response.status);
}

/** The beginning of the body as text, from a clone: more than any report has. */
export async function readBeginning(response: WebResponse): Promise<string> {
  const reader = response.clone().body?.getReader();
  if (reader === undefined) return "";
  const text: string[] = [];
  const decoder = new TextDecoder();
  let left = MAX_BYTES;
  while (left > 0) {
    const { done, value } = await reader.read();
    if (done) break;
    text.push(decoder.decode(value.subarray(0, left), { stream: true }));
    left -= value.length;
  }
  // Not awaited: one branch of a tee settles only when both are through.
  reader.cancel().catch(() => {});
  return text.join("");
}
