// Reads what people paste: a token, a header, a curl command, or a raw HTTP request.

/** What was found in a text; `undefined` when it is no more than a token. */
export function readPastedRequest(text) {
  const trimmed = text.trim();
  if (/^(?:\$\s*)?curl\s/.test(trimmed)) return readCurl(trimmed.replace(/^\$\s*/, ""));
  const lines = trimmed.split(/\r?\n/);
  const start = /^([A-Za-z]+)\s+(\S+)(?:\s+HTTP\/[\d.]+)?$/.exec(lines[0] ?? "");
  return start !== null && /^(?:\/|https?:)/i.test(start[2]) ? readRaw(start, lines.slice(1)) : undefined;
}

function readRaw([, method, target], lines) {
  const blank = lines.findIndex((line) => line.trim() === "");
  const head = blank < 0 ? lines : lines.slice(0, blank);
  const headers = new Map(head.filter((line) => line.includes(":")).map((line) => splitHeader(line)));
  const body = blank < 0 ? "" : lines.slice(blank + 1).join("\n").trim();
  return toRequest({ method, url: target, headers, body });
}

function readCurl(text) {
  const words = splitShell(text.replace(/\\\r?\n/g, " "));
  const headers = new Map();
  const data = [];
  let method;
  let url = "";
  let asGet = false;
  for (let i = 1; i < words.length; i++) {
    const word = words[i];
    // -XPOST and --request=POST as well as -X POST.
    const [, flag, joined] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? /^(-[XHdu])(.+)$/s.exec(word) ?? [undefined, word, undefined];
    const value = () => joined ?? words[++i] ?? "";
    if (flag === "-X" || flag === "--request") method = value();
    else if (flag === "-H" || flag === "--header") headers.set(...splitHeader(value()));
    else if (flag === "-d" || /^--data(?:-raw|-binary|-ascii|-urlencode)?$/.test(flag)) data.push(value());
    else if (flag === "-G" || flag === "--get") asGet = true;
    else if (flag === "--url") url = value();
    else if (/^(?:-[oueAbm]|--(?:output|user|user-agent|cookie|max-time|connect-timeout))$/.test(flag)) value();
    else if (!word.startsWith("-") && url === "") url = word;
  }
  const body = data.join("&");
  if (asGet && body !== "") url += (url.includes("?") ? "&" : "?") + body;
  if (!asGet && body !== "" && !headers.has("content-type")) headers.set("content-type", "application/x-www-form-urlencoded");
  return toRequest({ method: method ?? (body === "" || asGet ? "GET" : "POST"), url, headers, body: asGet ? "" : body });
}

function toRequest({ method, url, headers, body }) {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers.get("content-type") ?? "") && method.toUpperCase() === "POST";
  const credential = /^\s*jwt\s+(\S+)/i.exec(headers.get("authorization") ?? "")?.[1];
  const parameter = /[?&]jwt=([^&#]*)/.exec(url)?.[1] ?? (isForm ? /(?:^|&)jwt=([^&]*)/.exec(body)?.[1] : undefined);
  return { method, url, token: credential ?? parameter ?? "", form: isForm ? body : "" };
}

function splitHeader(line) {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

/** Words as a shell splits them, as far as copied commands need it. */
function splitShell(text) {
  const words = [];
  for (const [, word] of text.matchAll(/((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+)/gs)) words.push(unquote(word));
  return words;
}

function unquote(word) {
  return word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs, (_, single, double, escaped) => single ?? escaped ?? double.replace(/\\(["\\$`])/g, "$1"));
}
