import { describe, expect, test } from "vitest";
import { sqlInstallations, sqlInstallationsSchema } from "../../../../src/connect/stores/sql.ts";
import { badType, badValue, failure } from "../../../support/failure.ts";

const database = { prepare: () => ({ get: () => undefined, run: () => undefined }) };

describe("the table's name", () => {
  test.each(["", "a b", "a;b", 'a"', "1a", "é"])("%j is refused", (table) => {
    const expected = badValue('"options.table" must be letters, digits and underscores');
    expect(failure(() => sqlInstallations(database, { table }))).toEqual(expected);
    expect(failure(() => sqlInstallationsSchema({ table }))).toEqual(expected);
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
