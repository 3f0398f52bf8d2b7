/**
 * One tenant as text, and back.
 */
import { InstallationError } from "../../errors.ts";
import type { Installation } from "../../types.ts";

/** What a record is written as. */
export function encodeRecord(installation: Installation): string {
  return JSON.stringify(installation);
}

/**
 * Reads what a medium answered for a tenant: text, or the object that the medium made of it.
 *
 * @throws {InstallationError} ERR_INSTALLATION_LOOKUP for anything that is not that tenant's record
 */
export function decodeRecord(kept: unknown, clientKey: string): Installation | undefined {
  if (kept === undefined || kept === null) return undefined;
  const record = parseKept(kept);
  if (own(record, "clientKey") !== clientKey || typeof own(record, "sharedSecret") !== "string") {
    throw new InstallationError("ERR_INSTALLATION_LOOKUP", "stored installation is not that of the tenant");
  }
  return record as Installation;
}

/** A member of what a medium answered, if it has that itself. */
export function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** What a medium answered, read as JSON unless the medium did that; `undefined` for text that is none. */
export function parseKept(kept: unknown): unknown {
  if (typeof kept !== "string") return kept;
  try {
    return JSON.parse(kept);
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}
