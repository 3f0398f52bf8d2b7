import type { WebRequest } from "../types.ts";
import { canonicalize, formPairs, hashCanonical, targetOf } from "./canonical.ts";
import type { Judgement } from "./judgement.ts";
import { parseToken, verifyHmac } from "./jws.ts";
import type { FakeInstallation } from "./registry.ts";

/** What the judge needs to know besides the request. */
export interface ConnectCase {
  readonly request: WebRequest;
  /** The body of a form POST. */
  readonly form?: string;
  readonly contextPath: string;
  /** The installation of the app that `iss` names, in the product that is called. */
  readonly find: (appKey: string) => FakeInstallation | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** The judge's findings; `installation` is there if, and only if, the call is accepted. */
export interface ConnectVerdict {
  readonly verdict: string;
  readonly installation?: FakeInstallation;
  readonly facts: Pick<Judgement, "canonicalRequest" | "qsh" | "claimedQsh">;
}

/** The products' clock tolerance in seconds, both ends inclusive. */
const LEEWAY = 30;

/** The token as the Java filter finds it: the `jwt` parameter first, then an `Authorization` of scheme JWT. */
export function findConnectToken(request: WebRequest, form: string = ""): string | undefined {
  const pairs = [...formPairs(targetOf(request.url).query), ...formPairs(form)];
  const parameter = pairs.find(([name]) => name === "jwt");
  if (parameter !== undefined) return parameter[1];
  const header = request.headers.get("authorization") ?? "";
  return /^JWT /i.test(header) ? header.slice(4).trim() : undefined;
}

/** Judges a Connect JWT as Jira and Confluence do. */
export async function judgeConnectToken(token: string, one: ConnectCase): Promise<ConnectVerdict> {
  const canonicalRequest = canonicalize({
    method: one.request.method,
    url: one.request.url,
    contextPath: one.contextPath,
    ...(one.form === undefined ? {} : { form: one.form }),
  });
  const qsh = await hashCanonical(canonicalRequest);
  const parsed = parseToken(token);
  const claimed = parsed?.claims["qsh"];
  const facts = { canonicalRequest, qsh, ...(typeof claimed === "string" ? { claimedQsh: claimed } : {}) };
  const refuse = (verdict: string): ConnectVerdict => ({ verdict, facts });

  if (parsed === undefined) return refuse("the token is not a compact JWS of JSON");
  const { header, claims } = parsed;
  if (header["alg"] !== "HS256") return refuse("the algorithm is not HS256");
  if (header["crit"] !== undefined) return refuse("the header asks for an extension that is not understood");
  if (typeof claims["iss"] !== "string") return refuse("the issuer is missing");
  const installation = one.find(claims["iss"]);
  if (installation === undefined) return refuse("the issuer is not the key of an app that is installed here");
  if (!(await verifyHmac(parsed, installation.sharedSecret))) return refuse("the signature does not match");
  const late = judgeTimes(claims, one.now);
  if (late !== undefined) return refuse(late);
  if (claimed === undefined) return refuse("Claim 'qsh' is missing.");
  if (claimed !== qsh) {
    return refuse(`Expecting claim 'qsh' to have value '${qsh}' but instead it has the value '${String(claimed)}'`);
  }
  return { verdict: "accepted", installation, facts };
}

/** The Java reader's rules: nobody looks at an `iat` in the future. */
function judgeTimes(claims: Record<string, unknown>, now: number): string | undefined {
  const { iat, exp, nbf } = claims;
  if (iat === undefined || exp === undefined) {
    return "'exp' and 'iat' are required claims. Atlassian JWT does not allow JWTs with unlimited lifetimes.";
  }
  for (const [name, value] of Object.entries({ iat, exp, nbf: nbf ?? 0 })) {
    if (typeof value !== "number") return `Expecting claim '${name}' to be numeric but it is a ${typeof value}`;
  }
  const [expires, starts] = [Number(exp), nbf === undefined ? -Infinity : Number(nbf)];
  if (expires <= starts) return "The expiration time must be after the not-before time.";
  if (expires < now - LEEWAY) return `Expired at ${expires} and time is now ${now}.`;
  return starts > now + LEEWAY ? `Cannot be used before ${starts} and time is now ${now}.` : undefined;
}
