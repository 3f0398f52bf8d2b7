import { argumentError } from "../../errors.ts";
import { ownOptions } from "../../jwt/options.ts";
import type { Awaitable, Installation, InstallationStore } from "../../types.ts";
import { decodeRecord, encodeRecord, own } from "./record.ts";

type SqlValue = string | null;

/** A prepared statement of Cloudflare D1. */
interface BoundStatementLike {
  bind(...values: SqlValue[]): { first(): Promise<unknown>; run(): Promise<unknown> };
}
/** A prepared statement of `node:sqlite`, `bun:sqlite` and better-sqlite3. */
interface DirectStatementLike {
  get(...values: SqlValue[]): unknown;
  run(...values: SqlValue[]): unknown;
}

/** The part of an SQLite database that is used. */
export interface SqlDatabaseLike {
  prepare(sql: string): BoundStatementLike | DirectStatementLike;
}

/** Options of {@link sqlInstallations}. */
export interface SqlInstallationsOptions {
  /** The table's name: letters, digits and underscores; `installations` unless told. */
  table?: string;
}

/**
 * Keeps the tenants in an SQLite database: Cloudflare D1, or whatever has the statements of `node:sqlite`,
 * `bun:sqlite` or better-sqlite3.
 *
 * The table is that of {@link sqlInstallationsSchema}, which a migration creates once.
 *
 * @example
 * ```ts
 * import { sqlInstallations } from "jwt-qsh/stores";
 *
 * const installations = sqlInstallations(env.DB);
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_VALUE for a table's name that would need quotes
 * @see https://developers.cloudflare.com/d1/worker-api/
 */
export function sqlInstallations(
  database: SqlDatabaseLike,
  options: SqlInstallationsOptions = {},
): Required<InstallationStore> {
  const table = readTable(options);

  function execute(how: "first" | "run", sql: string, ...values: SqlValue[]): Awaitable<unknown> {
    const statement = database.prepare(sql);
    if (!("get" in statement)) return statement.bind(...values)[how]();
    return how === "first" ? statement.get(...values) : statement.run(...values);
  }

  return {
    async find(clientKey) {
      const row = await execute("first", `SELECT record FROM ${table} WHERE client_key = ?`, clientKey);
      return decodeRecord(own(row, "record"), clientKey);
    },
    async save(installation) {
      const { clientKey, installationId = null } = installation;
      // Not an update: a replaced row is the newest, by which one of two tenants with the same installation is chosen.
      const sql = `INSERT OR REPLACE INTO ${table} (client_key, installation_id, record) VALUES (?, ?, ?)`;
      await execute("run", sql, clientKey, installationId, encodeRecord(installation));
    },
    async remove(clientKey) {
      await execute("run", `DELETE FROM ${table} WHERE client_key = ?`, clientKey);
    },
    async findByForgeInstallation(installationId): Promise<Installation | undefined> {
      const sql = `SELECT client_key, record FROM ${table} WHERE installation_id = ? ORDER BY rowid DESC LIMIT 1`;
      const row = await execute("first", sql, installationId);
      return decodeRecord(own(row, "record"), String(own(row, "client_key")));
    },
  };
}

/**
 * The statements that create the table of {@link sqlInstallations}, one a line, for a migration. Running them again
 * changes nothing.
 *
 * @example
 * ```ts
 * import { sqlInstallationsSchema } from "jwt-qsh/stores";
 *
 * await env.DB.exec(sqlInstallationsSchema());
 * ```
 *
 * @throws {TypeError} ERR_INVALID_ARG_VALUE for a table's name that would need quotes
 */
export function sqlInstallationsSchema(options: SqlInstallationsOptions = {}): string {
  const table = readTable(options);
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (client_key TEXT PRIMARY KEY NOT NULL, installation_id TEXT, record TEXT NOT NULL);`,
    `CREATE INDEX IF NOT EXISTS ${table}_by_installation_id ON ${table} (installation_id);`,
  ].join("\n");
}

function readTable(options: SqlInstallationsOptions): string {
  const { table = "installations" } = ownOptions(options);
  if (typeof table !== "string" || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(table)) {
    throw argumentError('"options.table"', "must be letters, digits and underscores");
  }
  return table;
}
