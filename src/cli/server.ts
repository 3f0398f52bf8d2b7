/**
 * The address of a server, as people give it, and how long it may take to answer.
 */
import { basePathOf, readBaseUrl } from "../http.ts";
import type { FetchLike } from "../types.ts";
import { CliError, exitCodes } from "./failure.ts";

/** What people paste: without a scheme, with a slash, or the address of a page. */
export function readServer(text: string, unsafeHttp = false): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const cut = whole
    .replace(/[?#].*$/s, "")
    .replace(
      /\/(?:browse|secure|projects|issues|plugins\/servlet|rest|login\.jsp|display|pages|spaces)(?:\/.*)?$/s,
      "",
    );
  try {
    const url = readBaseUrl(cut, "--server", { unsafeHttp });
    return url.origin + basePathOf(url);
  } catch (error) {
    const { message } = error as Error;
    throw new CliError(message, {
      fix: message.endsWith("https URL") ? "use https, or --unsafe-http where that cannot be had" : undefined,
    });
  }
}

/** Where OAuth 1.0a is gone for good. */
export function refuseCloud(baseUrl: string): void {
  if (!/\.(?:atlassian\.net|jira\.com|jira-dev\.com)$/.test(new URL(baseUrl).hostname)) return;
  throw new CliError("this is a Cloud site, which has no OAuth 1.0a", {
    exitCode: exitCodes.usage,
    fix: "use an API token (--username with --password-file), or a Connect app (--app-key)",
  });
}

/** The global fetch with a time limit. */
export function timedFetch(timeout: number): FetchLike {
  return (request) => {
    const limit = AbortSignal.timeout(timeout * 1000);
    return fetch(request, { signal: AbortSignal.any([request.signal, limit]) });
  };
}
