/** The vectors of the query string hash, whole and piece by piece. */
import * as core from "../../../dist/index.js";
import { cutAt, streamOf } from "./streams.mjs";
import { equal, utf8 } from "./verdict.mjs";

/** Where the vectors recommend what a URL parser makes of a target; we hash what is written. By node:crypto. */
const AS_WRITTEN = {
  "path: backslash": {
    canonical: "GET&/a\\b&",
    qsh: "650cea5ac5b776e090cad93731a48d7fbff8c4729bf4c187ed8e0c581aa39c3b",
  },
  "path: raw braces": {
    canonical: "GET&/x/{id}&",
    qsh: "a519559873b4334685a06e7b562f9c0eb04323409c702c5cadf7cb15f20791a9",
  },
  "path: raw space in path": {
    canonical: "GET&/a b/c&",
    qsh: "71485e4552b67233bfb361938b17ae61366112fa659b6ff799188ac342e54366",
  },
};

/** The body, where the server merges it: that of a form that is POSTed. */
function formOf({ method, body, contentType = "" }) {
  const isForm = /^application\/x-www-form-urlencoded(?:;|$)/i.test(contentType);
  return method.toUpperCase() === "POST" && isForm ? body : undefined;
}

export function qshCases({ qsh }, { add }) {
  add("half a character is U+FFFD, and a whole one is not cut", () => {
    const builder = new core.CanonicalRequestBuilder("GET", "/a");
    builder.append("\u{1f600}", "x\ud800y\u{1f600}\udc00").appendQuery("\u{1f601}=\udfff\u{1f600}");
    const expected = "%F0%9F%98%80=x%EF%BF%BDy%F0%9F%98%80%EF%BF%BD&%F0%9F%98%81=%EF%BF%BD%F0%9F%98%80";
    equal(builder.toString(), `GET&/a&${expected}`, "canonical");
  });
  for (const vector of qsh) {
    const form = formOf(vector);
    const request = { method: vector.method, url: vector.url, ...(form === undefined ? {} : { form }) };
    const base = vector.baseUrl === undefined ? {} : { baseUrl: vector.baseUrl };
    const raw = AS_WRITTEN[vector.name] ?? vector;
    for (const [path, expected] of [
      ["raw", raw],
      ["decoded", vector.hostOutbound],
    ]) {
      if (expected === undefined) continue;
      const options = { path, ...base };
      add(`${path}: ${vector.name}`, () => {
        equal(core.canonicalRequest(request, options), expected.canonical, "canonicalRequest");
        equal([...core.canonicalParts(request, options)].join(""), expected.canonical, "canonicalParts");
        equal(core.qsh(request, options), expected.qsh, "qsh");
      });
      add(`${path}, built: ${vector.name}`, async () => {
        const build = () => new core.CanonicalRequestBuilder(vector.method, vector.url, options);
        for (const body of form === undefined ? [undefined] : bodiesOf(form)) {
          const builder = build();
          if (body !== undefined) await builder.appendForm(body);
          equal(builder.toString(), expected.canonical, "toString");
          equal([...builder.parts()].join(""), expected.canonical, "parts");
          equal(builder.qsh(), expected.qsh, "qsh");
        }
      });
    }
    if (form === undefined) {
      add(`query apart: ${vector.name}`, () => {
        const [path, ...rest] = vector.url.split("#")[0].split("?");
        const builder = new core.CanonicalRequestBuilder(vector.method, path, base);
        equal(builder.appendQuery(rest.join("?")).qsh(), raw.qsh, "appendQuery");
      });
    }
    if (vector.name in AS_WRITTEN) {
      add(
        `URL: ${vector.name}`,
        () => {
          const url = new URL(vector.url, "https://example.com");
          equal(core.qsh({ method: vector.method, url }), vector.qsh, "qsh");
        },
        "URL",
      );
    }
  }
}

/** The form as text, as bytes, and as a stream that is cut at each place in turn, and at all of them. */
function bodiesOf(form) {
  const bytes = utf8(form);
  const places = [...bytes.keys()];
  return [form, bytes, ...[...places.map((place) => [place]), places].map((cuts) => streamOf(cutAt(bytes, cuts)))];
}
