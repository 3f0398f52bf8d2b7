/** A page of an app within a product, and its token. */
import { createContextTokenClient } from "../../../dist/browser.js";
import { base64url } from "../../../dist/index.js";
import { equal, outcome, truth, utf8 } from "./verdict.mjs";

const START = 1_700_000_000;
const NEEDS = ["URL", "setTimeout", "performance"];
const baseUrl = "https://app.example.com";
let serial = 0;

const part = (value) => base64url.encode(utf8(JSON.stringify(value)));

/** A token as a host makes it; nobody in a page can verify it. */
function mint(iat, claims = {}) {
  const all = { iss: "tenant", qsh: "context-qsh", iat, exp: iat + 900, n: serial++, ...claims };
  return `${part({ typ: "JWT", alg: "HS256" })}.${part(all)}.c2ln`;
}

/** A host that gives each question its answer in turn, the last one for ever; and the page's clock. */
function hostOf(...answers) {
  const host = { asked: 0, clock: START };
  const getToken = (callback) => answers[Math.min(host.asked++, answers.length - 1)](host.clock, callback);
  host.client = (more = {}) =>
    createContextTokenClient({ context: { getToken } }, { baseUrl, now: () => host.clock, ...more });
  return host;
}

const fresh = async (clock) => mint(clock);

export function pageCases(_vectors, { add }) {
  const on = (name, run, ...more) => add(name, run, ...NEEDS, ...more);
  for (const [name, answer] of [
    ["a promise", fresh],
    ["the callback", (clock, callback) => void callback(mint(clock))],
    ["the callback, later", (clock, callback) => void setTimeout(() => callback(mint(clock)), 10)],
  ]) {
    on(`reads a token from ${name}`, async () => {
      const client = hostOf(answer).client();
      const token = await client.token();
      equal([token.split(".").length, (await client.claims()).iss], [3, "tenant"], "the token");
    });
  }
  on("asks once for fifty callers, and again when the end is near", async () => {
    const host = hostOf(fresh);
    const client = host.client();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => client.token()));
    equal([new Set(tokens).size, host.asked], [1, 1], "tokens, questions");
    host.clock += 800;
    equal(await client.token(), tokens[0], "the same");
    host.clock += 97;
    truth((await client.token()) !== tokens[0], "another one");
    equal(host.asked, 2, "questions");
  });
  on("takes a token of a host whose clock is ahead", async () => {
    const client = hostOf(async (clock) => mint(clock + 36_000)).client();
    equal((await client.claims()).iat, START + 36_000, "the token");
  });
  on("gives a host up that has no token", async () => {
    const host = hostOf(() => Promise.reject(new Error("not ready")));
    equal(await outcome(() => host.client().token()), "ERR_TOKEN_MISSING", "the code");
    equal(host.asked, 3, "questions");
  });
  on(
    "sends the token to its server alone, and a new one after a refusal",
    async () => {
      const host = hostOf(fresh);
      const sent = [];
      const fetch = async (request) => {
        sent.push(request.headers.get("authorization"));
        return new Response("", { status: sent.length === 1 ? 401 : 200 });
      };
      const client = host.client({ fetch });
      equal((await client.fetch("/api?x=1", { method: "POST", body: "b" })).status, 200, "the status");
      equal([sent.length, new Set(sent).size], [2, 2], "calls, tokens");
      equal(await outcome(() => client.fetch("https://evil.example/")), "ERR_ORIGIN_NOT_ALLOWED", "elsewhere");
    },
    "Request",
    "ReadableStream",
    "AbortController",
  );
}
