/** The stores of Cloudflare's platform in workerd itself, which miniflare starts. */
import { Log, LogLevel, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sqlInstallationsSchema } from "../../src/connect/stores/sql.ts";
import { bundle } from "./bundle.ts";
import { allPassed } from "./outcomes.ts";

let worker: Miniflare;

beforeAll(async () => {
  worker = new Miniflare({
    log: new Log(LogLevel.ERROR),
    // Nothing is fetched from afar.
    cf: false,
    telemetry: { enabled: false },
    modules: true,
    script: await bundle("test/stores/worker.program.ts"),
    compatibilityDate: "2026-04-01",
    kvNamespaces: ["KV"],
    d1Databases: ["DB"],
    durableObjects: {
      OBJECT: { className: "InstallationsObject" },
      SQLITE_OBJECT: { className: "InstallationsObject", useSQLite: true },
    },
  });
  const database = await worker.getD1Database("DB");
  // Twice: a migration that runs again changes nothing.
  await database.exec(sqlInstallationsSchema());
  await database.exec(sqlInstallationsSchema());
}, 30_000);

afterAll(async () => {
  await worker.dispose();
});

test.each(["kv", "d1", "object", "sqlite-object", "sealed-kv", "sealed-d1", "cached-object"])("%s", async (store) => {
  const response = await worker.dispatchFetch(`http://worker.test/${store}`);
  expect(await response.json()).toEqual(allPassed);
});
