/** Which of Atlassian's clouds a site belongs to. */
export type FakeEnvironment = "production" | "staging" | "fedramp" | "fedramp-staging";

/** Where an environment keeps its services. */
export interface FakeEndpoints {
  /** Base URLs of the install keys, `<base>/<kid>`: the primary, then the older fallback. */
  readonly keyServers: readonly string[];
  /** The JSON Web Key Set of Forge invocation tokens. */
  readonly jwks: string;
  /** The OAuth 2.0 authorization server: the `aud` of assertions; the token endpoint is `<base>/oauth2/token`. */
  readonly authorizationServer: string;
}

const ASAP = "https://asap-distribution.us-west-2";
const MIGRATIONS = "https://cs-migrations--";
const SERVER = "https://oauth-2-authorization-server";
const PRODUCTION_JWKS = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json";
const STAGING_JWKS = "https://forge.cdn.stg.atlassian-dev.net/.well-known/jwks.json";

export const ENDPOINTS: Readonly<Record<FakeEnvironment, FakeEndpoints>> = {
  production: {
    keyServers: [`${ASAP}.prod.atl-asap.net`, "https://connect-install-keys.atlassian.com"],
    jwks: PRODUCTION_JWKS,
    authorizationServer: `${SERVER}.services.atlassian.com`,
  },
  staging: {
    keyServers: [`${ASAP}.staging.atl-asap.net`, `${MIGRATIONS}cdn.us-east-1.staging.public.atl-paas.net`],
    jwks: STAGING_JWKS,
    authorizationServer: `${SERVER}.stg.services.atlassian.com`,
  },
  // No key sets of their own are known for Forge there; the commercial ones stand in.
  fedramp: {
    keyServers: [
      `${ASAP}.prod.atl-auth-us-gov-mod.net`,
      `${MIGRATIONS}fedrampcdn.us-east-1.prod.cdn.atlassian-us-gov-mod.com`,
    ],
    jwks: PRODUCTION_JWKS,
    authorizationServer: `${SERVER}.services.atlassian-us-gov-mod.com`,
  },
  "fedramp-staging": {
    keyServers: [
      `${ASAP}.staging.atl-auth-us-gov-mod.net`,
      `${MIGRATIONS}fedrampcdn.us-east-1.staging.cdn.atlassian-us-gov-mod.com`,
    ],
    jwks: STAGING_JWKS,
    authorizationServer: `${SERVER}.stg.services.atlassian-us-gov-mod.com`,
  },
};

const SUFFIXES: readonly (readonly [suffix: string, environment: FakeEnvironment])[] = [
  [".jira-dev.com", "staging"],
  [".atlassian-us-gov-mod.net", "fedramp"],
  [".atlassian-stg-fedm.net", "fedramp-staging"],
];

/** The environment of a site, by its host. */
export function environmentOf(hostname: string): FakeEnvironment {
  return SUFFIXES.find(([suffix]) => hostname.endsWith(suffix))?.[1] ?? "production";
}
