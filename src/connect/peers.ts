/**
 * Which published implementations make which mistakes with the query string hash, as found by running them or by
 * reading their source.
 */
import type { QshPeers } from "../qsh/explain.ts";

/**
 * Who is known for which mistake: hand it to `explainQsh` as `peers`.
 *
 * @example
 * ```ts
 * import { explainQsh } from "jwt-qsh";
 * import { qshPeers } from "jwt-qsh/connect";
 *
 * const { causes } = explainQsh(claims.qsh, request, { baseUrl, peers: qshPeers });
 * ```
 */
export const qshPeers: QshPeers = {
  "base-path-kept": ["jira.js 5", "atlassian-jwt with a base URL that ends in a slash"],
  "base-path-stripped-within-segment": ["atlassian-jwt", "the Java library"],
  "base-path-stripped-twice": ["MeisterLabs atlassian-connect"],
  "trailing-slash-kept": ["rbriski go-atlassian-connect", "MeisterLabs atlassian-connect", "pycontribs jira"],
  "trailing-slashes-removed": ["Python atlassian_jwt"],
  "path-decoded": ["Atlassian products, when they call an app", "github-for-jira"],
  "path-normalized": ["jira.js 5", "everything that takes the path from new URL()"],
  "path-escaped": ["atlassian-jwt with an absolute URL", "url.parse of Node.js"],
  "path-ampersand-raw": ["MeisterLabs atlassian-connect", "pycontribs jira"],
  "path-empty": ["rbriski go-atlassian-connect", "pycontribs jira"],
  "query-dropped": ["MeisterLabs atlassian-connect"],
  "form-not-merged": ["atlassian-jwt with a query", "Express with atlassian-jwt"],
  "body-merged": ["Express with atlassian-jwt, on PUT"],
  "jwt-kept": ["pycontribs jira"],
  "jwt-dropped-in-any-case": ["rbriski go-atlassian-connect"],
  "names-sorted-decoded": ["atlassian-jwt", "jira.js 5", "rbriski go-atlassian-connect"],
  "values-not-sorted": ["toolsplus atlassian-jwt (Scala)", "evrone atlassian-jwt-authentication (Ruby)"],
  "values-sorted-by-code-point": ["Python atlassian_jwt"],
  "values-repeated-as-pairs": ["MeisterLabs atlassian-connect"],
  "plus-not-decoded": ["pycontribs jira, once"],
  "encoded-twice": ["PHP clients that encode the raw query"],
  "invalid-escapes-kept": ["Express 4 and its qs parser"],
  "brackets-nested": ["Express 4", "Express 5 with the extended query parser"],
  "semicolon-splits": ["Ruby, and Python before 3.10"],
  "proto-dropped": ["atlassian-jwt"],
  "cut-at-1000": ["atlassian-jwt", "Express, with its parameterLimit"],
};
