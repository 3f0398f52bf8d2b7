/** A `fetch` that signs: where it goes, redirects, and the second try. */
import * as core from "../../../dist/index.js";
import { createConnectSigner } from "../../../dist/connect.js";
import { createSignedFetch } from "../../../dist/fetch.js";
import { verifyJwtSync } from "../../../dist/sync.js";
import { streamOf } from "./streams.mjs";
import { equal, outcome, settled, truth, utf8 } from "./verdict.mjs";

const baseUrl = "https://example.atlassian.net/wiki";
const NEEDS = ["Request", "URL"];

/** A signer that counts, and a fetch that answers what it is told and writes down what it got. */
function setUp(answers = [], retry) {
  const sent = [];
  let count = 0;
  const sign = async (request) => {
    const signed = new Request(request);
    signed.headers.set("authorization", `count ${++count}`);
    return signed;
  };
  if (retry !== undefined) sign.retry = retry;
  const fetch = async (request) => {
    const { url, method, headers } = request;
    sent.push([method, url.replace(baseUrl, ""), headers.get("authorization"), await request.text()].join(" ").trim());
    return answers.shift() ?? new Response("done");
  };
  return { sent, fetch: createSignedFetch({ baseUrl, sign, fetch }) };
}

const redirect = (status, location) => new Response("moved", { status, headers: { location } });
const refusal = () => new Response("x".repeat(10_000), { status: 401 });

export function signedFetchCases(_vectors, { add }) {
  const on = (name, run, ...more) => add(name, run, ...NEEDS, ...more);
  on("goes below its base, and nowhere else", async () => {
    const { fetch, sent } = setUp();
    for (const input of ["/a?b=%7e", "a", "/x/../b", `${baseUrl}/c`, new Request(`${baseUrl}/e`)]) await fetch(input);
    equal(sent, ["GET /a?b=%7e count 1", "GET /a count 2", "GET /b count 3", "GET /c count 4", "GET /e count 5"], "sent");
    for (const input of ["https://evil.example/wiki/x", "/../rest", "/%2e%2e/rest", "data:,x", `${baseUrl}s/x`]) {
      equal(await outcome(() => fetch(input)), "ERR_ORIGIN_NOT_ALLOWED", input);
    }
    equal(sent.length, 5, "what was sent in the end");
  });
  on("hands method, headers and body on, of init and of a Request", async () => {
    const { fetch, sent } = setUp();
    const init = { method: "PUT", body: "text" };
    await fetch("/a", init);
    await fetch(new Request(`${baseUrl}/b`, init));
    await fetch("/c", { method: "POST", body: utf8("ü") });
    equal(sent, ["PUT /a count 1 text", "PUT /b count 2 text", "POST /c count 3 ü"], "sent");
  });
  on("follows redirects inside the lock, each with a fresh signature", async () => {
    const { fetch, sent } = setUp([redirect(302, "/wiki/b?c=1"), redirect(301, "d")]);
    equal(await (await fetch("/a")).text(), "done", "the answer");
    equal(sent, ["GET /a count 1", "GET /b?c=1 count 2", "GET /d count 3"], "sent");
  });
  on("returns a redirect that leads outside", async () => {
    for (const location of ["https://evil.example/wiki/x", "/rest", "//evil.example/wiki/x"]) {
      const { fetch, sent } = setUp([redirect(302, location)]);
      const response = await fetch("/a");
      equal([response.status, await response.text(), sent.length], [302, "moved", 1], location);
    }
  });
  for (const [status, method, then] of [
    [301, "POST", "GET"],
    [303, "PUT", "GET"],
    [307, "POST", "POST"],
    [308, "PUT", "PUT"],
  ]) {
    on(`${status} turns ${method} into ${then}`, async () => {
      const { fetch, sent } = setUp([redirect(status, "/wiki/b")]);
      await fetch("/a", { method, body: "text" });
      const body = then === "GET" ? "" : " text";
      equal(sent, [`${method} /a count 1 text`, `${then} /b count 2${body}`], "sent");
    });
  }
  on("ends after twenty redirects, and where the caller forbids them", async () => {
    const endless = setUp(Array.from({ length: 30 }, () => redirect(302, "/wiki/a")));
    equal([(await endless.fetch("/a")).status, endless.sent.length], [302, 21], "the last answer");
    const manual = setUp([redirect(302, "/wiki/a")]);
    equal((await manual.fetch("/a", { redirect: "manual" })).status, 302, "by hand");
  });
  const retries = (name, run) => on(name, run, "ReadableStream", "AbortController");
  retries("tries once more when the signer says so, signed anew", async () => {
    const { fetch, sent } = setUp([refusal(), refusal()], async () => true);
    equal((await fetch("/a", { method: "POST", body: "text" })).status, 401, "the second refusal is the caller's");
    equal(sent, ["POST /a count 1 text", "POST /a count 2 text"], "sent");
  });
  retries("leaves a refusal unread that the signer has looked at", async () => {
    let seen = "";
    const look = async (response) => {
      seen = await response.text();
      return false;
    };
    const { fetch, sent } = setUp([refusal()], look);
    const response = await fetch("/a");
    equal([seen.length, (await response.text()).length, sent.length], [4096, 10_000, 1], "read, left, sent");
  });
  retries("never sends a stream twice, and tells the signer all the same", async () => {
    let told = 0;
    const { fetch, sent } = setUp([refusal()], async () => ++told > 0);
    const init = { method: "POST", body: streamOf([utf8("once")]), duplex: "half" };
    const { value, error } = await settled(() => fetch("/a", init)).catch((reason) => ({ error: reason }));
    // A browser that cannot send streams says so, or sends the text of the object.
    if (error !== undefined) truth(sent.length === 0, "nothing was sent");
    else equal([value.status, told, sent.length], [401, 1, 1], "status, told, sent");
  });
  retries("sets a skewed clock by the server's, and remembers", async () => {
    const ahead = 1_800_003_600;
    const sharedSecret = "a-shared-secret-of-at-least-32-bytes";
    const seen = [];
    const key = core.secretKey(sharedSecret);
    const fetch = async (request) => {
      const token = request.headers.get("authorization").slice("JWT ".length);
      const { claims } = verifyJwtSync(token, key, { now: () => claimsOf(token).iat });
      equal(claims.qsh, core.qsh({ method: request.method, url: request.url }, { baseUrl }), "qsh");
      seen.push(claims.iat);
      const date = new Date(ahead * 1000).toUTCString();
      return new Response("", { status: claims.iat === ahead ? 200 : 401, headers: { date } });
    };
    const sign = createConnectSigner({ appKey: "app", sharedSecret, baseUrl, now: () => 1_800_000_000 });
    const wiki = createSignedFetch({ baseUrl, sign, fetch });
    equal([(await wiki("/a?b=1")).status, (await wiki("/c")).status], [200, 200], "statuses");
    equal(seen, [1_800_000_000, ahead, ahead], "the times");
  });
}

function claimsOf(token) {
  return core.decodeJwt(token).claims;
}
