/**
 * Seats: how many are used, how many are licensed, until when.
 */
import { readJson } from "./refusal.ts";
import type { Site } from "./site.ts";

/** The seats of one application. */
export interface Seats {
  readonly application: string;
  readonly used: number;
  /** `-1` is without limit. */
  readonly licensed: number;
  /** ISO 8601; `null` where it cannot be read; absent where the licence does not end. */
  readonly expires?: string | null;
}

const ROOT = "/rest/plugins/applications/1.0/installed";

interface Installed {
  readonly key?: string;
  readonly accessDetails?: { readonly activeUserCount?: number; readonly licensedUserCount?: number };
}

/** Reads the seats of one application, or of all that are installed. */
export async function readSeats(site: Site, application?: string): Promise<Seats[]> {
  const keys = application === undefined ? await installedKeys(site) : [application];
  return Promise.all(keys.map((key) => readApplication(site, key)));
}

async function installedKeys(site: Site): Promise<string[]> {
  const answer = await readJson(await site.fetch(ROOT), site);
  const list = Array.isArray(answer) ? answer : ((answer as { applications?: unknown[] }).applications ?? []);
  return (list as Installed[]).flatMap(({ key, accessDetails }) =>
    key === undefined || accessDetails === undefined ? [] : [key],
  );
}

async function readApplication(site: Site, key: string): Promise<Seats> {
  const path = `${ROOT}/${encodeURIComponent(key)}`;
  const { accessDetails = {} } = (await readJson(await site.fetch(path), site)) as Installed;
  const license = await site.fetch(`${path}/license`);
  const { expiryDate } = ((license.ok ? await readJson(license, site) : undefined) ?? {}) as { expiryDate?: unknown };
  return {
    application: key,
    used: accessDetails.activeUserCount ?? 0,
    licensed: accessDetails.licensedUserCount ?? -1,
    ...(expiryDate != null && { expires: readDate(expiryDate) }),
  };
}

function readDate(date: unknown): string | null {
  const moment = new Date(typeof date === "string" || typeof date === "number" ? date : Number.NaN);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
