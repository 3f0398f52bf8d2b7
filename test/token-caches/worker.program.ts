/** Runs in workerd: one token source per isolate, asked by many requests. */
import { waitUntil } from "cloudflare:workers";
import { createUserTokenSource, durableTokenCache, kvTokenCache } from "../../src/oauth2/index.ts";
import type {
  DurableNamespaceLike,
  KvNamespaceLike,
  TokenCache,
  TokenSource,
  UserInstallation,
} from "../../src/oauth2/index.ts";

export { TokenCacheObject } from "../../src/oauth2/index.ts";

interface Bindings {
  readonly CACHE: "none" | "kv" | "object";
  readonly WAIT_UNTIL: boolean;
  readonly INSTALLATION: UserInstallation;
  readonly ACCOUNT_ID: string;
  readonly KV: KvNamespaceLike;
  readonly OBJECT: DurableNamespaceLike;
}

const caches: Readonly<Record<Bindings["CACHE"], (env: Bindings) => TokenCache | undefined>> = {
  none: () => undefined,
  kv: (env) => kvTokenCache(env.KV),
  object: (env) => durableTokenCache(env.OBJECT),
};

let source: TokenSource | undefined;

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    const cache = caches[env.CACHE](env);
    source ??= createUserTokenSource({
      installation: env.INSTALLATION,
      accountId: env.ACCOUNT_ID,
      timeout: 2,
      cacheTimeout: 1,
      ...(cache === undefined ? {} : { cache }),
      ...(env.WAIT_UNTIL ? { waitUntil } : {}),
    });
    const patience = new URL(request.url).searchParams.get("patience");
    try {
      const options = patience === null ? {} : { signal: AbortSignal.timeout(Number(patience)) };
      return new Response((await source.getToken(options)).accessToken);
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
};
