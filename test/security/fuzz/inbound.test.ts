/** Requests of every kind at the verifiers' doors, and whatever else is read that someone else wrote. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect } from "vitest";
import { explainToken } from "../../../src/connect/explain.ts";
import { createLifecycleVerifier } from "../../../src/connect/lifecycle.ts";
import { createConnectVerifier } from "../../../src/connect/verifier.ts";
import { readAuthorization } from "../../../src/encoding/authorization.ts";
import { readPem } from "../../../src/encoding/pem.ts";
import { createForgeVerifier } from "../../../src/forge/invocation.ts";
import { decodeJwt } from "../../../src/jwt/decode.ts";
import { readReport } from "../../../src/oauth1/problem.ts";
import { parseAccessToken, parseRequestToken } from "../../../src/oauth1/token-response.ts";
import { verifyOAuth1Request } from "../../../src/oauth1/verify.ts";
import { parseTokenResponse } from "../../../src/oauth2/token-response.ts";
import { explainQsh } from "../../../src/qsh/explain.ts";
import { toResponse } from "../../../src/respond.ts";
import type { WebRequest } from "../../../src/types.ts";
import { mintHs256 } from "../../support/mint.ts";
import { NOW, SECRET } from "../../support/token.ts";
import { readPairs, writeCanonical } from "./canonical-witness.ts";
import type { Parts } from "./canonical-witness.ts";
import { hostilePath, hostileQuery } from "./hostile-queries.ts";
import { hostileJson } from "./hostile-json.ts";
import { hostileToken, hostileTokenWith } from "./hostile-tokens.ts";
import { outcomeOf, outcomeSoon } from "./outcome.ts";
import { fuzz } from "./runner.ts";
import { readStrictly } from "./strict-reader.ts";

const now = () => NOW;
const tenant = { clientKey: "tenant", sharedSecret: SECRET };
const baseUrl = "https://app.example.com/base";
const app = { appKey: "com.example.app", baseUrl, now };
const findTenant = (clientKey: string) => (clientKey === "tenant" ? tenant : undefined);
const verifyConnect = createConnectVerifier({
  ...app,
  installations: findTenant,
  accept: ["request", "context", "session"],
});
const noKeys = async () => new Response("none", { status: 404 });
const verifyLifecycle = createLifecycleVerifier({ ...app, installations: findTenant, fetch: noKeys, maxKeyFetches: 1 });
const verifyForge = createForgeVerifier({
  appId: "8ed7a3a7-0000-4000-8000-000000000001",
  fetch: noKeys,
  maxKeyFetches: 1,
  now,
});

/** A request as a verifier sees it, of a platform that lets everything through: none of ours does. */
function requestOf(method: string, url: string, authorization: string | null, body = ""): WebRequest {
  const request = new Request("https://app.example.com/", { method: "POST", body });
  return Object.create(request, {
    method: { value: method },
    url: { value: url },
    headers: { value: { get: (name: string) => (name === "authorization" ? authorization : null) } },
    clone: { value: () => request.clone() },
    body: { get: () => request.body },
    bodyUsed: { get: () => request.bodyUsed },
  }) as WebRequest;
}

const anyText = fc.oneof(fc.string(), fc.string({ unit: "binary" }), hostileQuery, hostileJson, hostileToken);
const partsOf = fc.record({
  method: fc.constantFrom("GET", "POST", "get"),
  origin: fc.constant("https://app.example.com"),
  path: hostilePath.map((path) => `/base/${path}`),
  query: hostileQuery,
  form: fc.constant(""),
  base: fc.constant("/base"),
  decoded: fc.boolean(),
});

/** What may become of a request on its way, or be made of it: often the same canonical request all the same. */
const change = fc.oneof(
  { weight: 4, arbitrary: fc.constant((parts: Parts): Parts => parts) },
  {
    weight: 5,
    arbitrary: fc.constantFrom<(parts: Parts) => Parts>(
      (parts) => ({ ...parts, method: parts.method.toLowerCase() }),
      (parts) => ({ ...parts, method: "PUT" }),
      (parts) => ({ ...parts, query: parts.query.split("&").reverse().join("&") }),
      (parts) => ({ ...parts, query: `${parts.query}&` }),
      (parts) => ({ ...parts, query: `${parts.query}&x` }),
      (parts) => ({ ...parts, query: parts.query.replace("&", "") }),
      (parts) => ({ ...parts, query: parts.query.replaceAll("+", "%20") }),
      (parts) => ({ ...parts, query: parts.query.replace("%", "%25") }),
      (parts) => ({ ...parts, query: `${parts.query}&jwt=a.b.c` }),
      (parts) => ({ ...parts, query: `%6awt=&${parts.query}` }),
      (parts) => ({ ...parts, path: `${parts.path}/` }),
      (parts) => ({ ...parts, path: `${parts.path}//` }),
      (parts) => ({ ...parts, path: parts.path.replaceAll("&", "%26") }),
      (parts) => ({ ...parts, path: parts.path.replaceAll("%2F", "/") }),
      (parts) => ({ ...parts, path: parts.path.replace("/base", "") }),
      (parts) => ({ ...parts, path: `/base${parts.path}` }),
      (parts) => ({ ...parts, path: parts.path.toUpperCase() }),
    ),
  },
);

