import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CanonicalRequestBuilder } from "../../src/qsh/builder.ts";
import { canonicalParts, canonicalRequest } from "../../src/qsh/canonical.ts";
import { qsh } from "../../src/qsh/hash.ts";
import type { QshOptions, QshRequest } from "../../src/qsh/request.ts";
import { cutAt, streamOf } from "../support/chunks.ts";
import { readShared, sharedSuite } from "../support/shared.ts";
import file from "./data/qsh.json" with { type: "json" };

interface Hash {
  canonical: string;
  qsh: string;
}
interface QshVector extends Hash {
  name: string;
  level: string;
  method: string;
  url: string;
  baseUrl?: string;
  body?: string;
  contentType?: string;
  hostOutbound?: Hash;
}

const vectors: readonly QshVector[] = file.vectors;
const interop = sharedSuite("interop/qsh.json");

/** Servers merge the body of a form that is POSTed, and no other. */
function formOf({ method, body, contentType = "" }: QshVector): string | undefined {
  const isForm = /^application\/x-www-form-urlencoded(?:;|$)/i.test(contentType);
  return method.toUpperCase() === "POST" && isForm ? body : undefined;
}

async function expectHash(vector: QshVector, { canonical, qsh: hash }: Hash, path: "raw" | "decoded"): Promise<void> {
  const form = formOf(vector);
  const request: QshRequest = { method: vector.method, url: vector.url, ...(form === undefined ? {} : { form }) };
  const options: QshOptions = { path, ...(vector.baseUrl === undefined ? {} : { baseUrl: vector.baseUrl }) };
  expect(canonicalRequest(request, options)).toBe(canonical);
  expect([...canonicalParts(request, options)].join("")).toBe(canonical);
  expect(qsh(request, options)).toBe(hash);
  expect(createHash("sha256").update(canonical).digest("hex")).toBe(hash);

  const build = () => new CanonicalRequestBuilder(vector.method, vector.url, options);
  const builders = form === undefined ? [build()] : await formsOf(build, form);
  for (const builder of builders) {
    expect(builder.toString()).toBe(canonical);
    expect([...builder.parts()].join("")).toBe(canonical);
    expect(builder.qsh()).toBe(hash);
  }
}

/** The form as text, as bytes, and as a stream that is cut at each place in turn, and at all of them. */
async function formsOf(build: () => CanonicalRequestBuilder, form: string): Promise<CanonicalRequestBuilder[]> {
  const bytes = new TextEncoder().encode(form);
  const cuts = [...bytes.keys()].map((place) => [place]);
  const streams = [...cuts, [...bytes.keys()]].map((places) => streamOf(cutAt(bytes, places)));
  return Promise.all([form, bytes, ...streams].map((body) => build().appendForm(body)));
}

/** The query handed to the builder apart from the path, as a verifier would that reads a target piece by piece. */
function queryApart({ method, url, baseUrl }: QshVector): CanonicalRequestBuilder {
  const [path = "", ...rest] = (url.split("#")[0] as string).split("?");
  return new CanonicalRequestBuilder(method, path, baseUrl === undefined ? {} : { baseUrl }).appendQuery(rest.join("?"));
}

function runVectors(all: readonly QshVector[]): void {
  it.each(all.map((vector) => [vector.name, vector] as const))("%s", async (_, vector) => {
    await expectHash(vector, vector, "raw");
    if (formOf(vector) === undefined) expect(queryApart(vector).toString()).toBe(vector.canonical);
    if (vector.hostOutbound !== undefined) await expectHash(vector, vector.hostOutbound, "decoded");
  });
}

it("holds the vectors that it is thought to hold", () => {
  const count = (level: string) => vectors.filter((vector) => vector.level === level).length;
  expect([count("agreed"), count("server"), count("policy")]).toEqual([139, 43, 17]);
  expect(vectors.filter(({ hostOutbound }) => hostOutbound !== undefined)).toHaveLength(47);
});

describe("agreed: every canonicalizer that was run gives this", () => {
  runVectors(vectors.filter(({ level }) => level === "agreed"));
});

describe("server: the canonicalizer of Jira and Confluence decides", () => {
  runVectors(vectors.filter(({ level }) => level === "server"));
});

/**
 * Where the vector file recommends what a URL parser makes of a raw target, and we hash what is written (DESIGN
 * section 4, rules 2 and 4: no decoding, no dot-segment work, nothing is normalised).
 */
const ours: Readonly<Record<string, string>> = {
  "path: backslash": "GET&/a\\b&",
  "path: raw braces": "GET&/x/{id}&",
  "path: raw space in path": "GET&/a b/c&",
};

describe("policy: nobody's word is law", () => {
  const policy = vectors.filter(({ level }) => level === "policy");

  runVectors(policy.filter(({ name }) => !(name in ours)));

  it.each(Object.entries(ours))("%s: hashed as it is written", async (name, canonical) => {
    const vector = policy.find((each) => each.name === name) as QshVector;
    expect(canonical).not.toBe(vector.canonical);
    const hash = createHash("sha256").update(canonical).digest("hex");
    await expectHash(vector, { canonical, qsh: hash }, "raw");
    // What goes on the wire is what the recommendation says: whoever hands over a URL gets it.
    expect(qsh({ method: vector.method, url: new URL(vector.url, "https://example.com") })).toBe(vector.qsh);
  });
});

describe.skipIf(interop.absent)(interop.name, async () => {
  const suite = interop.absent ? [] : (await readShared<{ vectors: QshVector[] }>("interop/qsh.json")).vectors;

  it("holds the vectors that it is thought to hold", () => {
    expect(suite).toHaveLength(54);
  });
  runVectors(suite);
});
