import { expect, test } from "vitest";
import { qshPeers } from "../../../src/connect/peers.ts";
import { explainQsh } from "../../../src/qsh/explain.ts";
import type { QshCauseCode, QshExplanation } from "../../../src/qsh/explain.ts";
import { pairedMistakes, peerMismatches, requestOf, requests, singleMistakes, vectors } from "./mismatch-corpus.ts";
import type { Mismatch } from "./mismatch-corpus.ts";
import { mistakenCanonical, mistakenQsh, mistakes } from "./mistaken-signer.ts";

function explain({ claimed, request: { method, url, baseUrl, form }, body }: Mismatch): QshExplanation {
  const request = { method, url, ...(form === undefined ? {} : { form }) };
  return explainQsh(claimed, request, { ...(baseUrl === undefined ? {} : { baseUrl }), ...(body === undefined ? {} : { body }) });
}

/** Explains them all: how many there are, and which were not named. */
function measure(mismatches: Iterable<Mismatch>, named: (explanation: QshExplanation, mismatch: Mismatch) => boolean) {
  const unnamed: string[] = [];
  let count = 0;
  for (const mismatch of mismatches) {
    count++;
    const explanation = explain(mismatch);
    expect(explanation.match, mismatch.label).not.toBe("exact");
    if (!named(explanation, mismatch)) unnamed.push(`${mismatch.label} -> ${explanation.causes.map(({ code }) => code).join()}`);
  }
  return { count, unnamed, share: unnamed.length / count };
}

/** The hash was made again; for one mistake, its own name is among the causes that make it. */
function isNamed({ match, causes, alternatives }: QshExplanation, { codes, request }: Mismatch): boolean {
  if (match !== "variant") return false;
  // Beyond 50 parameters one cause is named; another mistake may have made the same hash.
  if (codes.length !== 1 || request.url.length > 2000) return true;
  return [...causes, ...alternatives].some(({ code }) => code === codes[0]);
}

test("the mistaken signer makes no mistake of its own", () => {
  for (const vector of vectors.filter(({ level }) => level !== "policy")) {
    expect(mistakenCanonical(requestOf(vector), []), vector.name).toBe(vector.canonical);
  }
});

test("every mistake of the list shows in at least one request", () => {
  const silent = mistakes.filter((mistake) => requests.every((request) => mistakenQsh(request, [mistake]) === mistakenQsh(request, [])));
  expect(silent).toEqual([]);
});

test("mismatches of published implementations are named", { timeout: 60_000 }, () => {
  const { count, unnamed, share } = measure(peerMismatches(), isNamed);
  expect(count).toBeGreaterThan(280);
  expect(share, unnamed.join("\n")).toBeLessThan(0.01);
});

test("at least 99 percent of single mistakes are named, by their own code", { timeout: 120_000 }, () => {
  const { count, unnamed, share } = measure(singleMistakes(), isNamed);
  expect(count).toBeGreaterThan(1500);
  expect(share, unnamed.join("\n")).toBeLessThan(0.01);
});

test("at least 90 percent of paired mistakes are named", { timeout: 120_000 }, () => {
  const { count, unnamed, share } = measure(pairedMistakes(2), isNamed);
  expect(count).toBeGreaterThan(1000);
  expect(share, unnamed.join("\n")).toBeLessThan(0.1);
});

test("the peers that are named for a mistake are those that make it", () => {
  // Each peer of the corpus, as its table names it, and every mistake that it made in at least three requests.
  const names: [string, RegExp][] = [
    ["atlassian-jwt 2.0.3", /^atlassian-jwt/],
    ["jira.js 5.4.0", /^jira\.js 5/],
    ["express 4", /^(?:Express|atlassian-jwt)/],
  ];
  for (const [peer, name] of names) {
    const made = new Map<string, number>();
    for (const mismatch of peerMismatches()) {
      if (!mismatch.label.startsWith(`${peer}: `)) continue;
      const { causes } = explain(mismatch);
      if (causes.length === 1) for (const { code } of causes) made.set(code, (made.get(code) ?? 0) + 1);
    }
    const often = [...made].filter(([, count]) => count >= 3).map(([code]) => code);
    expect(often.length, peer).toBeGreaterThan(0);
    for (const code of often) expect(qshPeers[code as QshCauseCode]?.some((known) => name.test(known)), `${peer}: ${code}`).toBe(true);
  }
});
