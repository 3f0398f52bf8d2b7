/**
 * Profiles: what a user need not type again. One file, readable by its owner alone.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CliError } from "./failure.ts";

/** What every profile has. */
interface ProfileBase {
  /** Base URL, context path included. */
  readonly server: string;
}
export interface OAuth1Profile extends ProfileBase {
  readonly kind: "oauth1";
  readonly consumerKey: string;
  /** PEM, as it was given: an encrypted key stays encrypted. */
  readonly privateKey: string;
  readonly token: string;
  readonly tokenSecret: string;
  readonly expiresAt?: number;
  readonly sessionHandle?: string;
  readonly sessionExpiresAt?: number;
}
export interface ConnectProfile extends ProfileBase {
  readonly kind: "connect";
  readonly appKey: string;
  readonly sharedSecret: string;
  readonly clientKey?: string;
  readonly oauthClientId?: string;
}
export interface BearerProfile extends ProfileBase {
  readonly kind: "bearer";
  readonly token: string;
}
export interface BasicProfile extends ProfileBase {
  readonly kind: "basic";
  readonly username: string;
  readonly password: string;
}
export type Profile = OAuth1Profile | ConnectProfile | BearerProfile | BasicProfile;

interface ProfileFile {
  /** The profile that is meant when none is named. */
  readonly default?: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `$JWT_QSH_CONFIG`, else the folder that the system has for it. */
export function profilesPath(env: Environment): string {
  const own = env["JWT_QSH_CONFIG"];
  if (own) return join(own, "profiles.json");
  const system = process.platform === "win32" ? env["APPDATA"] : env["XDG_CONFIG_HOME"];
  return join(system || join(homedir(), ".config"), "jwt-qsh", "profiles.json");
}

/** All profiles; none where there is no file yet. */
export function readProfiles(env: Environment): ProfileFile {
  const path = profilesPath(env);
  if (!existsSync(path)) return { profiles: {} };
  // Windows has no such bits.
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    throw new CliError("the file of profiles can be read by others", { fix: `chmod 600 ${path}` });
  }
  try {
    const { default: name, profiles } = JSON.parse(readFileSync(path, "utf8")) as ProfileFile;
    return { ...(name !== undefined && { default: name }), profiles: Object.fromEntries(Object.entries(profiles)) };
  } catch {
    throw new CliError("the file of profiles is broken", { fix: `mend or remove ${path}` });
  }
}

/** The named profile, else the default one; `undefined` when there is none to choose. */
export function findProfile(env: Environment, name: string | undefined): Profile | undefined {
  const file = readProfiles(env);
  const chosen = name ?? file.default;
  if (chosen === undefined) return undefined;
  const profile = Object.hasOwn(file.profiles, chosen) ? file.profiles[chosen] : undefined;
  if (profile !== undefined) return profile;
  const known = Object.keys(file.profiles).join(", ");
  throw new CliError("there is no such profile", {
    fix: known === "" ? "jwt-qsh oauth1 dance --save NAME makes one" : `known are: ${known}`,
  });
}

/** Saves a profile, and makes it the default one. */
export function saveProfile(env: Environment, name: string, profile: Profile): string {
  if (!/^[\w][\w.-]{0,63}$/.test(name) || name === "__proto__") {
    throw new CliError("a profile's name must be letters, digits, dots and dashes");
  }
  const path = profilesPath(env);
  const file: ProfileFile = { default: name, profiles: { ...readProfiles(env).profiles, [name]: profile } };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writePrivate(path, `${JSON.stringify(file, null, 2)}\n`);
  return path;
}

/** Writes a file that its owner alone can read, whole or not at all. */
export function writePrivate(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}
