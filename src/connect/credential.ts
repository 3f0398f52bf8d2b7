/**
 * Finds the one credential of a request: the `Authorization` header with the scheme JWT, the `jwt` parameter, or a form
 * field of that name. Two are refused, whatever they are: which of them counts would be a guess.
 */
import { readAuthorization } from "../encoding/authorization.ts";
import { decodeFormText } from "../encoding/percent.ts";
import { decodeUtf8Lossy } from "../encoding/utf8.ts";
import { argumentError, TokenError } from "../errors.ts";
import { cutTarget } from "../qsh/request.ts";
import type { WebRequest } from "../types.ts";
import { readBody } from "./body.ts";
import { hasFormBody } from "./form-body.ts";

/** Beyond it servlet containers do not read a form either. */
const MAX_FORM = 2 * 1024 * 1024;

/** The credential, not proven. */
export interface Credential {
  readonly token: string;
  /** The form body, where it was asked for and there is one. Always an own member: its absence must not be inherited. */
  readonly form: string | undefined;
}

/**
 * @param withForm whether a form body joins the search
 * @throws {TokenError} ERR_TOKEN_MISSING without a credential, ERR_TOKEN_AMBIGUOUS with more than one
 */
export async function findCredential(request: WebRequest, withForm: boolean): Promise<Credential> {
  assertRequest(request);
  return readCredential(request, withForm && hasFormBody(request) ? await readForm(request) : undefined);
}

/** {@link findCredential} in header and query, and in a form that was read: at once. */
export function readCredential(request: WebRequest, form?: string): Credential {
  assertRequest(request);
  const header = readAuthorization(request.headers.get("authorization"), "jwt");
  const tokens: string[] = header === undefined ? [] : [header.token];
  addParameters(tokens, cutTarget(request.url).query);
  if (form !== undefined) addParameters(tokens, form);
  const [token] = tokens;
  if (token === undefined) throw new TokenError("ERR_TOKEN_MISSING", "request has no token");
  if (tokens.length > 1 || header?.isAlone === false) {
    throw new TokenError("ERR_TOKEN_AMBIGUOUS", "request has more than one token");
  }
  return { token, form };
}

function assertRequest(request: WebRequest | null | undefined): void {
  if (typeof request?.headers?.get === "function") return;
  throw argumentError('"request"', "must be a Request", "ERR_INVALID_ARG_TYPE");
}

/** A parameter whose decoded name is exactly `jwt`, the very name that the query string hash leaves out. */
const PARAMETER = /(?:^|&)(?:j|%6[aA])(?:w|%77)(?:t|%74)(?![^=&])[^&]*/g;

/** Adds the values of `jwt`. By one expression: to cut a query into pairs takes five times as long. */
function addParameters(tokens: string[], query: string): void {
  for (const pair of query.match(PARAMETER) ?? []) {
    const equals = pair.indexOf("=");
    tokens.push(equals < 0 ? "" : decodeFormText(pair.slice(equals + 1)));
  }
}

async function readForm(request: WebRequest): Promise<string> {
  const body = await readBody(request, MAX_FORM);
  if (body === undefined) throw new TokenError("ERR_TOKEN_MALFORMED", `form body could not be read within ${MAX_FORM} bytes`);
  return decodeUtf8Lossy(body);
}
