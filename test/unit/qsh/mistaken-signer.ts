/**
 * A signer that makes mistakes on purpose. It is written from the description of the canonical request alone and shares
 * nothing with the code under test: one straight function, where each mistake is a flag.
 */
import { createHash } from "node:crypto";

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly baseUrl?: string | undefined;
  readonly form?: string | undefined;
}

/** Every mistake, by the code that names it; a code may have several ways after a colon. */
export const mistakes = [
  "method-wrong",
  "method-not-upper-case",
  "base-path-kept",
  "base-path-stripped-twice",
  "base-path-stripped-within-segment",
  "trailing-slash-kept",
  "trailing-slashes-removed",
  "path-decoded",
  "path-encoded-twice",
  "path-normalized",
  "path-normalized:parser",
  "path-ampersand-raw",
  "origin-included:scheme",
  "origin-included:host",
  "query-dropped",
  "form-not-merged",
  "jwt-kept",
  "names-sorted-decoded",
  "names-sorted-by-locale",
  "names-not-sorted",
  "values-not-sorted",
  "values-sorted-encoded",
  "values-joined-by-encoded-comma",
  "values-repeated-as-pairs",
  "values-first-only",
  "values-last-only",
  "plus-not-decoded",
  "space-as-plus",
  "marks-not-encoded",
  "tilde-encoded",
  "escapes-lower-case",
  "encoded-twice",
  "brackets-nested",
  "brackets-removed",
  "proto-dropped",
  "cut-at-1000",
  "empty-values-dropped",
  "hash-upper-case",
  "hash-base64",
] as const;
export type Mistake = (typeof mistakes)[number];

/** What the mistaken signer puts into `qsh`. */
export function mistakenQsh(request: SignedRequest, made: readonly Mistake[]): string {
  const digest = createHash("sha256").update(mistakenCanonical(request, made)).digest();
  if (made.includes("hash-base64")) return digest.toString("base64");
  return made.includes("hash-upper-case") ? digest.toString("hex").toUpperCase() : digest.toString("hex");
}