const hashOf = (parts: Parts): string => createHash("sha256").update(writeCanonical(parts), "utf8").digest("hex");

let bound = 0;

fuzz(
  "a request token is good for the requests of its canonical form, raw or decoded, and for no other",
  1,
  [partsOf, change],
  async (signed, alter) => {
    const sent = alter(signed);
    const token = mintHs256({ iss: "tenant", iat: NOW, exp: NOW + 60, qsh: hashOf(signed) }, SECRET);
    const request = requestOf(sent.method, `${sent.origin}${sent.path}?${sent.query}`, `JWT ${token}`);
    const outcome = await outcomeSoon(() => verifyConnect(request));
    const fits = [true, false].some((decoded) => hashOf({ ...sent, decoded }) === hashOf(signed));
    const expected = readPairs(sent.query).some(([name]) => name === "jwt")
      ? "ERR_TOKEN_AMBIGUOUS"
      : fits
      ? undefined
      : "ERR_QSH_MISMATCH";
    const code = "code" in outcome ? outcome.code : undefined;
    if (code !== expected) {
      expect.fail(`${String(code)} instead of ${String(expected)}: ${JSON.stringify({ signed, sent })}`);
    }
    if (code === undefined) bound++;
  },
  (runs) => {
    expect(bound).toBeGreaterThan(runs / 4);
    expect(bound).toBeLessThan(runs * 0.9);
  },
);

const authorization = fc
  .tuple(
    fc.array(
      fc.constantFrom("JWT ", "jwt ", "JWT", " ", "\t", ",", ", ", "Bearer ", "Basic eA==", '"', "=", "\u00a0"),
      { maxLength: 2 },
    ),
    fc.constantFrom("JWT ", "jwt ", "Jwt  ", "JWT\t", "", "JWT,"),
    fc.constantFrom("", " ", ",", ", JWT x", " x"),
  )
  .map(([before, scheme, behind]) => (token: string) => `${before.join("")}${scheme}${token}${behind}`);

let admitted = 0;

fuzz(
  "a hostile token in a hostile header gets nowhere, and nothing but our own errors comes out",
  4,
  [
    fc.oneof(hostileToken, hostileTokenWith(['"iss":"tenant"', '"qsh":"context-qsh"'])),
    fc.oneof({ weight: 3, arbitrary: fc.constant((token: string) => `JWT ${token}`) }, {
      weight: 1,
      arbitrary: authorization,
    }),
    partsOf,
  ],
  async (token, write, { method, origin, path, query }) => {
    const header = write(token);
    const request = () =>
      requestOf(method, `${origin}${path}?${query}`, header, '{"eventType":"enabled","clientKey":"tenant"}');
    const connect = await outcomeSoon(() => verifyConnect(request()));
    expect(await outcomeSoon(() => verifyLifecycle(request()))).toHaveProperty("code");
    expect(await outcomeSoon(() => verifyForge(requestOf(method, origin, header.replace(/jwt/i, "Bearer")))))
      .toHaveProperty("code");
    if (!("value" in connect)) return;
    admitted++;
    expect(header.trim()).toMatch(/^jwt /i);
    const read = readStrictly(header.trim().slice(4).trim(), SECRET);
    expect(read?.claims).toMatchObject({ iss: "tenant", qsh: "context-qsh" });
    expect(connect.value).toMatchObject({ kind: "context", clientKey: "tenant", claims: read?.claims });
  },
  (runs) => {
    expect(admitted).toBeGreaterThan(runs / 50);
  },
);

fuzz(
  "texts of others are read or refused, and nothing but our own errors comes out",
  4,
  [anyText, anyText],
  async (text, other) => {
    const time = { now };
    const answer = () => new Response(text, { headers: { "content-type": "application/json" } });
    outcomeOf(() => decodeJwt(text));
    outcomeOf(() => readAuthorization(text, "jwt"));
    outcomeOf(() => readPem(text));
    outcomeOf(() => parseRequestToken(text));
    outcomeOf(() => parseAccessToken(text, NOW));
    outcomeOf(() => readReport(other, text));
    await outcomeSoon(() => parseTokenResponse(answer(), time));
    const oauth = requestOf("POST", `https://app.example.com/?${other}`, `OAuth ${text}`);
    await outcomeSoon(() =>
      verifyOAuth1Request(oauth, {
        ...time,
        findConsumer: () => ({ consumerSecret: SECRET }),
        replayGuard: { seen: () => false },
      })
    );
  },
);

fuzz("an explanation is found for anything", 40, [anyText, hostileQuery], async (text, query) => {
  const request = { method: "GET", url: `/a?${query}` };
  expect(
    await outcomeSoon(() =>
      explainToken(text, { direction: "inbound", ...tenant, appKey: app.appKey, baseUrl, request, now })
    ),
  ).toHaveProperty("value.verdict");
  outcomeOf(() => explainQsh(text, request));
});

fuzz("whatever was thrown has an answer, and the answer says nothing of it", 4, [
  fc.oneof(fc.anything(), fc.string().map((text) => new Error(text))),
], (thrown) => {
  const response = toResponse(thrown);
  expect(response.status).toBe(500);
});
