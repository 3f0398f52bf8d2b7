import { readAuthorization } from "../encoding/authorization.ts";
import { decodeFormText } from "../encoding/percent.ts";
import { argumentError, TokenError } from "../errors.ts";
import type { RequestVerifier, WebRequest } from "../types.ts";

/** The verifiers of {@link anyVerifier}. */
export interface AnyVerifiers<Connect, Forge> {
  /** Judges a token with the scheme `JWT` or in `?jwt=`. */
  readonly connect: RequestVerifier<Connect>;
  /** Judges a `Bearer` token. */
  readonly forge: RequestVerifier<Forge>;
}

/**
 * Makes one verifier of two, for a route that serves an app while it moves.
 *
 * The form of the credential chooses: `Bearer` goes to the one, everything else to the other, which then also says
 * that there is none. A request that has both, in its header or its URL, is refused; bodies are not looked at. Neither
 * verifier is asked about what the other refused.
 *
 * @example
 * ```ts
 * import { anyVerifier } from "jwt-qsh/adapters";
 *
 * const verify = anyVerifier({ connect: connectVerifier, forge: forgeVerifier });
 * const identity = await verify(request);
 * if (identity.kind === "forge") console.log(identity.app.id);
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE when one of them is no function
 * @throws {TokenError} ERR_TOKEN_AMBIGUOUS when a request has credentials of both forms; besides, what they throw
 */
export function anyVerifier<Connect, Forge>(verifiers: AnyVerifiers<Connect, Forge>): RequestVerifier<Connect | Forge> {
  const { connect, forge } = verifiers;
  for (const [name, verifier] of Object.entries({ connect, forge })) {
    if (typeof verifier !== "function") throw argumentError(`"verifiers.${name}"`, "must be a function", "ERR_INVALID_ARG_TYPE");
  }
  return async (request) => {
    const header = request.headers.get("authorization");
    if (readAuthorization(header, "bearer") === undefined) return connect(request);
    if (readAuthorization(header, "jwt") !== undefined || hasJwtParameter(request)) {
      throw new TokenError("ERR_TOKEN_AMBIGUOUS", "request has tokens of two forms");
    }
    return forge(request);
  };
}

function hasJwtParameter({ url }: WebRequest): boolean {
  const mark = url.indexOf("?");
  if (mark < 0) return false;
  const pairs = url.slice(mark + 1).split("#", 1)[0]?.split("&") ?? [];
  return pairs.some((pair) => decodeFormText(pair.split("=", 1)[0] ?? "") === "jwt");
}
