/**
 * How a lifecycle call is judged. Loaded with the first one, for most processes never see any.
 */
import { InstallationError, QshError, TokenError } from "../errors.ts";
import { checkAlgorithm, checkHeader, parseCompact, parsePayload } from "../jws/compact.ts";
import type { CompactJws } from "../jws/compact.ts";
import { verifyJws } from "../jws/verify.ts";
import { checkClaims } from "../jwt/claims.ts";
import type { ClaimRules, JwtClaims } from "../jwt/claims.ts";
import { refuseReplay } from "../jwt/replay.ts";
import type { KeyServerOptions } from "../keyset/options.ts";
import { createPemKeys } from "../keyset/pem.ts";
import { createKeyClient } from "../keyset/remote.ts";
import type { ReplayGuard, RequestVerifier } from "../types.ts";
import { boundParts, checkBinding, CONTEXT_QSH } from "./binding.ts";
import type { BindingRules } from "./binding.ts";
import type { LifecycleEvent } from "./claims.ts";
import { findCredential } from "./credential.ts";
import type { LifecycleIdentity } from "./identity.ts";
import { readIssuer } from "./issuer.ts";
import { checkPayload, readEvent, readPayload } from "./lifecycle-payload.ts";
import type { PayloadRules } from "./lifecycle-payload.ts";
import type { Tenants } from "./tenants.ts";

/** Checked options. */
export interface LifecycleSettings extends PayloadRules {
  readonly accept: ReadonlySet<LifecycleEvent>;
  readonly keyServers: readonly URL[];
  readonly client: KeyServerOptions;
  readonly tenants: Tenants | undefined;
  readonly timeout: number;
  readonly leeway: number;
  readonly replayGuard: ReplayGuard | undefined;
  readonly rules: ClaimRules;
  readonly installRules: ClaimRules;
  readonly binding: BindingRules;
  readonly now: () => number;
}

/** Makes the verifier of checked options. */
export function createLifecycleCalls(settings: LifecycleSettings): RequestVerifier<LifecycleIdentity> {
  const { accept, tenants, now } = settings;
  const findKey = createPemKeys(settings.keyServers, createKeyClient(settings.client, now));

  /** The proof that an event asks for, and the rules that its claims must then keep. */
  async function verifySignature(event: LifecycleEvent, jws: CompactJws, claims: JwtClaims): Promise<void> {
    if (event === "installed" || event === "uninstalled") {
      // Before the key is looked for: a token with another algorithm costs no fetch.
      checkAlgorithm(jws.header, "RS256");
      await verifyJws(jws, await findKey(Object.hasOwn(jws.header, "kid") ? jws.header.kid : undefined));
      checkClaims(claims, settings.installRules);
    } else {
      // Not reached: the door takes these events only with installations.
      if (tenants === undefined) throw new InstallationError("ERR_INSTALLATION_UNKNOWN", "tenant is not known");
      await tenants.verify(jws, readIssuer(claims), true);
      checkClaims(claims, settings.rules);
    }
  }

  return async (request) => {
    // 1. Exactly one credential, of the one strict form.
    const { token } = await findCredential(request, false);
    const jws = parseCompact(token);
    const claims: JwtClaims = parsePayload(jws);
    checkHeader(jws.header);

    // 2. The event decides which proof is asked for, and the proof is asked for before anything else of the body counts.
    const payload = await readPayload(request);
    const event = readEvent(payload, accept);
    await verifySignature(event, jws, claims);

    // 3. The token is for this very request, never a page's.
    const issuer = readIssuer(claims);
    if (!Object.hasOwn(claims, "qsh")) throw new QshError("ERR_QSH_MISSING", '"qsh" claim is required');
    const claimed = claims["qsh"] as string;
    if (claimed === CONTEXT_QSH) throw new TokenError("ERR_TOKEN_KIND", "context token is not accepted here");
    checkBinding(claimed, boundParts(request), settings.binding);

    // 4. The body is about the tenant that signed, and this app.
    checkPayload(payload, event, issuer, settings);

    // 5. Last, so that a copy that is refused does not use up the original.
    await refuseReplay(jws.signingInput, claims, settings);
    const identity = { kind: "lifecycle", event, clientKey: issuer, claims };
    return Object.defineProperty(identity, "payload", { value: payload }) as unknown as LifecycleIdentity;
  };
}
