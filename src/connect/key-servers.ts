/**
 * Where the keys of signed installs are: `<base>/<kid>`, the new host first, the older one behind it.
 */

/** Which of Atlassian's clouds the app's sites are in. */
export type ConnectEnvironment = "production" | "staging" | "fedramp" | "fedramp-staging";

/** The key servers of each environment. The environment is configuration: no body and no claim chooses it. */
export const KEY_SERVERS: Readonly<Record<ConnectEnvironment, readonly string[]>> = {
  production: ["https://asap-distribution.us-west-2.prod.atl-asap.net", "https://connect-install-keys.atlassian.com"],
  staging: [
    "https://asap-distribution.us-west-2.staging.atl-asap.net",
    "https://cs-migrations--cdn.us-east-1.staging.public.atl-paas.net",
  ],
  fedramp: [
    "https://asap-distribution.us-west-2.prod.atl-auth-us-gov-mod.net",
    "https://cs-migrations--fedrampcdn.us-east-1.prod.cdn.atlassian-us-gov-mod.com",
  ],
  "fedramp-staging": [
    "https://asap-distribution.us-west-2.staging.atl-auth-us-gov-mod.net",
    "https://cs-migrations--fedrampcdn.us-east-1.staging.cdn.atlassian-us-gov-mod.com",
  ],
};
