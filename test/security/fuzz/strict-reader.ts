/**
 * The witness of what a token must be: read by a JSON parser and by rules that are written down here once more, with
 * node's own base64url, UTF-8 and HMAC. It shares nothing with the code under test, and it is slow.
 */
import { createHmac } from "node:crypto";
import { NOW } from "../../support/token.ts";

type JsonRecord = Record<string, unknown>;

/** What a token says. */
export interface Reading {
  readonly header: JsonRecord;
  readonly claims: JsonRecord;
}

/** The options that the witness knows. */
export interface ReadingRules {
  readonly typ?: string;
  readonly maxTokenLength?: number;
  readonly requireExp?: boolean;
}

const FORBIDDEN = ["crit", "b64", "jwk", "jku", "x5u", "x5c", "enc", "zip"];
const LEEWAY = 30;
const LAST_SECOND = 253402300799;

/** Reads an HS256 token; `undefined` where it must be refused. */
export function readStrictly(token: string, secret: string, rules: ReadingRules = {}): Reading | undefined {
  if (token.length > (rules.maxTokenLength ?? 16384)) return undefined;
  const segments = token.split(".");
  if (segments.length !== 3) return undefined;
  const [head, body, seal] = segments as [string, string, string];
  if (!/^[A-Za-z0-9_-]*$/.test(head + body + seal)) return undefined;
  if (createHmac("sha256", secret).update(`${head}.${body}`).digest("base64url") !== seal) return undefined;
  const header = readObject(head);
  const claims = readObject(body);
  if (header === undefined || claims === undefined) return undefined;
  return isGoodHeader(header, rules.typ) && areGoodClaims(claims, rules.requireExp ?? true)
    ? { header, claims }
    : undefined;
}

function isGoodHeader(header: JsonRecord, typ: string | undefined): boolean {
  if (header["alg"] !== "HS256" || FORBIDDEN.some((name) => name in header)) return false;
  if ("kid" in header && !isText(header["kid"])) return false;
  const given = header["typ"];
  if (!("typ" in header)) return typ === undefined;
  return typeof given === "string" && shortType(given) === shortType(typ ?? "JWT");
}

function shortType(typ: string): string {
  return /^application\//i.test(typ) ? typ.slice(12).toUpperCase() : typ.toUpperCase();
}

function areGoodClaims(claims: JsonRecord, requireExp: boolean): boolean {
  for (const name of ["iss", "sub", "jti", "qsh"]) if (name in claims && !isText(claims[name])) return false;
  for (const name of ["exp", "nbf", "iat"]) if (name in claims && !isTime(claims[name])) return false;
  const { iss, aud, exp, nbf, iat } = claims as {
    iss?: string;
    aud?: unknown;
    exp?: number;
    nbf?: number;
    iat?: number;
  };
  if (iss === "") return false;
  if ("aud" in claims && !(Array.isArray(aud) ? aud.every(isText) : isText(aud))) return false;
  if (exp === undefined ? requireExp : exp + LEEWAY <= NOW) return false;
  return (nbf ?? 0) <= NOW + LEEWAY && (iat ?? 0) <= NOW + LEEWAY;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && Buffer.from(value, "utf8").toString("utf8") === value;
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= LAST_SECOND;
}

/** A segment as a JSON object, in its one spelling; `undefined` for everything else. */
export function readObject(segment: string): JsonRecord | undefined {
  const bytes = Buffer.from(segment, "base64url");
  if (bytes.toString("base64url") !== segment) return undefined;
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? parseStrictly(text) : undefined;
}

/** RFC 8259 with no name twice, no `__proto__`, and 32 containers deep at most. */
export function parseStrictly(text: string): JsonRecord | undefined {
  const parser = new Parser(text);
  try {
    return parser.document();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonRecord {
    this.#space();
    if (this.#text[this.#at] !== "{") throw new SyntaxError("no object");
    const value = this.#value(1) as JsonRecord;
    if (this.#at < this.#text.length) throw new SyntaxError("more than one value");
    return value;
  }

  /** What matches here, taken. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  #space(): void {
    this.#take(/[ \t\n\r]*/y);
  }

  #expect(char: string): void {
    if (this.#text[this.#at++] !== char) throw new SyntaxError(`no ${char}`);
    this.#space();
  }

  #value(depth: number): unknown {
    const char = this.#text[this.#at];
    const value = char === "{"
      ? this.#object(depth)
      : char === "["
      ? this.#array(depth)
      : char === '"'
      ? this.#string()
      : this.#word();
    this.#space();
    return value;
  }

  #object(depth: number): JsonRecord {
    if (depth > 32) throw new SyntaxError("too deep");
    const members = new Map<string, unknown>();
    this.#expect("{");
    for (let more = this.#text[this.#at] !== "}"; more;) {
      const name = this.#string();
      if (members.has(name) || name === "__proto__") throw new SyntaxError("a name twice, or one that is none");
      this.#space();
      this.#expect(":");
      members.set(name, this.#value(depth + 1));
      more = this.#text[this.#at] === ",";
      if (more) this.#expect(",");
    }
    this.#expect("}");
    return Object.fromEntries(members);
  }

  #array(depth: number): unknown[] {
    if (depth > 32) throw new SyntaxError("too deep");
    const items: unknown[] = [];
    this.#expect("[");
    for (let more = this.#text[this.#at] !== "]"; more;) {
      items.push(this.#value(depth + 1));
      more = this.#text[this.#at] === ",";
      if (more) this.#expect(",");
    }
    this.#expect("]");
    return items;
  }

  #string(): string {
    const raw = this.#take(/"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (raw === undefined || [...raw].some((char) => char < " ")) throw new SyntaxError("no string");
    return raw.slice(1, -1).replace(
      /\\(?:u(....)|(.))/g,
      (_escape, hex: string | undefined, char: string) =>
        hex === undefined ? (ESCAPES[char] as string) : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }

  #word(): unknown {
    const word = this.#take(/true|false|null/y);
    if (word !== undefined) return word === "null" ? null : word === "true";
    const number = this.#take(/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y);
    if (number === undefined) throw new SyntaxError("no value");
    return Number(number);
  }
}
