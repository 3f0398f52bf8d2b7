// The link that can be given away: the shape of a request, in the fragment, which browsers do not send. It holds neither
// token nor secret nor keys, no `jwt` parameter, no value of any parameter and no user name.

/** @returns the fragment, without `#` */
export function toShared({ mode, method, url, base, form, direction }) {
  const shared = new URLSearchParams({ mode, method });
  if (url !== "") shared.set("url", withoutValues(url));
  if (base !== "") shared.set("base", withoutTokens(withoutCredentials(base).replace(/[?#].*$/s, "")));
  if (form !== "") shared.set("form", namesOnly(form));
  if (direction !== "") shared.set("direction", direction);
  return String(shared);
}

/** What a link's fragment says; it is a stranger's, so only what is expected is taken. */
export function fromShared(fragment) {
  const shared = new URLSearchParams(fragment.replace(/^#/, ""));
  if (!shared.has("mode")) return undefined;
  const direction = shared.get("direction") ?? "";
  return {
    mode: shared.get("mode") === "sign" ? "sign" : "explain",
    method: (shared.get("method") ?? "GET").slice(0, 20),
    url: withoutValues(shared.get("url") ?? ""),
    base: withoutCredentials(shared.get("base") ?? "").replace(/[?#].*$/s, ""),
    form: namesOnly(shared.get("form") ?? ""),
    direction: ["inbound", "outbound"].includes(direction) ? direction : "",
  };
}

/** The URL with every value gone, and the token's parameter with its name. */
export function withoutValues(url) {
  const target = withoutTokens(withoutCredentials(url).replace(/#.*$/s, ""));
  const mark = target.indexOf("?");
  const path = (mark < 0 ? target : target.slice(0, mark)).replace(/(;[^=/]*=)[^;/]*/g, "$1");
  const names = mark < 0 ? "" : namesOnly(target.slice(mark + 1));
  return path + (names === "" ? "" : `?${names}`);
}

function namesOnly(query) {
  return withoutTokens(query)
    .split("&")
    .filter((chunk) => chunk !== "" && !/^(?:j|%6a|%4a)(?:w|%77|%57)(?:t|%74|%54)(?:=|$)/i.test(chunk))
    .map((chunk) => chunk.replace(/=.*$/s, "="))
    // Without an equals sign it may be a value that stands alone, or a token that was pasted there.
    .map((chunk) => (chunk.length > 100 ? "…=" : chunk))
    .join("&");
}

/** Whatever looks like a token, wherever it stands. */
function withoutTokens(text) {
  return text.replace(/eyJ[\w-]{5,}(?:\.[\w-]*)*/g, "…");
}

function withoutCredentials(url) {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, "$1");
}
