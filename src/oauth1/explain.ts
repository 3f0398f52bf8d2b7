/**
 * What two base strings differ in, in words: for the moment when a signature is refused and the server has said what it
 * signed.
 */
import { decodePercent, encodePercent } from "../encoding/percent.ts";
import { oneLine } from "../encoding/printable.ts";
import { argumentError } from "../errors.ts";
import { protocolNames } from "./parameters.ts";

/** One difference. `text` tells it whole; values of the protocol's parameters are left out, as they are credentials. */
export interface BaseStringDifference {
  readonly part: "form" | "method" | "scheme" | "host" | "port" | "path" | "parameter" | "order";
  /** The parameter's name, where the part is one. */
  readonly name?: string;
  readonly text: string;
}

/** What {@link explainBaseString} found. */
export interface BaseStringExplanation {
  /** True when the strings are the same: then the keys or the methods differ. */
  readonly same: boolean;
  readonly differences: readonly BaseStringDifference[];
  /** All of it, one sentence a line. */
  readonly text: string;
}

interface Parts {
  readonly method: string;
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  /** Encoded pairs, as they stand. */
  readonly pairs: readonly string[];
}

const PROXY = "its proxy settings differ";
const SAME =
  "the base strings are the same: the public key that the server holds is not of this " +
  "pair, or the methods' hashes differ";

/**
 * Compares our base string with the one that the server echoed as `oauth_signature_base_string`.
 *
 * @example
 * ```ts
 * import { explainBaseString } from "jwt-qsh/oauth1";
 *
 * explainBaseString(
 *   "GET&https%3A%2F%2Fjira.example.com%2Frest&a%3D1",
 *   "GET&http%3A%2F%2Fjira.example.com%3A8080%2Frest&a%3D1",
 * ).text;
 * // the server saw http and port 8080, we signed https and no port: its proxy settings differ
 * ```
 *
 * @param ours what we signed
 * @param theirs what the server says it verified: `serverBaseString` of an {@link OAuth1Error}
 * @throws {TypeError} ERR_INVALID_ARG_TYPE when one is no string
 */
export function explainBaseString(ours: string, theirs: string): BaseStringExplanation {
  if (typeof ours !== "string") throw argumentError('"ours"', "must be a string", "ERR_INVALID_ARG_TYPE");
  if (typeof theirs !== "string") throw argumentError('"theirs"', "must be a string", "ERR_INVALID_ARG_TYPE");
  if (ours === theirs) return { same: true, differences: [], text: SAME };
  const left = readParts(ours);
  const right = readParts(theirs);
  const differences =
    left && right ? compareParts(left, right) : [malformed(left === undefined ? "ours" : "the server's")];
  if (differences.length === 0)
    differences.push({ part: "form", text: "the parts are the same, but they are encoded in another way" });
  return { same: false, differences, text: differences.map(({ text }) => text).join("\n") };
}

function malformed(whose: string): BaseStringDifference {
  return {
    part: "form",
    text: `${whose} is no base string: it must be a method, an address and parameters, joined by "&"`,
  };
}

function readParts(baseString: string): Parts | undefined {
  const parts = baseString.split("&");
  const [method, uri, parameters] = parts.map(decodePercent);
  if (parts.length !== 3 || method === undefined || uri === undefined || parameters === undefined) return undefined;
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(\[[^\]]*\]|[^/:]*)(?::(\d*))?(.*)$/s.exec(uri);
  if (match === null) return undefined;
  const [, scheme = "", host = "", port = "", path = ""] = match;
  return { method, scheme, host, port, path, pairs: parameters === "" ? [] : parameters.split("&") };
}

function compareParts(ours: Parts, theirs: Parts): BaseStringDifference[] {
  const differences: BaseStringDifference[] = [];
  if (ours.method !== theirs.method) {
    differences.push({
      part: "method",
      text: `the server saw the method ${show(theirs.method)}, we signed ${show(ours.method)}`,
    });
  }
  differences.push(...compareAddress(ours, theirs));
  if (ours.path !== theirs.path) differences.push({ part: "path", text: explainPath(ours.path, theirs.path) });
  differences.push(...compareParameters(ours.pairs, theirs.pairs));
  return differences;
}

