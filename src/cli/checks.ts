/**
 * The doctor's checks. Each says one thing, and what to do when it does not hold.
 */
import { decodePercent } from "../encoding/percent.ts";
import { publicHalf, readPublicHalf } from "./rsa-pair.ts";
import type { Site } from "./site.ts";

/** What came of a check. */
export interface Finding {
  readonly check: string;
  readonly level: "ok" | "warning" | "error";
  readonly text: string;
  readonly fix?: string;
}

/** Is it there, what is it, and what does it call itself? */
export async function checkServer(site: Site): Promise<Finding[]> {
  const check = "server";
  const response = await site.plain(new Request(`${site.baseUrl}/rest/api/2/serverInfo`, { redirect: "manual" }));
  const clock = checkClock(response);
  if (response.status >= 300 && response.status < 400) {
    const fix = "use the address that the server calls its own: scheme, host and context path";
    return [...clock, { check, level: "error", text: `it answers with a redirect (${response.status})`, fix }];
  }
  const info = await readObject(response);
  if (info === undefined) {
    const fix = "is the context path in --server, and is it Jira?";
    return [...clock, { check, level: "error", text: `it does not say what it is (${response.status})`, fix }];
  }
  const text = ["deploymentType", "version"]
    .map((name) => String(info[name] ?? ""))
    .join(" ")
    .trim();
  const found: Finding[] = [...clock, { check, level: "ok", text: text === "" ? "it answers" : text }];
  const told = String(info["baseUrl"] ?? site.baseUrl).replace(/\/+$/, "");
  if (told !== site.baseUrl) {
    found.push({
      check: "address",
      level: "warning",
      text: `it calls itself ${JSON.stringify(told)}`,
      fix: "signatures are made over that address: use it as --server",
    });
  }
  return found;
}

/** What was answered, where it is ok and an object. */
async function readObject(response: Response): Promise<Record<string, unknown> | undefined> {
  const value: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function checkClock(response: Response): Finding[] {
  const date = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(date)) return [];
  const skew = Math.round((Date.now() - date) / 1000);
  const text =
    Math.abs(skew) <= 1
      ? "the clocks agree"
      : `our clock is ${Math.abs(skew)} s ${skew > 0 ? "ahead of" : "behind"} the server's`;
  if (Math.abs(skew) <= 30) return [{ check: "clock", level: "ok", text }];
  return [
    {
      check: "clock",
      level: Math.abs(skew) > 180 ? "error" : "warning",
      text,
      fix: "set this machine's clock (NTP), or the server's",
    },
  ];
}

/** Who are we? A call whose credentials are not whole is nobody's, and not refused. */
export async function checkIdentity(site: Site): Promise<Finding[]> {
  const check = "credentials";
  if (site.kind === "none")
    return [{ check, level: "warning", text: "none were given", fix: "name a --profile, or see --help" }];
  const response = await site.fetch("/rest/api/2/myself");
  if (response.headers.get("x-ausername") === "anonymous") {
    return [
      {
        check,
        level: "error",
        text: "the site takes us for nobody",
        fix: "a proxy takes the Authorization header away",
      },
    ];
  }
  if (response.ok) return [await readMyself(response)];
  if (site.kind !== "oauth1") {
    return [
      {
        check,
        level: "error",
        text: `they were not accepted (${response.status})`,
        fix: site.kind === "connect" ? "jwt-qsh explain tells what is wrong with a token" : "make new ones",
      },
    ];
  }
  return [await explainRefusal(site, response)];
}

async function readMyself(response: Response): Promise<Finding> {
  const check = "credentials";
  const myself = await readObject(response);
  if (myself === undefined) {
    const fix = "single sign-on or a proxy stands before the site: the credentials do not get past it";
    return { check, level: "error", text: "a login page answered, or something else that is no JSON", fix };
  }
  const { name, accountId, displayName } = myself;
  return { check, level: "ok", text: `we are ${String(displayName ?? name ?? accountId ?? "somebody")}` };
}

