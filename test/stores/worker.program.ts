/** Runs in workerd: the store suite over KV, D1 and Durable Objects. */
import {
  cachedInstallations,
  durableInstallations,
  encryptedInstallations,
  kvInstallations,
  sqlInstallations,
} from "../../src/connect/stores/index.ts";
import type { DurableNamespaceLike, KvNamespaceLike, SqlDatabaseLike } from "../../src/connect/stores/index.ts";
import type { InstallationStore } from "../../src/types.ts";
import { outcomesOf } from "./outcomes.ts";

export { InstallationsObject } from "../../src/connect/stores/index.ts";

interface Bindings {
  readonly KV: KvNamespaceLike;
  readonly DB: SqlDatabaseLike;
  readonly OBJECT: DurableNamespaceLike;
  readonly SQLITE_OBJECT: DurableNamespaceLike;
}

const secret = "k".repeat(32);
const stores: Readonly<Record<string, (env: Bindings) => Required<InstallationStore>>> = {
  kv: (env) => kvInstallations(env.KV),
  d1: (env) => sqlInstallations(env.DB),
  object: (env) => durableInstallations(env.OBJECT),
  "sqlite-object": (env) => durableInstallations(env.SQLITE_OBJECT),
  "sealed-kv": (env) => encryptedInstallations(kvInstallations(env.KV), secret),
  "sealed-d1": (env) => encryptedInstallations(sqlInstallations(env.DB), secret),
  "cached-object": (env) => cachedInstallations(durableInstallations(env.OBJECT), { ttl: 60 }),
};

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    const create = stores[new URL(request.url).pathname.slice(1)];
    if (create === undefined) return new Response(null, { status: 404 });
    return Response.json(await outcomesOf(() => create(env)));
  },
};
