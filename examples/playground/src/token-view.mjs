// What a token holds, with its times as people read them.
import { card, h } from "./dom.mjs";
import { ago, dated, lasting } from "./times.mjs";

const MEANINGS = {
  iss: "who issued it",
  sub: "the user it acts for",
  aud: "whom it is for",
  exp: "expires",
  iat: "was issued",
  nbf: "is good from",
  qsh: "the hash of its request",
  context: "where in the product",
  jti: "its own id",
  alg: "how it is signed",
  typ: "what it is",
  kid: "which key",
};

const KINDS = {
  request: "request token",
  context: "context token",
  session: "session token",
  lifecycle: "lifecycle token",
  forge: "Forge invocation token",
  unknown: "token",
};

export function tokenCard(token, { header, claims, times, kind }, now) {
  if (header === undefined || claims === undefined) return undefined;
  const [first = "", second = "", third = ""] = token.split(".");
  const lifetime = times.lifetime === undefined ? "" : `, good for ${lasting(times.lifetime)}`;
  return card(
    "Token",
    h("p", { class: "kind" }, h("strong", null, KINDS[kind]), lifetime),
    h("pre", { class: "code wrap token", tabindex: "0", "aria-label": "The token in its three parts" }, h("span", { class: "seg-header" }, first), ".", h("span", { class: "seg-payload" }, second), ".", h("span", { class: "seg-signature" }, third)),
    memberTable("Header", header, now),
    memberTable("Claims", claims, now),
  );
}

function memberTable(title, members, now) {
  const rows = Object.entries(members).map(([name, value]) => {
    const isTime = ["iat", "exp", "nbf"].includes(name) && typeof value === "number";
    const shown = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    return h(
      "tr",
      null,
      h("th", { scope: "row" }, h("code", null, name), MEANINGS[name] === undefined ? null : h("small", null, MEANINGS[name])),
      h("td", null, h("code", null, shown), isTime ? h("small", null, `${dated(value)}, ${ago(value - now)}`) : null),
    );
  });
  return h("table", { class: "members" }, h("caption", null, title), h("tbody", null, ...rows));
}
