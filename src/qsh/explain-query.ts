/**
 * Mistakes with the parameters.
 */
import { decodePercent, encodePercent } from "../encoding/percent.ts";
import type { Rules } from "./canonical.ts";
import { nestBrackets } from "./explain-brackets.ts";
import type { QshCauseCode } from "./explain-causes.ts";
import type { Hypothesis } from "./explain-hypotheses.ts";
import { parsePairs } from "./parameters.ts";
import type { Target } from "./request.ts";

type Pair = readonly [name: string, value: string];

/** A mistake with the raw query and form, before they are split. */
function source(code: QshCauseCode, change: (target: Target) => Partial<Target>): Hypothesis {
  return { code, patch: (rules) => ({ pairs: (target) => rules.pairs({ ...target, ...change(target) }) }) };
}

/** The same mistake with both. */
function rawText(code: QshCauseCode, change: (text: string) => string): Hypothesis {
  return source(code, ({ query, form }) => ({ query: change(query), form: change(form) }));
}

/** A mistake with the decoded pairs. */
function decoded(code: QshCauseCode, change: (pairs: Pair[]) => Iterable<Pair>): Hypothesis {
  return { code, patch: (rules) => ({ pairs: (target) => change([...rules.pairs(target)]) }) };
}

/** A mistake with what was encoded. */
function encoded(code: QshCauseCode, change: (text: string) => string): Hypothesis {
  return { code, patch: (rules) => ({ encode: (text) => change(rules.encode(text)) }) };
}

/** A mistake in the order of names. */
function names(code: QshCauseCode, sortNames: Rules["sortNames"]): Hypothesis {
  return { code, patch: () => ({ sortNames }) };
}

/** A mistake in the order or number of one name's values. */
function values(code: QshCauseCode, change: (values: string[], sort: Rules["sortValues"]) => string[]): Hypothesis {
  return { code, patch: (rules) => ({ sortValues: (list) => change(list, rules.sortValues) }) };
}

/** Sorts by a key, which is made once for each item. */
function sortBy<T>(list: readonly T[], key: (item: T) => string): T[] {
  const keyed = list.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  return keyed.map(({ item }) => item);
}

/** Of many, which take seconds, it leaves the order to a mistake that was tried before. */
function sortByLocale<T>(list: T[], key: (item: T) => string): T[] {
  return list.length > 1000 ? list : list.sort((a, b) => key(a).localeCompare(key(b), "en"));
}

/** UTF-16 sorts what is above U+FFFF before U+E000; this key sorts it behind U+FFFF, as UTF-8 and code points do. */
function codePointKey(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, (pair) => `\uffff${pair}`);
}

const decodeEscapes = (pattern: RegExp) => (text: string): string => text.replace(pattern, decodePercent);
const identity = (text: string): string => text;

/** A query that was hashed as one piece. */
function verbatim(piece: (target: Target) => string): Hypothesis {
  return {
    code: "query-verbatim",
    alone: true,
    patch: () => ({
      pairs: (target) => [[piece(target), ""]],
      keep: () => true,
      encode: identity,
      write: (name) => [name],
    }),
  };
}

/** Without the token, which nobody can hash who does not have it yet. */
function rawChunks({ query, form }: Target): string[] {
  return `${query}&${form}`.split("&").filter((chunk) => chunk !== "" && !/^jwt(?:=|$)/.test(chunk));
}

