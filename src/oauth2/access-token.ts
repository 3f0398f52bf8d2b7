/** An access token. It is shown neither by JSON nor by inspection; read `accessToken`. */
export interface AccessToken {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  /** When it expires, in seconds since the epoch. */
  readonly expiresAt: number;
  /** What the server says it granted, where it says so. */
  readonly scopes?: readonly string[];
}

/** The token as an object that does not tell its secret unasked. */
export function makeAccessToken(accessToken: string, expiresAt: number, scopes?: readonly string[]): AccessToken {
  const token = { tokenType: "Bearer" as const, expiresAt, ...(scopes === undefined ? {} : { scopes: Object.freeze([...scopes]) }) };
  return Object.freeze(Object.defineProperty(token, "accessToken", { value: accessToken }) as typeof token & { accessToken: string });
}
