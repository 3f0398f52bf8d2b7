/** What the host thought of one call, for tests and for demos that show the host's independent verdict. */
export interface Judgement {
  readonly method: string;
  /** The URL as it arrived. */
  readonly url: string;
  /** What the caller showed: a Connect JWT, a bearer token, an OAuth 1.0a signature, or nothing. */
  readonly credential: "connect" | "bearer" | "oauth1" | "none";
  /** `"accepted"`, or the reason of the refusal, which the caller never gets to see. */
  readonly verdict: string;
  /** The account that the call ran as; absent when it was refused or anonymous. */
  readonly accountId?: string;
  /** The canonical request, as the host computed it (Connect). */
  readonly canonicalRequest?: string;
  /** The hash that the host computed (Connect). */
  readonly qsh?: string;
  /** The hash that the token claims (Connect). */
  readonly claimedQsh?: string;
  /** The signature base string, as the host computed it (OAuth 1.0a). */
  readonly baseString?: string;
}