/** What is cheap to try, or likely in a long query, comes first. */
export function queryHypotheses(): readonly Hypothesis[] {
  return [
    source("query-dropped", ({ query }) => (query === "" ? {} : { query: "", form: "" })),
    decoded("cut-at-1000", (pairs) => pairs.slice(0, 1000)),
    names("names-sorted-decoded", (list) => sortBy(list, ({ name }) => name)),
    names("names-sorted-decoded", (list) => sortBy(list, ({ name }) => codePointKey(name))),
    names("names-not-sorted", identityOrder),
    names("names-sorted-by-locale", (list) => sortByLocale(list, ({ name }) => name)),
    names("names-sorted-by-locale", (list) => sortByLocale(list, (item) => item.encoded)),
    names("names-sorted-by-locale", (list) => sortBy(list, ({ name }) => name.toLowerCase())),
    names("names-sorted-with-values", (list) => sortBy(list, ({ encoded: text }) => `${text}=`)),
    values("values-not-sorted", identityOrder),
    values("values-sorted-encoded", (list) => sortBy(list, encodePercent)),
    values("values-sorted-by-code-point", (list) => sortBy(list, codePointKey)),
    values("values-sorted-by-locale", (list) => sortByLocale(list, identity)),
    values("values-sorted-by-locale", (list) => list.sort((a, b) => Number(a) - Number(b))),
    { code: "values-joined-by-encoded-comma", patch: () => ({ write: writeEncodedComma }) },
    { code: "values-repeated-as-pairs", patch: () => ({ write: writeRepeated }) },
    values("values-first-only", (list) => list.slice(0, 1)),
    values("values-last-only", (list) => list.slice(-1)),
    values("values-deduplicated", (list, sort) => [...new Set(sort(list))]),
    rawText("plus-not-decoded", (text) => text.replaceAll("+", "%2B")),
    rawText("plus-not-decoded", (text) => text.replace(/[^&]+/g, escapePlusInName)),
    encoded("space-as-plus", (text) => text.replaceAll("%20", "+")),
    encoded("marks-not-encoded", decodeEscapes(/%(?:21|27|28|29|2A)/gi)),
    encoded("marks-not-encoded", decodeEscapes(/%2A/gi)),
    encoded("form-urlencoded", (text) => decodeEscapes(/%2A/gi)(text.replaceAll("%20", "+").replaceAll("~", "%7E"))),
    encoded("reserved-not-encoded", decodeEscapes(/%2F/gi)),
    encoded("reserved-not-encoded", decodeEscapes(/%(?:2[1346789ABCF]|3[ABDF]|40)/gi)),
    encoded("comma-not-encoded", decodeEscapes(/%2C/gi)),
    encoded("tilde-encoded", (text) => text.replaceAll("~", "%7E")),
    encoded("escapes-lower-case", (text) => text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())),
    rawText("invalid-escapes-kept", (text) => text.replace(/[^&=]+/g, escapeUndecodable)),
    rawText("invalid-escapes-dropped", (text) => keepChunks(text, (chunk) => !/%(?![0-9a-f]{2})/i.test(chunk))),
    { code: "encoded-twice", patch: (rules) => ({ encode: (text) => rules.encode(rules.encode(text)) }) },
    rawText("encoded-twice", (text) => text.replaceAll("%", "%25").replaceAll("+", "%2B")),
    { code: "not-encoded", patch: () => ({ encode: identity }) },
    { code: "escapes-as-sent", patch: () => ({ pairs: undecodedPairs, encode: identity }) },
    decoded("decoded-twice", (pairs) => pairs.map(([name, value]) => [decodePercent(name), decodePercent(value)])),
    { code: "jwt-kept", patch: () => ({ keep: () => true }) },
    { code: "jwt-dropped-in-any-case", patch: (rules) => ({ keep: (name) => rules.keep(name) && name.toLowerCase() !== "jwt" }) },
    source("form-not-merged", () => ({ form: "" })),
    source("query-replaced-by-form", ({ form }) => (form === "" ? {} : { query: "" })),
    decoded("brackets-nested", (pairs) => nestBrackets(pairs, true)),
    decoded("brackets-nested", (pairs) => nestBrackets(pairs, false)),
    decoded("brackets-removed", (pairs) => pairs.map(([name, value]) => [name.replace(/\[\d*\]$/, ""), value])),
    decoded("brackets-removed", (pairs) => pairs.map(([name, value]) => [name.replace(/\[([^[\]]*)\]/g, ".$1").replace(/\.$/, ""), value])),
    decoded("proto-dropped", (pairs) => pairs.filter(([name]) => name !== "__proto__")),
    decoded("empty-names-dropped", (pairs) => pairs.filter(([name]) => name !== "")),
    decoded("empty-values-dropped", (pairs) => pairs.filter(([, value]) => value !== "")),
    rawText("empty-values-dropped", (text) => keepChunks(text, (chunk) => chunk.includes("="))),
    { code: "equals-sign-dropped", patch: (rules) => ({ write: (...args) => dropEquals(rules.write(...args)) }) },
    rawText("semicolon-splits", (text) => text.replaceAll(";", "&")),
    verbatim(({ query }) => query),
    verbatim((target) => rawChunks(target).join("&")),
    verbatim((target) => rawChunks(target).sort().join("&")),
    verbatim((target) => reencode(target).join("&")),
    verbatim((target) => reencode(target).sort().join("&")),
  ];
}

/** A body that the request does not count, read as parameters by mistake. */
export function bodyHypothesis(body: string): Hypothesis {
  return source("body-merged", ({ form }) => ({ form: `${form}&${body}` }));
}

function identityOrder<T>(list: T[]): T[] {
  return list;
}

/** `name=value%2Cvalue`: the values are joined first and encoded then. */
function writeEncodedComma(name: string, list: readonly string[], encode: Rules["encode"]): Iterable<string> {
  return [`${name}=${list.map((value) => encode(value)).join(encode(","))}`];
}

/** `name=value&name=value`. */
function writeRepeated(name: string, list: readonly string[], encode: Rules["encode"]): Iterable<string> {
  return [list.map((value) => `${name}=${encode(value)}`).join("&")];
}

function escapePlusInName(chunk: string): string {
  const equals = chunk.indexOf("=");
  const end = equals < 0 ? chunk.length : equals;
  return chunk.slice(0, end).replaceAll("+", "%2B") + chunk.slice(end);
}

function dropEquals(parts: Iterable<string>): Iterable<string> {
  return [[...parts].join("").replace(/=$/, "")];
}

function undecodedPairs(target: Target): Iterable<Pair> {
  return [...parsePairs(target.query, identity), ...parsePairs(target.form, identity)];
}

function reencode(target: Target): string[] {
  return rawChunks(target).map((chunk) => {
    const [pair] = parsePairs(chunk);
    const [name, value] = pair as Pair;
    return `${encodePercent(name)}=${encodePercent(value)}`;
  });
}

function keepChunks(text: string, keep: (chunk: string) => boolean): string {
  return text.split("&").filter(keep).join("&");
}

/** Many parsers hand on a name or value as it is when decoding it fails. */
function escapeUndecodable(text: string): string {
  try {
    decodeURIComponent(text);
    return text;
  } catch {
    return text.replaceAll("%", "%25");
  }
}
