/** Runs in Bun: the store suite over `bun:sqlite`. */
import { Database } from "bun:sqlite";
import { sqlInstallations, sqlInstallationsSchema } from "../../src/connect/stores/sql.ts";
import { outcomesOf } from "./outcomes.ts";

const database = new Database("tenants.sqlite");
database.exec(sqlInstallationsSchema());

console.log(JSON.stringify({ "bun:sqlite": await outcomesOf(() => sqlInstallations(database)) }));
