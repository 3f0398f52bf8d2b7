/**
 * A case of op `bearer.exchange` against the built package, by the engine's own `import`, with `Object.prototype`
 * polluted before anything is loaded when it is asked for. The case comes on the command line, the outcome is printed.
 */
import { createUserTokenSource } from "jwt-qsh/oauth2";
import { createFakeHost } from "jwt-qsh/testing";

const { input, options, poison } = JSON.parse(process.argv[2]);
const host = createFakeHost();
for (const { url, ...answer } of input.server.routes) host.misbehave(url, { kind: "status", ...answer });
const source = createUserTokenSource({
  installation: input.tenant,
  accountId: input.userAccountId,
  fetch: host.fetch,
  now: () => options.now,
});
for (const name of poison) {
  Reflect.defineProperty(Object.prototype, name, { value: "polluted", configurable: true, enumerable: true, writable: true });
}
const outcome = await source.getToken().catch((error) => error);
for (const name of poison) Reflect.deleteProperty(Object.prototype, name);
const { name, code, accessToken, expiresAt, tokenType } = outcome;
console.log(JSON.stringify({ name, code, accessToken, expiresAt, tokenType, calls: host.count(options.tokenEndpoint), traffic: host.traffic.length }));
