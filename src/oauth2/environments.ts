/**
 * Which authorization server a site trusts. Audience and token endpoint move together.
 */
const PRODUCTION = "https://oauth-2-authorization-server.services.atlassian.com";

/** By the end of the site's host name, as atlassian-connect-express 11.5.3 has them. */
const OTHERS: readonly (readonly [suffix: string, server: string])[] = [
  [".atlassian-us-gov-mod.net", "https://oauth-2-authorization-server.services.atlassian-us-gov-mod.com"],
  [".jira-dev.com", "https://oauth-2-authorization-server.stg.services.atlassian.com"],
  [".atlassian-stg-fedm.net", "https://oauth-2-authorization-server.stg.services.atlassian-us-gov-mod.com"],
];

/** The authorization server of a site, without a trailing slash. */
export function authorizationServerOf(site: URL): string {
  return OTHERS.find(([suffix]) => site.hostname.endsWith(suffix))?.[1] ?? PRODUCTION;
}
