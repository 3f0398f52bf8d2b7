/** The SQLite of other engines, as far as the tests need it. */
declare module "node:sqlite" {
  export class DatabaseSync {
    constructor(path: string);
    exec(sql: string): void;
    prepare(sql: string): { get(...values: (string | null)[]): unknown; run(...values: (string | null)[]): unknown };
    close(): void;
  }
}
declare module "bun:sqlite" {
  export class Database {
    constructor(path: string);
    exec(sql: string): void;
    prepare(sql: string): { get(...values: (string | null)[]): unknown; run(...values: (string | null)[]): unknown };
  }
}
