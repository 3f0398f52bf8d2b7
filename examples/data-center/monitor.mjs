// The licence monitor, as a plug-in for Nagios and its kin. It reads the profile that `jwt-qsh oauth1 dance` has saved:
//
//   node examples/data-center/monitor.mjs PROFILE jira-software
//   deno run --allow-env --allow-read --allow-net examples/data-center/monitor.mjs PROFILE jira-software
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createSignedFetch } from "jwt-qsh/fetch";
import { createOAuth1Signer, readOAuth1Problem } from "jwt-qsh/oauth1";
import { checkLicense } from "./licenses.mjs";

const limits = { seats: { warn: 10, critical: 1 }, days: { warn: 30, critical: 7 } };
const [name, application = "jira-software"] = process.argv.slice(2);

try {
  const { server: baseUrl, consumerKey, privateKey, token } = await readProfile(name);
  const sign = createOAuth1Signer({ baseUrl, consumerKey, privateKey, token: { token } });
  const jira = createSignedFetch({ baseUrl, sign, fetch: refusalsExplained });
  const { code, line } = await checkLicense(jira, application, limits);
  console.log(line);
  process.exitCode = code;
} catch (error) {
  console.log(`LICENSE UNKNOWN - ${error.message}`);
  process.exitCode = 3;
}

async function readProfile(wanted) {
  const folder =
    process.env.JWT_QSH_CONFIG ?? join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "jwt-qsh");
  const file = JSON.parse(await readFile(join(folder, "profiles.json"), "utf8"));
  const profile = file.profiles[wanted ?? file.default];
  if (profile?.kind !== "oauth1")
    throw new Error("there is no such profile: jwt-qsh oauth1 dance --save NAME makes one");
  return profile;
}

/** A refusal that says why, in place of a bare 401. A skewed clock is left to the signer, which mends it. */
async function refusalsExplained(request) {
  const response = await fetch(request, { signal: AbortSignal.timeout(10_000) });
  const problem = response.ok ? undefined : await readOAuth1Problem(response);
  if (problem !== undefined && problem.problem !== "timestamp_refused") throw problem;
  return response;
}
