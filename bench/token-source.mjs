// The token source's promises, measured on the built package: npm run build && node bench/token-source.mjs
import { strict as assert } from "node:assert";
import { createUserTokenSource } from "jwt-qsh/oauth2";
import { createFakeHost } from "jwt-qsh/testing";

/** A source of a fake host whose authorization server takes `after` seconds. */
function start({ after = 0, status } = {}) {
  const host = createFakeHost();
  const tokenUrl = `${host.endpoints.authorizationServer}/oauth2/token`;
  const answer = async (_request, usual) => {
    await new Promise((resolve) => setTimeout(resolve, after * 1000));
    return status === undefined ? usual() : new Response("down", { status });
  };
  if (after > 0) host.misbehave(tokenUrl, { kind: "custom", answer });
  const installation = host.install({ appKey: "com.example.app", baseUrl: "https://app.example.com" });
  const source = createUserTokenSource({ installation, accountId: host.users[0].accountId, fetch: host.fetch });
  return { source, exchanges: () => host.count(tokenUrl) };
}

const report = (name, text) => console.log(`${name.padEnd(40)} ${text}`);
const callers = (source, count) => Promise.allSettled(Array.from({ length: count }, () => source.getToken()));

{
  const { source, exchanges } = start({ after: 0.1 });
  const from = performance.now();
  const outcomes = await callers(source, 1000);
  const took = performance.now() - from;
  assert.equal(new Set(outcomes.map(({ value }) => value.accessToken)).size, 1);
  assert.equal(exchanges(), 1);
  report("cold, 1,000 callers, server takes 100 ms", `${exchanges()} exchange, ${took.toFixed(0)} ms`);
}

{
  const { source, exchanges } = start();
  await source.getToken();
  const count = 1_000_000;
  const rounds = [];
  for (let round = 0; round < 5; round++) {
    const from = performance.now();
    for (let i = 0; i < count; i++) await source.getToken();
    rounds.push(count / (performance.now() - from) / 1000);
  }
  rounds.sort((a, b) => a - b);
  assert.equal(exchanges(), 1);
  report("warm, one getToken after the other", `${rounds[2].toFixed(1)} million a second (median of 5)`);
}

{
  const { source, exchanges } = start({ after: 2, status: 500 });
  const from = performance.now();
  const outcomes = await callers(source, 20);
  const took = performance.now() - from;
  assert.ok(outcomes.every(({ status }) => status === "rejected"));
  assert.equal(exchanges(), 1);
  report("failing, 20 callers, server takes 2 s", `${exchanges()} exchange, ${(took / 1000).toFixed(1)} s (Go: 20 exchanges, 40 s)`);
}
