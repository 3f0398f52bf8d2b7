/**
 * An authorization server's own words, as far as they may be repeated.
 */
import { oneLine } from "../encoding/printable.ts";
import { toWellFormed } from "../encoding/utf8.ts";
import type { JsonObject } from "../types.ts";

/** As many characters as are kept. */
const MAX_LENGTH = 200;
/** A JWT, or the beginning of one. */
const TOKEN = /eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g;
/** What is as long as a secret, and drawn from its alphabet. */
const OPAQUE = /[A-Za-z0-9_+/=-]{32,}/g;

/** The `error` of an error response and its `error_description` (RFC 6749 section 5.2), cut and redacted. */
export function readProblem(body: JsonObject | undefined): string | undefined {
  const error = member(body, "error");
  if (error === undefined) return undefined;
  const description = member(body, "error_description");
  return redact(description === undefined ? error : `${error}: ${description}`);
}

function member(body: JsonObject | undefined, name: string): string | undefined {
  const value = body !== undefined && Object.hasOwn(body, name) ? body[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

function redact(text: string): string {
  // Redacted before it is cut: half a secret is no longer recognised. And bounded before that.
  const bounded = oneLine(toWellFormed(text.slice(0, 1024)));
  return bounded.replace(TOKEN, "[redacted]").replace(OPAQUE, "[redacted]").slice(0, MAX_LENGTH);
}

/** What to do about the refusals that are known from the field. */
export function hintFor(problem: string | undefined): string | undefined {
  if (problem === undefined) return undefined;
  return HINTS.find(([pattern]) => pattern.test(problem))?.[1];
}

/** The server's words for a clock that is not its own: see mattermost-plugin-jira#600. */
const CLOCK = /^invalid_grant: .*(?:in the future|\b(?:exp|iat)\b|expir)/i;

const HINTS: readonly (readonly [RegExp, string])[] = [
  [CLOCK, "set this machine's clock: the assertion's times are judged by the server's"],
  [/^invalid_grant: invalid aud\b/i, 'leave "authorizationServer" to its default, which follows the site'],
  [/^unauthorized_client\b/, "give the app the ACT_AS_USER scope and install it again"],
  [/^invalid_scope\b/, "ask for scopes of the app's descriptor, each an item of the list"],
];

/** Whether a refusal is about time, so that the server's clock would help. */
export function isClockProblem(problem: string | undefined): boolean {
  return problem !== undefined && CLOCK.test(problem);
}