async function explainRefusal(site: Site, response: Response): Promise<Finding> {
  const { readOAuth1Problem } = await import("../oauth1/problem.ts");
  const problem = await readOAuth1Problem(response);
  if (problem === undefined)
    return { check: "credentials", level: "error", text: `they were not accepted (${response.status})` };
  const theirs = problem.serverBaseString;
  const address = theirs === undefined ? undefined : decodePercent(theirs.split("&")[1] ?? "");
  const wanted = `${site.baseUrl}/rest/api/2/myself`;
  const fix =
    address !== undefined && address !== wanted
      ? `the server saw ${JSON.stringify(address)} where ${JSON.stringify(wanted)} was called: ` +
        `its proxy settings differ (scheme, proxyName, proxyPort)`
      : problem.hint;
  return { check: "credentials", level: "error", text: problem.message, ...(fix !== undefined && { fix }) };
}

/** Is the private key the half of the public key that the server was given? */
export function checkKey({ credentials }: Site, publicKey: string | undefined): Finding[] {
  if (credentials?.kind !== "oauth1" || publicKey === undefined) return [];
  const check = "key";
  const fix = "enter the one that jwt-qsh oauth1 keygen printed";
  const [ours, theirs] = [publicHalf(credentials.privateKey), readPublicHalf(publicKey)];
  if (theirs === undefined) return [{ check, level: "error", text: "the file holds no public key", fix }];
  if (ours === undefined)
    return [{ check, level: "warning", text: "the key is encrypted, so the pair cannot be compared" }];
  return Buffer.compare(ours, theirs) === 0
    ? [{ check, level: "ok", text: "the public key is of this pair" }]
    : [{ check, level: "error", text: "the public key is not of this pair", fix }];
}

/** When does the token end? */
export function checkExpiry({ credentials }: Site, now: number): Finding[] {
  if (credentials?.kind !== "oauth1" || credentials.expiresAt === undefined) return [];
  const days = Math.floor((credentials.expiresAt - now) / 86_400);
  if (days >= 30) return [{ check: "token", level: "ok", text: `good for ${days} days` }];
  return [
    {
      check: "token",
      level: days < 0 ? "error" : "warning",
      text: days < 0 ? "it has expired" : `it expires in ${days} days`,
      fix: "dance again",
    },
  ];
}

/** Does the key server of signed installs answer? */
export async function checkKeyServer(site: Site, url: string): Promise<Finding[]> {
  const check = "key server";
  try {
    const response = await site.plain(new Request(new URL("/", url), { redirect: "manual" }));
    return [{ check, level: "ok", text: `${new URL(url).host} answers (${response.status})` }];
  } catch {
    return [
      {
        check,
        level: "error",
        text: `${new URL(url).host} cannot be reached`,
        fix: "installs cannot be verified without it: open the firewall",
      },
    ];
  }
}

/** Does a Connect app's descriptor say what it must? */
export async function checkDescriptor(site: Site, url: string): Promise<Finding[]> {
  const check = "descriptor";
  const response = await site.plain(new Request(url, { redirect: "manual" }));
  const found = await readObject(response);
  if (found === undefined)
    return [
      {
        check,
        level: "error",
        text: `it cannot be read (${response.status})`,
        fix: "it must be JSON, at a public address",
      },
    ];
  const { key, baseUrl, authentication, lifecycle } = found;
  const faults: [fault: boolean, text: string, fix: string][] = [
    [
      typeof key !== "string" || !/^[\w.-]{1,64}$/.test(key),
      '"key" is missing or malformed',
      "letters, digits, dots, dashes and underscores, 64 at most",
    ],
    [
      typeof baseUrl !== "string" || !baseUrl.startsWith("https://"),
      '"baseUrl" is no https URL',
      "products call https alone",
    ],
    [
      typeof baseUrl === "string" && !url.startsWith(baseUrl),
      '"baseUrl" is not where the descriptor is',
      "installs are signed for it as audience: they will be refused",
    ],
    [
      (authentication as { type?: unknown } | undefined)?.type !== "jwt",
      '"authentication.type" is not "jwt"',
      "otherwise no shared secret is ever sent",
    ],
    [
      typeof (lifecycle as { installed?: unknown } | undefined)?.installed !== "string",
      '"lifecycle.installed" is missing',
      "that is where the shared secret arrives",
    ],
  ];
  const errors = faults
    .filter(([fault]) => fault)
    .map(([, text, fix]): Finding => ({ check, level: "error", text, fix }));
  return errors.length > 0 ? errors : [{ check, level: "ok", text: `${String(key)} at ${String(baseUrl)}` }];
}
