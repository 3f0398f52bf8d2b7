import { expect, test } from "vitest";
import { qshPeers } from "../../../src/connect/peers.ts";
import type { QshCauseCode } from "../../../src/qsh/explain.ts";
import { peerMismatches, requestOf, requests, singleMistakes, vectors } from "./mismatch-corpus.ts";
import { mistakenCanonical, mistakenQsh, mistakes } from "./mistaken-signer.ts";
import { explain, isNamed, measure } from "./named-mistakes.ts";

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
