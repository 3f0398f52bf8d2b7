import type { JsonObject, JsonValue } from "../types.ts";

/** Parses JSON; `undefined` when the text is none. */
export function parseJson(source: string): JsonValue | undefined {
  try {
    return JSON.parse(source) as JsonValue;
  } catch {
    return undefined; // the caller answers 400
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
