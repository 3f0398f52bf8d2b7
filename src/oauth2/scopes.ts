/**
 * Scopes as they go on the wire (RFC 6749 section 3.3).
 */
import { argumentError } from "../errors.ts";

/** A scope-token, but for the plus: a list that was joined by one would be a single, unknown scope. */
const SCOPE = /^[\x21\x23-\x2a\x2c-\x5b\x5d-\x7e]+$/;

/**
 * Checks scopes and takes out the double ones, in the order given. One string may hold several, as the wire has them.
 *
 * @returns `undefined` when there are none: the server then grants all that the app may have
 */
export function readScopes(scopes: unknown, label: string): readonly string[] | undefined {
  if (scopes === undefined) return undefined;
  if (!Array.isArray(scopes)) throw argumentError(label, "must be an array of scopes", "ERR_INVALID_ARG_TYPE");
  const names = new Set<string>();
  for (const item of scopes as readonly unknown[]) {
    if (typeof item !== "string") throw argumentError(label, "must be an array of strings", "ERR_INVALID_ARG_TYPE");
    for (const name of item.split(" ").filter((part) => part !== "")) {
      if (!SCOPE.test(name)) {
        throw argumentError(label, "must hold scopes of visible ASCII without quotes, backslashes and plus signs");
      }
      names.add(name);
    }
  }
  return names.size === 0 ? undefined : [...names];
}

/** {@link readScopes} in the upper case that Jira and Confluence want: `READ`, `ACT_AS_USER`. */
export function readUpperScopes(scopes: unknown, label: string): readonly string[] | undefined {
  const names = readScopes(scopes, label)?.map((name) => name.toUpperCase());
  return names === undefined ? undefined : [...new Set(names)];
}
