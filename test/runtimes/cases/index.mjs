/**
 * The portable cases: no test framework, nothing but the language and the built package, so that one suite judges every
 * engine. Which cases run is chosen by what an engine has, never by its name; what it cannot do it must refuse.
 */
import { secretKey, signJwt } from "../../../dist/index.js";
import { syncEngine } from "../../../dist/sync.js";
import { tryAbilities } from "./abilities.mjs";
import { algorithmCases } from "./algorithms.mjs";
import { answerAttackCases, attackCases } from "./attacks.mjs";
import { connectCases } from "./connect.mjs";
import { danceCases } from "./dance.mjs";
import { forgeCases } from "./forge.mjs";
import { inboundAttackCases } from "./inbound-attacks.mjs";
import { inboundTokenCases } from "./inbound-tokens.mjs";
import { oauth1Cases } from "./oauth1.mjs";
import { oauth2Cases } from "./oauth2.mjs";
import { pageCases } from "./page.mjs";
import { featuresHere } from "./platform.mjs";
import { qshCases } from "./qsh.mjs";
import { signedFetchCases } from "./signed-fetch.mjs";
import { streamCases } from "./streams.mjs";
import { tokenSourceCases } from "./token-source.mjs";
import { tokenCases } from "./tokens.mjs";

const FAMILIES = {
  "qsh vectors": qshCases,
  "streamed forms": streamCases,
  "token vectors": tokenCases,
  algorithms: algorithmCases,
  "attacks on tokens": attackCases,
  "attacks on requests": inboundAttackCases,
  "attacks in answers": answerAttackCases,
  "inbound token vectors": inboundTokenCases,
  connect: connectCases,
  forge: forgeCases,
  "signed fetch": signedFetchCases,
  "oauth2 vectors": oauth2Cases,
  "token source": tokenSourceCases,
  "oauth1 vectors": oauth1Cases,
  "oauth1 dance": danceCases,
  "context token": pageCases,
};

/** The cases that an engine with these features runs. */
export function listCases(vectors, features) {
  const has = (feature) => features.includes(feature);
  return Object.entries(FAMILIES).flatMap(([family, list]) => {
    const cases = [];
    const add = (name, run, ...needs) => {
      if (needs.every(has)) cases.push({ family, name, run });
    };
    list(vectors, { add, has });
    return cases;
  });
}

/** How many cases there are in each family. */
export function countCases(cases) {
  const counts = Object.fromEntries(Object.keys(FAMILIES).map((family) => [family, 0]));
  for (const { family } of cases) counts[family]++;
  return counts;
}

/** Runs every case and tries every ability; the answer is plain data. */
export async function runCases(vectors) {
  const features = featuresHere();
  const cases = listCases(vectors, features);
  const failures = [];
  for (const { family, name, run } of cases) {
    try {
      await limited(run);
    } catch (error) {
      failures.push(`${family}, ${name}: ${error?.name ?? "thrown"}: ${error?.message ?? String(error)}`);
    }
  }
  return {
    realm: realm(),
    features,
    total: cases.length,
    families: countCases(cases),
    failures,
    abilities: await tryAbilities(vectors),
    mac: await macEngine(features),
    sync: syncEngine.name,
  };
}

/** A case that hangs fails by its name, where there is a clock for it. */
async function limited(run) {
  if (typeof AbortController !== "function") return run();
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("no end within 20 s")), 20_000);
  });
  try {
    await Promise.race([run(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

function realm() {
  if (typeof document !== "undefined") return "window";
  return typeof WorkerGlobalScope !== "undefined" && globalThis instanceof WorkerGlobalScope ? "worker" : "script";
}

/** Which engine makes an HS256 signature: by counting the calls of `crypto.subtle`, where there is one. */
async function macEngine(features) {
  if (!features.includes("crypto.subtle")) return "noble";
  const prototype = Object.getPrototypeOf(globalThis.crypto.subtle);
  const { sign } = prototype;
  let calls = 0;
  prototype.sign = function counted(...args) {
    calls++;
    return sign.apply(this, args);
  };
  try {
    await signJwt({ iss: "portable" }, secretKey("a-shared-secret-of-at-least-32-bytes"), { lifetime: 60 });
  } finally {
    prototype.sign = sign;
  }
  return calls === 1 ? "webcrypto" : "noble";
}
