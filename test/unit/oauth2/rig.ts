import { createUserTokenSource } from "../../../src/oauth2/index.ts";
import type { TokenCache, TokenSource, UserTokenSourceOptions } from "../../../src/oauth2/index.ts";
import { createFakeHost } from "../../../src/testing/index.ts";
import type { FakeHost, FakeInstallation } from "../../../src/testing/index.ts";

export const NOW = 1_800_000_000;
export const APP = { appKey: "com.example.app", baseUrl: "https://app.example.com" };

/** A fake host with the app installed, and a clock that a test moves. */
export interface Rig {
  readonly host: FakeHost;
  readonly installation: FakeInstallation;
  readonly accountId: string;
  readonly tokenUrl: string;
  readonly clock: { now: number };
  /** A source for the first user, by the rig's network and clock. */
  source(options?: Partial<UserTokenSourceOptions>): TokenSource;
  /** The token requests on the wire so far. */
  exchanges(): number;
}

export function startRig(options: { accessTokenLifetime?: number } = {}): Rig {
  const clock = { now: NOW };
  const host = createFakeHost({ ...options, now: () => clock.now });
  const installation = host.install(APP);
  const accountId = host.users[0]?.accountId ?? "";
  const tokenUrl = `${host.endpoints.authorizationServer}/oauth2/token`;
  return {
    host,
    installation,
    accountId,
    tokenUrl,
    clock,
    source: (more = {}) =>
      createUserTokenSource({ installation, accountId, fetch: host.fetch, now: () => clock.now, ...more }),
    exchanges: () => host.count(tokenUrl),
  };
}

/** A cache in a map, that counts what is asked of it. */
export class MapCache implements TokenCache {
  readonly entries: Map<string, string> = new Map();
  readonly ttls: number[] = [];
  gets = 0;
  sets = 0;
  deletes = 0;

  async get(key: string): Promise<string | undefined> {
    this.gets++;
    return this.entries.get(key);
  }

  async set(key: string, value: string, ttl: number): Promise<void> {
    this.sets++;
    this.ttls.push(ttl);
    this.entries.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.deletes++;
    this.entries.delete(key);
  }
}

export const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, seconds * 1000));
