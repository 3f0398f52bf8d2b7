/**
 * An answer that is none: said in one line, with the reason that the server gave, if any.
 */
import { CliError, exitCodes } from "./failure.ts";
import type { Site } from "./site.ts";

/** @throws what the answer amounts to, unless it is ok */
export async function requireOk(response: Response, site: Site): Promise<void> {
  if (response.ok) return;
  const { status } = response;
  if (site.kind === "oauth1") {
    const { readOAuth1Problem } = await import("../oauth1/problem.ts");
    const problem = await readOAuth1Problem(response);
    if (problem !== undefined) throw problem;
  }
  if (status >= 300 && status < 400) {
    throw new CliError(`the server answered ${status}, a redirect to elsewhere`, {
      exitCode: exitCodes.refused,
      fix: "--server must be the address that the server calls its own",
    });
  }
  throw new CliError(`the server answered ${status}`, { exitCode: exitCodes.refused, fix: fixFor(status, site) });
}

function fixFor(status: number, { kind }: Site): string | undefined {
  if (status === 401)
    return kind === "none"
      ? "this needs credentials: see --help"
      : "the credentials were not accepted: jwt-qsh doctor looks for the reason";
  if (status === 403) return "the user may not do this, or must solve a captcha in the browser first";
  if (status === 404) return "is it the right path, and is the context path in --server?";
  if (status === 429) return "too many requests: wait";
  return undefined;
}

/** The body as JSON. */
export async function readJson(response: Response, site: Site): Promise<unknown> {
  await requireOk(response, site);
  try {
    return await response.json();
  } catch {
    throw new CliError("the answer is no JSON", {
      exitCode: exitCodes.refused,
      fix: "a login page or a proxy answered: is the context path in --server?",
    });
  }
}
