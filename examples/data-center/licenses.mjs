// Used and licensed seats of a Data Center site, and the end of the licence, judged as a Nagios plug-in judges.

/** The exit codes of a plug-in. */
export const states = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

const ROOT = "/rest/plugins/applications/1.0/installed";
const DAY = 86_400_000;

/**
 * @param jira a signed fetch
 * @param application its key, for example jira-software
 * @param limits free seats and days left: under `warn` a warning, under `critical` critical
 * @returns the plug-in's line and its exit code
 */
export async function checkLicense(jira, application, limits, now = Date.now()) {
  const installed = await read(jira, `${ROOT}/${encodeURIComponent(application)}`);
  const license = await read(jira, `${ROOT}/${encodeURIComponent(application)}/license`);
  const { activeUserCount: used, licensedUserCount: licensed } = installed.accessDetails;
  const unlimited = licensed < 0;
  const free = unlimited ? Infinity : licensed - used;
  const days = license.expiryDate === undefined ? Infinity : Math.floor((new Date(license.expiryDate) - now) / DAY);

  const code = Math.max(judge(free, limits.seats), judge(days, limits.days));
  const seats = `${used}/${unlimited ? "unlimited" : licensed} seats used`;
  const end = days === Infinity ? "no end" : days < 0 ? `expired ${-days} days ago` : `${days} days left`;
  const data = [`used=${used};;;0;${unlimited ? "" : licensed}`, ...(days === Infinity ? [] : [`days=${days}`])];
  return { code, line: `LICENSE ${states[code]} - ${application}: ${seats}, ${end} | ${data.join(" ")}` };
}

function judge(value, { warn, critical }) {
  if (value < critical) return 2;
  return value < warn ? 1 : 0;
}

async function read(jira, path) {
  const response = await jira(path, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`the site answered ${response.status}`);
  return response.json();
}
