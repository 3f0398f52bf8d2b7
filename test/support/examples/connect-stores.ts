import type { DurableNamespaceLike, KvNamespaceLike, SqlDatabaseLike } from "jwt-qsh/stores";
import { createStorage } from "unstorage";

/** The bindings of a Worker: the examples compile against them, and call none. */
interface Bindings {
  readonly INSTALLATIONS: KvNamespaceLike & DurableNamespaceLike;
  readonly INSTALLATIONS_KEY: string;
  readonly DB: SqlDatabaseLike & { exec(sql: string): Promise<unknown> };
}

export const env = {
  INSTALLATIONS: {},
  INSTALLATIONS_KEY: "k".repeat(32),
  DB: { exec: () => Promise.resolve() },
} as unknown as Bindings;

export const storage = createStorage();
