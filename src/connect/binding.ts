/**
 * Holds a token's `qsh` against the request that it came with.
 */
import { QshError } from "../errors.ts";
import { qsh } from "../qsh/hash.ts";
import type { QshRequest } from "../qsh/request.ts";

/** The `qsh` of a token that is bound to a page and not to a URL. */
export const CONTEXT_QSH = "context-qsh";

/** How a request is read. */
export interface BindingRules {
  /** The app's base URLs, one of which is cut off the path. */
  readonly bases: readonly string[];
  /** `either` also accepts the hash of the percent-decoded path, which products sign. */
  readonly path: "either" | "raw";
}

/**
 * Checks that a request is the one that was signed.
 *
 * @throws {QshError} ERR_QSH_MISMATCH
 */
export function checkBinding(claimed: string, request: QshRequest, { bases, path }: BindingRules): void {
  let computed: string | undefined;
  for (const baseUrl of bases) {
    const raw = qsh(request, { baseUrl, path: "raw" });
    if (claimed === raw) return;
    // Products take their own path apart before they sign it, and cannot say `%2F`.
    if (path === "either" && claimed === qsh(request, { baseUrl, path: "decoded" })) return;
    computed ??= raw;
  }
  const baseUrl = bases[0] as string;
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
