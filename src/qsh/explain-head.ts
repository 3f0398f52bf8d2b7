/**
 * Mistakes with the method and the path.
 */
import { decodeFormText } from "../encoding/percent.ts";
import { stripBase } from "./path.ts";
import type { Rules } from "./canonical.ts";
import type { Hypothesis } from "./explain-hypotheses.ts";
import type { QshCauseCode } from "./explain-causes.ts";
import type { Target } from "./request.ts";

type PathRule = Rules["path"];

/** A mistake that turns the target into another before the path is read. */
function before(code: QshCauseCode, change: (target: Target) => Partial<Target>): Hypothesis {
  return { code, patch: (rules) => ({ path: (target) => rules.path({ ...target, ...change(target) }) }) };
}

/** A mistake with the raw path, the base still on. */
function rawPath(code: QshCauseCode, change: (path: string) => string): Hypothesis {
  return before(code, ({ path }) => ({ path: change(path) }));
}

/** A mistake with the finished path. */
function after(code: QshCauseCode, change: (path: string, target: Target, path0: PathRule) => string): Hypothesis {
  return { code, patch: (rules) => ({ path: (target) => change(rules.path(target), target, rules.path) }) };
}

/** Stands for a raw `&` on its way past the rules that escape it and that decode: in nearly every path, no character. */
const RAW_AMPERSAND = "\uffff";

/** A mistake that leaves some ampersands as they are. */
function rawAmpersands(code: QshCauseCode, which: (target: Target) => RegExp, more?: Partial<Target>): Hypothesis {
  return {
    code,
    patch: (rules) => ({
      path: (target) => {
        const read = (path: string): string => rules.path({ ...target, ...more, path });
        const plain = read(target.path);
        if (plain.includes(RAW_AMPERSAND)) return plain;
        return read(target.path.replace(which(target), RAW_AMPERSAND)).replaceAll(RAW_AMPERSAND, "&");
      },
    }),
  };
}

const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] as const;

export function headHypotheses(): readonly Hypothesis[] {
  return [
    before("base-path-kept", () => ({ basePath: "" })),
    before("base-path-stripped-twice", ({ path, basePath }) => ({ path: stripBase(path, basePath) })),
    before("base-path-stripped-twice", ({ path, basePath }) => ({ path: path.replaceAll(basePath, ""), basePath: "" })),
    before("base-path-stripped-within-segment", ({ path, basePath }) =>
      path.startsWith(basePath) ? { path: path.slice(basePath.length), basePath: "" } : {},
    ),
    // The slashes that the rule will take off are put on beforehand.
    before("trailing-slash-kept", ({ path, decoded }) => ({ path: path + (decoded ? "//" : "/") })),
    rawPath("trailing-slashes-removed", (path) => (/^[^]*[^/]|/.exec(path) as RegExpExecArray)[0]),
    before("path-decoded", ({ decoded }) => (decoded ? {} : { decoded: true })),
    // As products do it, but for the number of slashes; and as a form decoder does it, which reads + as a space.
    before("path-decoded", ({ path, basePath, decoded }) =>
      decoded ? {} : { path: `${stripBase(path, basePath)}/`, basePath: "", decoded: true },
    ),
    before("path-decoded", ({ path, basePath, decoded }) =>
      decoded ? {} : { path: decodeFormText(stripBase(path, basePath)).replaceAll("%", "%25"), basePath: "", decoded: true },
    ),
    rawAmpersands("path-decoded", ({ decoded }) => (decoded ? /(?!)/ : /%26/g), { decoded: true }),
    before("path-not-decoded", ({ decoded }) => (decoded ? { decoded: false } : {})),
    rawPath("path-encoded-twice", (path) => path.replaceAll("%", "%25")),
    rawPath("path-normalized", removeDotSegments),
    rawPath("path-normalized", parsedPath),
    rawPath("path-escaped", (path) => path.replace(/[\s"<>\\^`{|}]/g, encodeURIComponent)),
    rawPath("path-escaped", (path) => path.replace(/[\s"<>\\^`{|}]/g, encodeURIComponent).replaceAll("'", "%27")),
    rawPath("path-escapes-recased", (path) => path.replace(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase())),
    rawPath("path-escapes-recased", (path) => path.replace(/%[0-9a-f]{2}/gi, (escape) => escape.toLowerCase())),
    // Where the path is decoded, an ampersand may come of an escape.
    rawAmpersands("path-ampersand-raw", ({ decoded }) => (decoded ? /&|%26/g : /&/g)),
    rawPath("path-slashes-merged", (path) => path.replace(/\/{2,}/g, "/")),
    after("path-empty", (path) => (path === "/" ? "" : path)),
    after("path-without-leading-slash", (path) => path.slice(1)),
    after("origin-included", (path, { origin = "", ...target }, path0) => (origin === "" ? path : origin + path0({ ...target, basePath: "" }))),
    after("origin-included", (path, { origin = "" }) => origin + path),
    after("origin-included", (path, { origin = "", ...target }, path0) =>
      origin === "" ? path : origin.replace(/^.*:\/\//, "") + path0({ ...target, basePath: "" }),
    ),
    after("query-in-path", (path, { query }) => (query === "" ? path : `${path}?${query}`)),
    ...METHODS.map((method): Hypothesis => ({ code: "method-wrong", patch: () => ({ method: () => method }) })),
    { code: "method-not-upper-case", patch: () => ({ method: (method) => method }) },
    { code: "method-not-upper-case", patch: (rules) => ({ method: (method) => rules.method(method).toLowerCase() }) },
  ];
}

/** RFC 3986 section 5.2.4, and nothing else. */
function removeDotSegments(path: string): string {
  const segments: string[] = [];
  const parts = path.split("/");
  for (const [i, part] of parts.entries()) {
    if (part === "..") {
      if (segments.length > 1) segments.pop();
    } else if (part !== ".") segments.push(part);
    if ((part === "." || part === "..") && i === parts.length - 1) segments.push("");
  }
  return segments.join("/");
}

/** What the platform's URL parser makes of a path behind a host: of `a/b`, whose `a` goes to the host, it is `/b`. */
function parsedPath(path: string): string {
  try {
    return new URL(`http://host${path}`).pathname;
  } catch {
    // Not to be parsed: then nobody signed what a parser made of it.
    return path;
  }
}
