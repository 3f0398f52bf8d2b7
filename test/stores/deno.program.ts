/** Runs in Deno: the store suite over Deno KV and `node:sqlite`. */
import { DatabaseSync } from "node:sqlite";
import { cachedInstallations } from "../../src/connect/stores/cached.ts";
import { denoKvInstallations } from "../../src/connect/stores/deno-kv.ts";
import type { DenoKvLike } from "../../src/connect/stores/deno-kv.ts";
import { encryptedInstallations } from "../../src/connect/stores/encrypted.ts";
import { sqlInstallations, sqlInstallationsSchema } from "../../src/connect/stores/sql.ts";
import { outcomesOf } from "./outcomes.ts";

declare const Deno: { openKv(path: string): Promise<DenoKvLike & { close(): void }> };

const memory = await Deno.openKv(":memory:");
const file = await Deno.openKv("tenants.db");
const database = new DatabaseSync("tenants.sqlite");
database.exec(sqlInstallationsSchema({ table: "tenants" }));
const sqlite = sqlInstallations(database, { table: "tenants" });

console.log(
  JSON.stringify({
    "Deno KV in memory": await outcomesOf(() => denoKvInstallations(memory)),
    "Deno KV in a file": await outcomesOf(() => denoKvInstallations(file)),
    "Deno KV, sealed and cached": await outcomesOf(() =>
      cachedInstallations(encryptedInstallations(denoKvInstallations(memory), "k".repeat(32)), { ttl: 60 }),
    ),
    "node:sqlite": await outcomesOf(() => sqlite),
  }),
);
memory.close();
file.close();
database.close();