function compareAddress(ours: Parts, theirs: Parts): BaseStringDifference[] {
  const differing = (["scheme", "host", "port"] as const).filter((part) => ours[part] !== theirs[part]);
  const [part] = differing;
  if (part === undefined) return [];
  const tell = (parts: Parts): string => differing.map((name) => tellPart(name, parts[name])).join(" and ");
  return [{ part, text: `the server saw ${tell(theirs)}, we signed ${tell(ours)}: ${PROXY}` }];
}

function tellPart(part: "scheme" | "host" | "port", value: string): string {
  if (part === "scheme") return show(value);
  if (value === "") return `no ${part}`;
  return `${part} ${show(value)}`;
}

function explainPath(ours: string, theirs: string): string {
  const seen = `the server saw the path ${show(theirs)}, we signed ${show(ours)}`;
  if (`${ours}/` === theirs || `${theirs}/` === ours) return `${seen}: they differ in a slash at the end`;
  if (decodePercent(ours) === theirs) return `${seen}: it signs the decoded path, so avoid escapes in it`;
  if (ours === decodePercent(theirs)) return `${seen}: something on the way encoded it once more`;
  if (ours.endsWith(theirs) || theirs.endsWith(ours)) return `${seen}: the context path is on one side alone`;
  return `${seen}: something on the way rewrites it`;
}

function compareParameters(ours: readonly string[], theirs: readonly string[]): BaseStringDifference[] {
  const oursOnly = without(ours, theirs);
  const theirsOnly = without(theirs, ours);
  if (oursOnly.length === 0 && theirsOnly.length === 0) {
    return ours.join("&") === theirs.join("&")
      ? []
      : [
          {
            part: "order",
            text: "the parameters are the same, but sorted in another order: by name first and then by value is right",
          },
        ];
  }
  const left = firstValues(oursOnly);
  const right = firstValues(theirsOnly);
  return [...new Set([...left.keys(), ...right.keys()])].map((name) => {
    return { part: "parameter", name, text: explainParameter(name, left.get(name), right.get(name)) };
  });
}

/** The first value of each name, as it stands. */
function firstValues(pairs: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const name = decodePercent(equals < 0 ? pair : pair.slice(0, equals));
    if (!values.has(name)) values.set(name, equals < 0 ? "" : pair.slice(equals + 1));
  }
  return values;
}

function explainParameter(name: string, left: string | undefined, right: string | undefined): string {
  const label = `the parameter ${show(name)}`;
  if (right === undefined) {
    return (
      `${label} was signed, but the server did not count it: was it lost on the way, or in a ` +
      `form that the server does not read?`
    );
  }
  if (left === undefined) {
    return (
      `${label} was counted by the server, but not signed: it was added after signing, or ` +
      `stands in a form body that was not signed`
    );
  }
  if (protocolNames.includes(name)) return `${label} has another value`;
  return (
    `the server read ${label} as ${show(decodePercent(right))}, we signed ` +
    `${show(decodePercent(left))}${explainValue(left, right)}`
  );
}

/** Both values as they stand, encoded once. */
function explainValue(ours: string, theirs: string): string {
  const left = decodePercent(ours);
  const right = decodePercent(theirs);
  if (left === right)
    return `: the same text, but one side does not encode ${[...new Set(left.match(/[^A-Za-z0-9\-._~]/g))].join(" ")}`;
  if (left.replaceAll(" ", "+") === right.replaceAll(" ", "+")) return ": a plus sign is a space to one side alone";
  if (encodePercent(left) === right || encodePercent(right) === left) return ": it is encoded once more on one side";
  if (left.startsWith(right) || right.startsWith(left)) return ": one side cuts it off";
  return "";
}

/** The pairs that the others lack; a pair that stands twice must stand twice there too. */
function without(pairs: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const pair of others) left.set(pair, (left.get(pair) ?? 0) + 1);
  return pairs.filter((pair) => {
    const count = left.get(pair) ?? 0;
    left.set(pair, count - 1);
    return count <= 0;
  });
}

/** Text from afar: one line, short. */
function show(text: string): string {
  const line = oneLine(text);
  const cut = line.length > 80 ? `${line.slice(0, 80)}…` : line;
  return /^[\w.-]+$/.test(cut) ? cut : `"${cut}"`;
}
