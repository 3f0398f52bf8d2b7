import { randomUuid } from "./encoding.ts";
import { ENDPOINTS, type FakeEndpoints, type FakeEnvironment } from "./endpoints.ts";
import { newInvocationKid } from "./forge.ts";
import { createKeyRing, type KeyRing } from "./key-ring.ts";
import { createJwksServer, createKeyServer } from "./key-server.ts";
import type { Service } from "./network.ts";

/** The keys of one environment, and where they are served. */
interface Keys {
  readonly endpoints: FakeEndpoints;
  readonly installKeys: KeyRing;
  readonly invocationKeys: KeyRing;
}

/** All of Atlassian's environments: the site's own, and decoys whose keys no verifier of this site may trust. */
export interface Cloud {
  readonly services: readonly Service[];
  /** The signer of installs; of the site's own environment unless another is named. */
  installKeys(environment?: FakeEnvironment): KeyRing;
  /** The signer of invocation tokens; of the site's own environment unless another is named. */
  invocationKeys(environment?: FakeEnvironment): KeyRing;
}

export function createCloud(home: FakeEnvironment, endpoints: FakeEndpoints): Cloud {
  const names = (Object.keys(ENDPOINTS) as FakeEnvironment[]).filter((name) => name !== home);
  const own = keysOf(endpoints);
  const others = new Map(names.map((name) => [name, keysOf(ENDPOINTS[name])]));
  const at = (name: FakeEnvironment = home): Keys => others.get(name) ?? own;
  return {
    // The site's own come first: the commercial key set serves more than one environment.
    services: [own, ...others.values()].flatMap(servicesOf),
    installKeys: (environment) => at(environment).installKeys,
    invocationKeys: (environment) => at(environment).invocationKeys,
  };
}

function keysOf(endpoints: FakeEndpoints): Keys {
  return { endpoints, installKeys: createKeyRing(randomUuid), invocationKeys: createKeyRing(newInvocationKid) };
}

function servicesOf({ endpoints, installKeys, invocationKeys }: Keys): Service[] {
  const services: Service[] = endpoints.keyServers.map((base) => ({
    prefix: `${base}/`,
    answer: createKeyServer(base, installKeys),
  }));
  services.push({ prefix: endpoints.jwks, answer: createJwksServer(invocationKeys) });
  return services;
}
