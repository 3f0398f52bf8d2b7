/**
 * The query string hash is made by a fast way, and defined by a slow one. Both are held to each other, to a witness
 * that shares nothing with them, and to the canonicalizer of `jwt-qsh/testing`, which sees a request as the servers do.
 */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect } from "vitest";
import { CanonicalRequestBuilder } from "../../../src/qsh/builder.ts";
import { canonicalRequest } from "../../../src/qsh/canonical.ts";
import { qsh } from "../../../src/qsh/hash.ts";
import { canonicalize } from "../../../src/testing/canonical.ts";
import { cutAt, streamOf } from "../../support/chunks.ts";
import { writeCanonical } from "./canonical-witness.ts";
import type { Parts } from "./canonical-witness.ts";
import { basePath, decentPath, decentQuery, hostilePath, hostileQuery, longQuery, method } from "./hostile-queries.ts";
import { fuzz } from "./runner.ts";

const origin = fc.constantFrom("", "https://app.example.com", "HTTP://[::1]:8080");

function partsOf(
  query: fc.Arbitrary<string>,
  form: fc.Arbitrary<string>,
  path: fc.Arbitrary<string>,
): fc.Arbitrary<Parts> {
  return fc.record({
    method,
    origin,
    path: path.map((rest) => `/${rest}`),
    query,
    form,
    base: basePath,
    decoded: fc.boolean(),
  });
}

/** What is hashed is UTF-8, which has no lone surrogate. */
function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

function hashOf(canonical: string): string {
  return createHash("sha256").update(canonical, "utf8").digest("hex");
}

/** Holds both ways of ours to a canonical request that someone else wrote. */
function judge(parts: Parts, expected: string): void {
  const request = { method: parts.method, url: `${parts.origin}${parts.path}?${parts.query}`, form: parts.form };
  const options = { baseUrl: parts.base, path: parts.decoded ? "decoded" : "raw" } as const;
  const text = wellFormed(canonicalRequest(request, options));
  if (text !== expected) expect.fail(`${JSON.stringify(parts)}\nours    ${text}\nwitness ${expected}`);
  if (qsh(request, options) !== hashOf(expected)) {
    expect.fail(`the fast way differs: ${JSON.stringify(parts)}\n${expected}`);
  }
}

const noForm = fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 1, arbitrary: hostileQuery });

fuzz("any query, form and path: the fast way, the slow way and the witness agree", 1, [
  partsOf(hostileQuery, noForm, hostilePath),
], (parts) => {
  judge(parts, wellFormed(writeCanonical(parts)));
});

fuzz("as the servers read them: what is well formed", 1, [
  partsOf(decentQuery, fc.oneof(fc.constant(""), decentQuery), decentPath),
], (parts) => {
  const { method: given, path, query, form, base, decoded } = parts;
  const contextPath = base.replace("https://app.example.com", "");
  judge(
    parts,
    canonicalize({ method: given, url: `${path}?${query}`, form, contextPath, path: decoded ? "decoded" : "raw" }),
  );
});

fuzz("more parameters than an insertion sort takes, and more than a thousand", 40, [
  partsOf(longQuery, fc.constant(""), fc.constantFrom("a", "base/a", "%2F&")),
], (parts) => {
  judge(parts, wellFormed(writeCanonical(parts)));
});

fuzz("streamed, in chunks of any size: the builder agrees", 4, [
  partsOf(hostileQuery, hostileQuery, hostilePath),
  fc.array(fc.nat(), { maxLength: 4 }),
], async (parts, places) => {
  const options = { baseUrl: parts.base, path: parts.decoded ? "decoded" : "raw" } as const;
  const builder = new CanonicalRequestBuilder(parts.method, `${parts.path}?${parts.query}`, options);
  await builder.appendForm(streamOf(cutAt(Buffer.from(parts.form, "utf8"), places)));
  const expected = wellFormed(writeCanonical(parts));
  expect(wellFormed(builder.toString())).toBe(expected);
  expect(builder.qsh()).toBe(hashOf(expected));
});
