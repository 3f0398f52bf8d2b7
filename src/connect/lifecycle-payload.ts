/**
 * The body of a lifecycle request. No signature covers it: what counts in it is held against the token, and what would
 * be stored is checked first.
 */
import { secretKey } from "../crypto/keys.ts";
import { decodeUtf8 } from "../encoding/utf8.ts";
import { ClaimError, InstallationError } from "../errors.ts";
import { readBaseUrl } from "../http.ts";
import type { HttpOptions } from "../http.ts";
import { parseJsonObject } from "../jws/json.ts";
import type { JsonObject, WebRequest } from "../types.ts";
import { readBody } from "./body.ts";
import type { LifecycleEvent, LifecyclePayload } from "./claims.ts";

/** Many times what products send. */
const MAX_BODY = 65536;

/** Reads the body as one strict JSON object. */
export async function readPayload(request: WebRequest): Promise<JsonObject> {
  const bytes = await readBody(request, MAX_BODY);
  if (bytes === undefined) throw badBody(`could not be read within ${MAX_BODY} bytes`);
  const payload = parseJsonObject(decodeUtf8(bytes) ?? "");
  if (payload === undefined) throw badBody("must be one JSON object");
  return payload;
}

/** The event that a body names. It is not proven: it decides which proof is asked for. */
export function readEvent(payload: JsonObject, accept: ReadonlySet<LifecycleEvent>): LifecycleEvent {
  const event = own(payload, "eventType");
  if (!accept.has(event as LifecycleEvent)) throw badBody('must have an "eventType" that is accepted here');
  return event as LifecycleEvent;
}

/** What {@link checkPayload} needs besides the payload. */
export interface PayloadRules extends HttpOptions {
  readonly appKey: string;
  readonly allowShortSecret: boolean;
}

/** Holds a body against the verified issuer of its token and the app that it is for. */
export function checkPayload(
  payload: JsonObject,
  event: LifecycleEvent,
  issuer: string,
  rules: PayloadRules,
): asserts payload is LifecyclePayload {
  if (own(payload, "clientKey") !== issuer) {
    throw new ClaimError("ERR_CLAIM_MISMATCH", "iss", '"iss" claim is not the "clientKey" of the body');
  }
  if (own(payload, "key") !== rules.appKey) {
    throw new ClaimError("ERR_CLAIM_MISMATCH", "aud", 'token came with a body whose "key" is another app');
  }
  for (const name of ["oauthClientId", "installationId", "productType"]) {
    const value = own(payload, name);
    if (value !== undefined && value !== null && typeof value !== "string") throw badBody(`must have a string as "${name}"`);
  }
  const isInstalled = event === "installed";
  if (isInstalled) checkSecret(own(payload, "sharedSecret"), rules.allowShortSecret);
  const baseUrl = own(payload, "baseUrl");
  if (isInstalled || baseUrl !== undefined) checkBaseUrl(baseUrl, rules);
}

/** What would later be refused as a key must not be stored as one. */
function checkSecret(secret: unknown, allowShortSecret: boolean): void {
  try {
    if (typeof secret === "string" && secretKey(secret, { allowShortSecret }).type === "secret") return;
  } catch {
    // The reason is told below, without the secret.
  }
  throw badBody('must have a usable "sharedSecret"');
}

function checkBaseUrl(baseUrl: unknown, rules: PayloadRules): void {
  try {
    if (typeof baseUrl === "string" && readBaseUrl(baseUrl, "", rules).href !== "") return;
  } catch {
    // Likewise.
  }
  throw badBody('must have an https URL as "baseUrl"');
}

function own(payload: JsonObject, name: string): unknown {
  return Object.hasOwn(payload, name) ? payload[name] : undefined;
}

function badBody(rule: string): InstallationError {
  return new InstallationError("ERR_LIFECYCLE_BODY", `lifecycle body ${rule}`);
}