/** What the mistaken signer hashes. */
export function mistakenCanonical(request: SignedRequest, made: readonly Mistake[]): string {
  const oops = (mistake: Mistake): boolean => made.includes(mistake);
  const [, origin = "", rest = ""] = /^([a-z]+:\/\/[^/?#]*)?(.*)$/is.exec(request.url.replace(/#.*$/s, "")) ?? [];
  const question = rest.indexOf("?");
  const rawPath = question < 0 ? rest : rest.slice(0, question);
  const rawQuery = question < 0 ? "" : rest.slice(question + 1);
  const [, baseOrigin = "", baseTail = ""] = /^([a-z]+:\/\/[^/?#]*)?(.*)$/i.exec((request.baseUrl ?? "").replace(/[?#].*$/s, "")) ?? [];
  const site = origin || baseOrigin;
  return [signMethod(request.method, oops), signPath(rawPath, baseTail.replace(/\/+$/, ""), site, oops), signQuery(rawQuery, request.form ?? "", oops)].join("&");
}

type Oops = (mistake: Mistake) => boolean;

function signMethod(method: string, oops: Oops): string {
  const upper = method.toUpperCase();
  if (oops("method-wrong")) return upper === "GET" ? "POST" : "GET";
  return oops("method-not-upper-case") ? upper.toLowerCase() : upper;
}

function signPath(rawPath: string, base: string, site: string, oops: Oops): string {
  let path = rawPath;
  if (oops("path-normalized:parser")) path = new URL(`http://h${path}`).pathname;
  if (oops("path-normalized")) path = withoutDots(path);
  const strip = (): void => {
    const rest = path.slice(base.length);
    if (base !== "" && path.startsWith(base) && (oops("base-path-stripped-within-segment") || rest === "" || rest[0] === "/")) path = rest;
  };
  const whole = site !== "" && (oops("origin-included:scheme") || oops("origin-included:host"));
  if (!oops("base-path-kept") && !whole) {
    strip();
    if (oops("base-path-stripped-twice")) strip();
  }
  if (oops("path-decoded")) path = unescape8(path);
  if (oops("path-encoded-twice")) path = path.replace(/%/g, "%25");
  if (!oops("path-ampersand-raw")) path = path.split("&").join("%26");
  if (oops("trailing-slashes-removed")) while (path.endsWith("/")) path = path.slice(0, -1);
  else if (path.endsWith("/") && !oops("trailing-slash-kept")) path = path.slice(0, -1);
  if (path[0] !== "/") path = `/${path}`;
  if (!whole) return path;
  return (oops("origin-included:host") ? site.split("://")[1] : site) + path;
}

function withoutDots(path: string): string {
  const out: string[] = [];
  const segments = path.split("/").slice(1);
  segments.forEach((segment, i) => {
    const last = i === segments.length - 1;
    if (segment === "..") out.pop();
    if (segment === "." || segment === "..") {
      if (last) out.push("");
    } else out.push(segment);
  });
  return path.startsWith("/") ? `/${out.join("/")}` : path;
}

function signQuery(rawQuery: string, form: string, oops: Oops): string {
  if (oops("query-dropped")) return "";
  const source = [rawQuery, oops("form-not-merged") ? "" : form].filter((text) => text !== "").join("&");
  let pairs = source
    .split("&")
    .filter((chunk) => chunk !== "")
    .map((chunk): [string, string] => {
      const [name = "", ...rest] = chunk.split("=");
      return [decode(name, oops), decode(rest.join("="), oops)];
    });
  if (oops("cut-at-1000")) pairs = pairs.slice(0, 1000);
  if (oops("brackets-nested")) {
    pairs = pairs.map(([name, value]) => {
      const list = /^([^[]+)\[\d*\]$/.exec(name);
      if (list !== null) return [list[1] as string, value];
      const nested = /^([^[]+)\[[^\]]*\]/.exec(name);
      return nested === null ? [name, value] : [nested[1] as string, "[object Object]"];
    });
    const objects = new Set<string>();
    pairs = pairs.filter(([name, value]) => value !== "[object Object]" || (!objects.has(name) && objects.add(name)));
  }
  if (oops("brackets-removed")) pairs = pairs.map(([name, value]) => [name.replace(/\[\d*\]$/, ""), value]);
  if (oops("empty-values-dropped")) pairs = pairs.filter(([, value]) => value !== "");
  if (oops("proto-dropped")) pairs = pairs.filter(([name]) => name !== "__proto__");
  if (!oops("jwt-kept")) pairs = pairs.filter(([name]) => name !== "jwt");

  const order = [...new Set(pairs.map(([name]) => name))];
  if (oops("names-sorted-decoded")) order.sort();
  else if (oops("names-sorted-by-locale")) order.sort((a, b) => a.localeCompare(b, "en"));
  else if (!oops("names-not-sorted")) order.sort((a, b) => (encode(a, oops) < encode(b, oops) ? -1 : 1));

  const written = order.map((name) => {
    let values = pairs.filter(([other]) => other === name).map(([, value]) => value);
    if (oops("values-sorted-encoded")) values.sort((a, b) => (encode(a, () => false) < encode(b, () => false) ? -1 : 1));
    else if (!oops("values-not-sorted") && !oops("values-first-only") && !oops("values-last-only")) values.sort();
    if (oops("values-first-only")) values = values.slice(0, 1);
    if (oops("values-last-only")) values = values.slice(-1);
    const texts = values.map((value) => encode(value, oops));
    if (oops("values-repeated-as-pairs")) return texts.map((text) => `${encode(name, oops)}=${text}`).join("&");
    return `${encode(name, oops)}=${texts.join(oops("values-joined-by-encoded-comma") ? encode(",", oops) : ",")}`;
  });
  return written.join("&");
}

function decode(text: string, oops: Oops): string {
  return unescape8(oops("plus-not-decoded") ? text : text.replace(/\+/g, " "));
}

/** Percent-decoding as Java does it: what is not UTF-8 becomes U+FFFD, what is no escape stays. */
function unescape8(text: string): string {
  const bytes: number[] = [];
  const raw = Buffer.from(text);
  for (let i = 0; i < raw.length; i++) {
    const hex = raw.subarray(i + 1, i + 3).toString("latin1");
    if (raw[i] === 0x25 && /^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(raw[i] as number);
  }
  return Buffer.from(bytes).toString("utf8");
}

function encode(text: string, oops: Oops): string {
  const once = (input: string): string => {
    let out = "";
    for (const byte of Buffer.from(input)) {
      const char = String.fromCharCode(byte);
      const plain = /[A-Za-z0-9\-._]/.test(char) || (char === "~" && !oops("tilde-encoded"));
      const mark = "!'()*".includes(char) && oops("marks-not-encoded");
      const hex = byte.toString(16).padStart(2, "0");
      if (plain || mark) out += char;
      else if (char === " " && oops("space-as-plus")) out += "+";
      else out += `%${oops("escapes-lower-case") ? hex : hex.toUpperCase()}`;
    }
    return out;
  };
  return oops("encoded-twice") ? once(once(text)) : once(text);
}
