// What a verified request costs beside its parts: npm run build && node bench/inbound-cost.mjs
//
// The parts, each alone: the HMAC by crypto.subtle, the hash of the request, and the JSON of header and payload. The goal
// is at most 1.5 times their sum. Rounds are interleaved, and the median of the ratios within a round is told.
import { qsh } from "jwt-qsh";
import { createConnectVerifier, memoryInstallations } from "jwt-qsh/connect";
import { createFakeHost } from "jwt-qsh/testing";

const ROUNDS = 31;
const CALLS = 640;
const appKey = "com.example.app";
const baseUrl = "https://app.example.com";
const host = createFakeHost();
const installation = host.install({ appKey, baseUrl });
const verify = createConnectVerifier({ appKey, baseUrl, installations: memoryInstallations([installation]), accept: ["request"] });
const request = await host.iframeRequest({ path: "/panel", params: { issue: "DEMO-1", project: "DEMO" }, user: host.users[0].accountId });

const [header, payload, signature] = new URL(request.url).searchParams.get("jwt").split(".");
const input = new TextEncoder().encode(`${header}.${payload}`);
const mac = Buffer.from(signature, "base64url");
const texts = [header, payload].map((segment) => Buffer.from(segment, "base64url").toString());
const secret = new TextEncoder().encode(installation.sharedSecret);
const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);

const cases = {
  whole: () => verify(request),
  hmac: () => crypto.subtle.verify("HMAC", key, mac, input),
  qsh: () => qsh(request, { baseUrl }),
  json: () => texts.map((text) => JSON.parse(text)),
};

async function time(run, width) {
  const start = performance.now();
  for (let i = 0; i < CALLS; i += width) await Promise.all(Array.from({ length: width }, run));
  return ((performance.now() - start) * 1000) / CALLS;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
for (const width of [1, 64]) {
  const rounds = [];
  for (let i = 0; i < ROUNDS + 5; i++) {
    const round = {};
    for (const [name, run] of Object.entries(cases)) round[name] = await time(run, width);
    if (i >= 5) rounds.push(round);
  }
  const told = Object.keys(cases).map((name) => `${name} ${median(rounds.map((round) => round[name])).toFixed(1)} us`);
  const ratio = median(rounds.map(({ whole, hmac, qsh: hash, json }) => whole / (hmac + hash + json)));
  console.log(`${width === 1 ? "one after another" : `${width} at once`}: ${told.join(", ")}; ratio ${ratio.toFixed(2)}`);
}
