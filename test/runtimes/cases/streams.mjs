/** Form bodies that arrive in pieces. */
import * as core from "../../../dist/index.js";
import { equal, truth, utf8 } from "./verdict.mjs";

/** Cuts bytes at these places. */
export function cutAt(bytes, places) {
  const ends = [...places, bytes.length];
  return ends.map((end, index) => bytes.slice(index === 0 ? 0 : ends[index - 1], end));
}

/** A stream of chunks: the platform's where it has one, else what is like it. */
export function streamOf(chunks) {
  const left = [...chunks];
  if (typeof ReadableStream !== "function") return likeStream(left);
  return new ReadableStream({
    pull(controller) {
      if (left.length === 0) controller.close();
      else controller.enqueue(left.shift());
    },
  });
}

/** What the builder needs of a stream, of another realm or of none. */
function likeStream(chunks, log = []) {
  const read = async () => (chunks.length === 0 ? { done: true } : { done: false, value: chunks.shift() });
  return { getReader: () => ({ read, cancel: async () => {}, releaseLock: () => void log.push("released") }) };
}

const TARGET = ["POST", "/upload?z=1"];
const SMALL = "b=%C3%BC+%26&a=1&%F0%9F%98%80=x%2By&&=&a=0&jwt=no";
/** By node:crypto, over the canonical request that the rules make of it. */
const SMALL_CANONICAL = "POST&/upload&=&%F0%9F%98%80=x%2By&a=0,1&b=%C3%BC%20%26&z=1";
const SMALL_QSH = "c7d13a773a99edad0c21559e72a0d863f9445fb47c511abd8433c3a64464bd6a";

/** Two hundred kilobytes in a few hundred pairs, names in disorder. */
function largeForm() {
  const pairs = Array.from({ length: 400 }, (_, index) => `n${(index * 7919) % 400}=%20${"v".repeat(500)}${index}`);
  return pairs.join("&");
}
/** By node:crypto, over a canonical request that was put together without the library. */
const LARGE_QSH = "1e465ac80aac79d69313a326253704fab6e43a986be7eb2d4e50776abf65610f";

async function hashOf(body, target = TARGET) {
  const builder = new core.CanonicalRequestBuilder(...target);
  await builder.appendForm(body);
  return builder.qsh();
}

export function streamCases(_vectors, { add }) {
  add("a form that is there", async () => {
    const builder = new core.CanonicalRequestBuilder(...TARGET);
    equal((await builder.appendForm(SMALL)).toString(), SMALL_CANONICAL, "canonical");
    equal(builder.qsh(), SMALL_QSH, "qsh");
    equal(await hashOf(utf8(SMALL)), SMALL_QSH, "bytes");
  });
  for (const size of [1, 2, 3, 7, 16]) {
    add(`chunks of ${size}`, async () => {
      const bytes = utf8(SMALL);
      const places = [...bytes.keys()].filter((place) => place > 0 && place % size === 0);
      equal(await hashOf(streamOf(cutAt(bytes, places))), SMALL_QSH, "qsh");
    });
  }
  add("a large form, whole and in pieces of 4 kB", async () => {
    const form = largeForm();
    equal(core.qsh({ method: "POST", url: "/large", form }), LARGE_QSH, "qsh");
    const bytes = utf8(form);
    const places = Array.from({ length: Math.floor(bytes.length / 4096) }, (_, index) => (index + 1) * 4096);
    equal(await hashOf(streamOf(cutAt(bytes, places)), ["POST", "/large"]), LARGE_QSH, "in pieces");
  });
  add("views of bytes, and their bytes alone", async () => {
    const bytes = utf8(`xx${SMALL}xx`);
    equal(await hashOf(bytes.subarray(2, bytes.length - 2)), SMALL_QSH, "a view");
    equal(await hashOf(streamOf([new DataView(bytes.buffer, 2, bytes.length - 4)])), SMALL_QSH, "a DataView");
  });
  add("a stream of no realm is let go", async () => {
    const log = [];
    equal(await hashOf(likeStream([utf8(SMALL)], log)), SMALL_QSH, "qsh");
    equal(log, ["released"], "the lock");
  });
  add("what a stream fails with comes out", async () => {
    const failure = new Error("the connection broke");
    const reader = { read: () => Promise.reject(failure), cancel: async () => {}, releaseLock() {} };
    const caught = await hashOf({ getReader: () => reader }).catch((error) => error);
    truth(caught === failure, "the stream's own error");
  });
  add("a body that is none is refused", async () => {
    for (const body of [1, {}, null, streamOf(["text"])]) {
      const error = await hashOf(body).catch((reason) => reason);
      equal(error.code, "ERR_INVALID_ARG_TYPE", "the code");
    }
  });
  add(
    "the body of a Request and of a Response",
    async () => {
      const type = "application/x-www-form-urlencoded";
      const init = { method: "POST", body: SMALL, headers: { "content-type": type } };
      equal(await hashOf(new Response(SMALL).body), SMALL_QSH, "a Response");
      // Firefox has no `body` of a Request.
      const { body } = new Request("https://app.example.com/upload?z=1", init);
      if (body !== undefined) equal(await hashOf(body), SMALL_QSH, "a Request");
    },
    "Request",
    "ReadableStream",
  );
}
