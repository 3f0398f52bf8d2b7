import { createHash } from "node:crypto";
import { expect, it, vi } from "vitest";
import { runBundled } from "../support/bundle.ts";

vi.setConfig({ testTimeout: 120_000 });

const MEGABYTE = 1 << 20;
/** Node itself, the bundle, and garbage that waits to be collected. */
const BASE = 96 * MEGABYTE;

interface Measure {
  qsh: string;
  /** Bytes of the body that was streamed. */
  body: number;
  /** The resident set before the first chunk and at its highest. */
  before: number;
  peak: number;
}

const TOTAL = 100 * MEGABYTE;

/** Streams a body of 100 MB, made as it is asked for, into the builder, in a process of its own. */
const source = (pairLength: number) => `
  import { CanonicalRequestBuilder } from "./src/qsh/builder.ts";

  function* pieces() {
    const value = "v".repeat(Math.min(${pairLength}, 65536));
    for (let index = 0; index < ${TOTAL / pairLength}; index++) {
      yield (index > 0 ? "&" : "") + "name" + String(index).padStart(10, "0") + "=%20";
      for (let left = ${pairLength} - 19; left > 0; left -= 65536) yield value.slice(0, left);
    }
  }

  const piece = pieces();
  const encoder = new TextEncoder();
  let body = 0;
  const stream = new ReadableStream({
    pull(controller) {
      let chunk = "";
      while (chunk.length < 65536) {
        const { done, value } = piece.next();
        if (done) break;
        chunk += value;
      }
      body += chunk.length;
      if (chunk === "") controller.close();
      else controller.enqueue(encoder.encode(chunk));
    },
  }, { highWaterMark: 0 });

  const before = process.memoryUsage.rss();
  const builder = new CanonicalRequestBuilder("POST", "/import");
  await builder.appendForm(stream);
  const qsh = builder.qsh();
  answer({ qsh, body, before, peak: process.resourceUsage().maxRSS * 1024 });
`;

/** The hash of the same canonical request, made without the library: the names come in order, and none twice. */
function expectedHash(pairLength: number): string {
  const hash = createHash("sha256").update("POST&/import&");
  const value = `=%20${"v".repeat(pairLength - 19)}`;
  for (let index = 0; index < TOTAL / pairLength; index++) {
    hash.update(`${index > 0 ? "&" : ""}name${String(index).padStart(10, "0")}${value}`);
  }
  return hash.digest("hex");
}

it.each([
  ["pairs of a kilobyte", 1024],
  ["pairs of 200 bytes", 200],
  ["one pair of 100 megabytes", TOTAL],
])("a form of 100 MB in %s is hashed within four times its decoded pairs", async (_, pairLength) => {
  const { qsh, body, before, peak } = await runBundled<Measure>({
    source: source(pairLength),
    nodeOptions: ["--max-old-space-size=700", "--max-semi-space-size=8"],
  });
  expect(body).toBeGreaterThan(0.99 * TOTAL);
  expect(qsh).toBe(expectedHash(pairLength));
  // Of each pair the equals sign, the ampersand and two bytes of the escape are not kept.
  const decoded = body - 4 * (TOTAL / pairLength);
  expect(peak - before).toBeLessThan(4 * decoded + BASE);
});
