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
  "base-path-stripped-twice": ["MeisterLabs (Ruby)"],
  "trailing-slash-kept": ["rbriski (Go)", "MeisterLabs (Ruby)", "pycontribs jira (Python)"],
  "trailing-slashes-removed": ["atlassian_jwt (Python)"],
  "path-decoded": ["Atlassian products, when they call an app", "github-for-jira"],
  "path-normalized": ["jira.js 5", "everything that takes the path from new URL()"],
  "path-escaped": ["atlassian-jwt with an absolute URL", "url.parse of Node.js"],
  "path-ampersand-raw": ["MeisterLabs (Ruby)", "pycontribs jira (Python)"],
  "path-empty": ["rbriski (Go)", "pycontribs jira (Python)"],
  "query-dropped": ["MeisterLabs (Ruby)"],
  "form-not-merged": ["atlassian-jwt with a query", "Express with atlassian-jwt"],
  "body-merged": ["Express with atlassian-jwt, on PUT"],
  "jwt-kept": ["pycontribs jira (Python)"],
  "jwt-dropped-in-any-case": ["rbriski (Go)"],
  "names-sorted-decoded": ["atlassian-jwt", "jira.js 5", "rbriski (Go)"],
  "values-not-sorted": ["toolsplus (Scala)", "evrone (Ruby)"],
  "values-sorted-by-code-point": ["atlassian_jwt (Python)"],
  "values-repeated-as-pairs": ["MeisterLabs (Ruby)"],
  "plus-not-decoded": ["pycontribs jira (Python), once"],
  "encoded-twice": ["PHP clients that encode the raw query"],
  "invalid-escapes-kept": ["Express 4 and its qs parser"],
  "brackets-nested": ["Express 4", "Express 5 with the extended query parser"],
  "semicolon-splits": ["Ruby, and Python before 3.10"],
  "proto-dropped": ["atlassian-jwt"],
  "cut-at-1000": ["atlassian-jwt", "Express, with its parameterLimit"],
};
