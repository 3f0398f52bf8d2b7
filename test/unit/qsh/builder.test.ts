import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CanonicalRequestBuilder } from "../../../src/qsh/builder.ts";
import { canonicalRequest } from "../../../src/qsh/canonical.ts";
import { qsh } from "../../../src/qsh/hash.ts";
import { badType, badValue, failure, rejection } from "../../support/failure.ts";
import { cutAt, streamOf } from "../../support/chunks.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const build = () => new CanonicalRequestBuilder("post", "/a?b=2&jwt=x");

describe("CanonicalRequestBuilder", () => {
  it("starts with the query of its path", () => {
    expect(build().toString()).toBe("POST&/a&b=2");
    expect(new CanonicalRequestBuilder("GET", "https://x.example/wiki/a#?b=c", { baseUrl: "/wiki" }).toString()).toBe("GET&/a&");
    expect(new CanonicalRequestBuilder("GET", "/a%20b//", { path: "decoded" }).toString()).toBe("GET&/a b&");
  });

  it("gathers pairs, queries and forms, in any order", async () => {
    const builder = build().append("b", "1 ").append("jwt", "y").appendQuery("c=+&jwt=z");
    await builder.appendForm("d=%26");
    await builder.appendForm(utf8("b=10&jwt=w"));
    await builder.appendForm(streamOf([utf8("e=%E5"), utf8("%AE%AE")]));
    expect(builder.toString()).toBe("POST&/a&b=1%20,10,2&c=%20&d=%26&e=%E5%AE%AE");
    expect([...builder.parts()].join("")).toBe(builder.toString());
    expect(builder.qsh()).toBe(
      qsh({ method: "POST", url: "/a?b=2", form: "b=1+&c=+&d=%26&b=10&e=\u5bae" }),
    );
  });

  it("answers itself", async () => {
    const builder = build();
    expect(builder.append("a", "b")).toBe(builder);
    expect(builder.appendQuery("")).toBe(builder);
    expect(await builder.appendForm("")).toBe(builder);
  });

  it("may be read again and go on", () => {
    const builder = build();
    const first = builder.qsh();
    expect(builder.qsh()).toBe(first);
    expect(builder.append("a", "1").toString()).toBe("POST&/a&a=1&b=2");
    builder.append("b", "1");
    builder.toString();
    expect(builder.append("b", "0").toString()).toBe("POST&/a&a=1&b=0,1,2");
  });

  it("takes decoded pairs as they are", () => {
    expect(build().append("a b", "%41+&=,").toString()).toBe("POST&/a&a%20b=%2541%2B%26%3D%2C&b=2");
    expect(build().append("\ud800", "2").append("\ufffd", "1").toString()).toBe("POST&/a&%EF%BF%BD=1,2&b=2");
  });

  it("reads a body of any kind to the same end, however it is cut", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "jwt", "=", "&", "+", "%", "%41", "%C3", "%a9", "\u00e9", "\u{1f600}", "\ud800") });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 6 }), async (body, places) => {
        const expected = canonicalRequest({ method: "POST", url: "/a?b=2", form: body });
        const bytes = utf8(body);
        for (const form of [body, bytes, streamOf(cutAt(bytes, places))]) {
          const builder = await build().appendForm(form);
          expect(builder.toString()).toBe(expected);
          expect(builder.qsh()).toBe(qsh({ method: "POST", url: "/a?b=2", form: body }));
        }
      }),
      { numRuns: 500, seed: 25 },
    );
  });

  it("takes views of bytes, and their bytes alone", async () => {
    const bytes = utf8("xa=1x").subarray(1, 4);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) as unknown as Uint8Array;
    for (const body of [bytes, view, streamOf([bytes]), streamOf([view])]) {
      expect((await build().appendForm(body)).toString()).toBe("POST&/a&a=1&b=2");
    }
  });

  it("takes whatever has a reader: a stream may come from another realm", async () => {
    const chunks = [utf8("a="), utf8("1")];
    const reader = {
      read: () => {
        const value = chunks.shift();
        return Promise.resolve({ done: value === undefined, value });
      },
      cancel: () => Promise.resolve(),
      releaseLock: () => undefined,
    };
    expect((await build().appendForm({ getReader: () => reader })).toString()).toBe("POST&/a&a=1&b=2");
  });

  it("lets the stream go, whatever comes", async () => {
    const good = streamOf([utf8("a=1")]);
    await build().appendForm(good);
    expect(good.locked).toBe(false);
    const bad = streamOf(["text"]);
    await rejection(build().appendForm(bad));
    expect(bad.locked).toBe(false);
  });

  it("passes on what the stream fails with", async () => {
    const reason = new Error("connection lost");
    const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(reason) });
    await expect(build().appendForm(stream)).rejects.toBe(reason);
    const used = streamOf([]);
    used.getReader();
    await expect(build().appendForm(used)).rejects.toBeInstanceOf(TypeError);
  });
});

describe("the caller's mistakes", () => {
  it("a method or a path that is none", () => {
    expect(failure(() => new CanonicalRequestBuilder("", "/"))).toEqual(badValue('"request.method" must not be empty'));
    expect(failure(() => new CanonicalRequestBuilder("GET", undefined as unknown as string))).toEqual(
      badType('"request.url" must be a string or a URL'),
    );
    expect(failure(() => new CanonicalRequestBuilder("GET", "/", { path: "either" as "raw" }))).toEqual(
      badValue('"options.path" must be raw or decoded'),
    );
  });

  it("pairs and queries that are no text", () => {
    for (const wrong of [undefined, null, 1, ["a"]] as unknown as string[]) {
      expect(failure(() => build().append(wrong, "a"))).toEqual(badType('"name" must be a string'));
      expect(failure(() => build().append("a", wrong))).toEqual(badType('"value" must be a string'));
      expect(failure(() => build().appendQuery(wrong))).toEqual(badType('"query" must be a string'));
    }
  });

  it("bodies that are neither text nor bytes, whole and in part", async () => {
    for (const wrong of [undefined, null, 1, {}, [], new URLSearchParams("a=b"), new ArrayBuffer(1)]) {
      expect(await rejection(build().appendForm(wrong as unknown as string))).toEqual(
        badType('"body" must be a string, a Uint8Array or a ReadableStream'),
      );
    }
    for (const chunk of ["a=1", null, 1, new ArrayBuffer(3)]) {
      expect(await rejection(build().appendForm(streamOf([utf8("a"), chunk])))).toEqual(badType('"body" must yield bytes'));
    }
  });
});
