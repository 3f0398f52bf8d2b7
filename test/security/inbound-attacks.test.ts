/** The attack corpus, as far as it is about requests: no attack is accepted, every control is. */
import { describe, expect, test } from "vitest";
import { inboundCases, judge } from "./inbound-corpus.ts";

test("the corpus has as many inbound cases as it says", () => {
  const count = (level: string): number => inboundCases.filter((one) => one.level === level).length;
  expect([inboundCases.length, count("must"), count("profile"), count("control")]).toEqual([117, 87, 9, 21]);
});

describe.each(["must", "profile", "control"])("%s", (level) => {
  const cases = inboundCases.filter((one) => one.level === level).map((one) => [one.id, one.name, one] as const);

  test.each(cases)("%s %s", async (_id, _name, attack) => {
    expect(await judge(attack)).toEqual([]);
  });
});

test("H1: a polluted Object.prototype changes nothing", async () => {
  const poison: Record<string, unknown> = {
    exp: 4_102_444_800,
    iss: "tenant-alpha-0001",
    alg: "HS256",
    kid: "eb745c39-04bb-4afe-ad5d-84d8c2e80f89",
    qsh: "context-qsh",
    aud: "https://app.example.com",
    algorithms: ["none"],
    requireExp: false,
    leeway: 300,
    leewaySec: 300,
    sharedSecret: "Kf3vQ1nB8sWz6Tg0Xy2LrJ5mHc9Pd7Ue4AaIoRbVtNqGwExZkS",
    previousSecrets: [{ sharedSecret: "Kf3vQ1nB8sWz6Tg0Xy2LrJ5mHc9Pd7Ue4AaIoRbVtNqGwExZkS", validUntil: 4_102_444_800 }],
    allowShortSecret: true,
    clientKey: "tenant-alpha-0001",
    enabled: true,
    path: "decoded",
    accept: ["request", "context", "session", "installed", "uninstalled", "enabled", "disabled"],
    form: true,
    engine: { name: "yes", sign: () => new Uint8Array(32), verify: () => true },
    replayGuard: { seen: () => false },
    maxLifetime: 4_102_444_800,
    maxKeyFetches: 1000,
    keyServers: ["https://attacker.example"],
    jwksUrl: "https://attacker.example/jwks.json",
    environment: "staging",
    unsafeHttp: true,
    remote: false,
    now: () => 0,
    token: "a.b.c",
    loaded: { value: { code: "ERR_KEY_FETCH" }, ttl: 60 },
    failure: { code: "ERR_KEY_FETCH", message: "polluted" },
    key: "com.example.app",
  };
  // The one that waits for its own five seconds is no other case under pollution.
  const cases = inboundCases.filter(({ id }) => id !== "A183");
  const wrong: string[] = [];
  for (const [name, value] of Object.entries(poison)) {
    Reflect.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
  }
  try {
    for (const one of cases) for (const text of await judge(one)) wrong.push(`${one.id}: ${text}`);
  } finally {
    for (const name of Object.keys(poison)) Reflect.deleteProperty(Object.prototype, name);
  }
  expect(wrong).toEqual([]);
});
