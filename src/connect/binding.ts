/**
 * Holds a token's `qsh` against the request that it came with.
 */
import { QshError } from "../errors.ts";
import { hashTarget } from "../qsh/hash.ts";
import { readQshOptions, readTargetBy } from "../qsh/request.ts";
import type { QshRequest, TargetRules } from "../qsh/request.ts";

/** The `qsh` of a token that is bound to a page and not to a URL. */
export const CONTEXT_QSH = "context-qsh";

/** How a request is read. */
export interface BindingRules {
  readonly baseUrl: string;
  /** The ways that are accepted, in order. */
  readonly ways: readonly TargetRules[];
}

/**
 * Reads the rules once.
 *
 * @param bases the app's base URLs, one of which is cut off the path
 * @param path `either` also accepts the hash of the percent-decoded path: products take their own path apart before they
 *   sign it, and cannot say `%2F`
 */
export function bindingRules(bases: readonly string[], path: "either" | "raw"): BindingRules {
  const paths = path === "either" ? (["raw", "decoded"] as const) : (["raw"] as const);
  return {
    baseUrl: bases[0] as string,
    ways: bases.flatMap((baseUrl) => paths.map((one) => readQshOptions({ baseUrl, path: one }))),
  };
}

/**
 * Checks that a request is the one that was signed.
 *
 * @throws {QshError} ERR_QSH_MISMATCH
 */
export function checkBinding(claimed: string, request: QshRequest, { baseUrl, ways }: BindingRules): void {
  let computed: string | undefined;
  for (const way of ways) {
    const hash = hashTarget(readTargetBy(request, way));
    if (claimed === hash) return;
    computed ??= hash;
  }
  throw new QshError("ERR_QSH_MISMATCH", '"qsh" claim is not the hash of this request', {
    claimed,
    computed: computed as string,
    hint: "await error.explain() on the server finds which known mistake makes the claimed hash",
    explain: async () => {
      const [{ explainQsh }, { qshPeers }] = await Promise.all([import("../qsh/explain.ts"), import("./peers.ts")]);
      return explainQsh(claimed, request, { baseUrl, peers: qshPeers });
    },
  });
}

/** What of a request is bound. Copied, so that an error which is explained later holds no request. */
export function boundParts(request: { readonly method: string; readonly url: string }, form?: string): QshRequest {
  const { method, url } = request;
  return form === undefined ? { method, url } : { method, url, form };
}
