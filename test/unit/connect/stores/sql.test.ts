import { describe, expect, test } from "vitest";
import { sqlInstallations, sqlInstallationsSchema } from "../../../../src/connect/stores/sql.ts";
import type { SqlDatabaseLike } from "../../../../src/connect/stores/sql.ts";
import { installationStoreSuite } from "../../../../src/testing/installation-store-suite.ts";
import { badType, badValue, failure } from "../../../support/failure.ts";

const database = { prepare: () => ({ get: () => undefined, run: () => undefined }) };

type Row = Record<"client_key" | "installation_id" | "record", string | null>;
type Query = (...values: (string | null)[]) => Row | undefined;

/** A table that knows the four statements, and as better-sqlite3 does, reads no write and runs no read. */
function fakeTable(): Record<"read" | "run", (sql: string) => Query> {
  const rows = new Map<string | null, Row>();
  const reads: Record<string, Query> = {
    "SELECT record FROM installations WHERE client_key = ?": (key = null) => rows.get(key),
    "SELECT client_key, record FROM installations WHERE installation_id = ? ORDER BY rowid DESC LIMIT 1": (id = null) =>
      [...rows.values()].reverse().find((row) => row.installation_id === id),
  };
  const writes: Record<string, Query> = {
    "INSERT OR REPLACE INTO installations (client_key, installation_id, record) VALUES (?, ?, ?)": (
      client_key = null,
      installation_id = null,
      record = null,
    ) => {
      rows.delete(client_key);
      rows.set(client_key, { client_key, installation_id, record });
      return undefined;
    },
    "DELETE FROM installations WHERE client_key = ?": (key = null) => void rows.delete(key),
  };
  const pick = (from: Record<string, Query>) => (sql: string): Query => {
    const query = from[sql];
    if (query === undefined) throw new Error(`no such statement here: ${sql}`);
    return query;
  };
  return { read: pick(reads), run: pick(writes) };
}

/** The statements of `node:sqlite`. */
function direct(): SqlDatabaseLike {
  const { read, run } = fakeTable();
  return { prepare: (sql) => ({ get: (...values) => read(sql)(...values), run: (...values) => run(sql)(...values) }) };
}

/** The statements of D1, which are bound first, and answer `null` for no row. */
function bound(): SqlDatabaseLike {
  const { read, run } = fakeTable();
  return {
    prepare: (sql) => ({
      bind: (...values) => ({ first: async () => read(sql)(...values) ?? null, run: async () => run(sql)(...values) }),
    }),
  };
}

describe.each([
  ["called directly", direct],
  ["bound first", bound],
])("statements that are %s", (_how, create) => {
  for (const { name, run } of installationStoreSuite(() => sqlInstallations(create()))) test(name, run);
});

test("the schema is the one that migrations have run already", () => {
  expect(sqlInstallationsSchema().split("\n")).toEqual([
    "CREATE TABLE IF NOT EXISTS installations (client_key TEXT PRIMARY KEY NOT NULL, installation_id TEXT, record TEXT NOT NULL);",
    "CREATE INDEX IF NOT EXISTS installations_by_installation_id ON installations (installation_id);",
  ]);
});

describe("the table's name", () => {
  test.each(["", "a b", "a;b", 'a"', "1a", "é"])("%j is refused", (table) => {
    const expected = badValue('"options.table" must be letters, digits and underscores');
    expect(failure(() => sqlInstallations(database, { table }))).toEqual(expected);
    expect(failure(() => sqlInstallationsSchema({ table }))).toEqual(expected);
  });

  test("a list with a good name in it is refused", () => {
    const expected = badValue('"options.table" must be letters, digits and underscores');
    expect(failure(() => sqlInstallationsSchema({ table: ["t_1"] as never }))).toEqual(expected);
  });

  test("options that are none are refused", () => {
    expect(failure(() => sqlInstallations(database, null as never))).toEqual(badType('"options" must be an object'));
  });

  test("stands in every statement", async () => {
    const statements: string[] = [];
    const recorder = { prepare: (sql: string) => (statements.push(sql), { get: () => null, run: () => null }) };
    const store = sqlInstallations(recorder, { table: "t_1" });
    await store.save({ clientKey: "a", sharedSecret: "b" });
    await store.find("a");
    await store.remove("a");
    await store.findByForgeInstallation("a");
    expect(statements.every((sql) => / t_1 /.test(sql))).toBe(true);
    expect(sqlInstallationsSchema({ table: "t_1" }).split("\n")).toHaveLength(2);
  });
});
