/**
 * The `Authorization` header (RFC 9110 section 11.6.2), as far as schemes that carry one token go.
 */

/** A token in an `Authorization` header. */
export interface HeaderCredential {
  readonly token: string;
  /** False when the header lists more than this: a header that was sent twice arrives joined by commas. */
  readonly isAlone: boolean;
}

/**
 * Finds the credential of a scheme, which is compared without case. No token that is looked for holds a comma.
 *
 * @param scheme in lower case
 */
export function readAuthorization(header: string | null, scheme: string): HeaderCredential | undefined {
  if (header === null) return undefined;
  for (let start = 0; start <= header.length; ) {
    const comma = header.indexOf(",", start);
    const end = comma < 0 ? header.length : comma;
    const part = header.slice(start, end).trim();
    const rest = part.charAt(scheme.length);
    if ((rest === "" || rest === " ") && part.slice(0, scheme.length).toLowerCase() === scheme) {
      return { token: part.slice(scheme.length).trimStart(), isAlone: !header.includes(",") };
    }
    start = end + 1;
  }
  return undefined;
}
